package aika.node.config;

import aika.core.ledger.Directory;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of the federation file ({@code docs/spec/federation-file.md}). Goes on after a fault
 * and throws all of them together at the end.
 */
final class FederationReader {
  static final Pattern FEDERATION_ID = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?");

  private final Problems problems;
  private final YamlSection top;
  private final @Nullable KeyMaker maker;
  private final Ports ports = new Ports();

  /** Directories are named after chains, and some file systems ignore case (FED-5). */
  private final Map<String, YamlCell> chainByLowerCase = new HashMap<>();

  private FederationReader(String file, byte[] bytes, @Nullable KeyMaker maker) {
    this.problems = new Problems(FederationException.FEDERATION_FILE, file);
    this.maker = maker;
    YamlSection root =
        new YamlCell("", "", 1, YamlText.compose(bytes, problems), problems).section();
    if (root == null) {
      throw problems.exception();
    }
    this.top = root;
  }

  /**
   * @param file the file's name for messages
   * @param maker makes the keys for a template, which has none; null for a complete file
   * @throws FederationException naming every fault
   */
  static Federation read(String file, byte[] bytes, @Nullable KeyMaker maker) {
    return new FederationReader(file, bytes, maker).federation();
  }

  private Federation federation() {
    String id = top.required("federation", FederationReader::federationId);
    if (id == null && maker != null) {
      throw problems.exception(); // no names to make keys for
    }
    KeyReader keys = new KeyReader(id == null ? "" : id, maker);
    VerifierKey root = keys.root(top);
    List<Hash> earlierFiles = earlierFiles();
    BlockRule block = top.optional("block", BlockRule.STANDARD, SettingsReader::block);
    Limits limits =
        top.optional("limits", Limits.STANDARD, cell -> SettingsReader.limits(cell, block));
    Term term = top.required("term", SettingsReader::term);
    int seats = term == null ? Term.SEATS.getFirst() : term.seats();
    List<Continent> continents = continents(keys, seats);
    List<Municipality> municipalities = municipalities(keys, seats, continents);
    top.close();
    problems.throwIfAny();
    if (id == null || root == null || term == null) {
      throw new IllegalStateException("a value lacks, but no fault was told");
    }
    return new Federation(id, root, earlierFiles, block, limits, term, continents, municipalities);
  }

  private List<Hash> earlierFiles() {
    List<Hash> earlier = new ArrayList<>();
    YamlCell list = maker != null ? null : top.optional("earlier-files");
    List<YamlCell> rows = list == null ? null : list.list();
    if (rows == null) {
      return earlier;
    }
    for (YamlCell row : rows) {
      String text = row.text();
      try {
        if (text != null) {
          earlier.add(Hash.parse(text));
        }
      } catch (MalformedException malformed) {
        row.fault(Fault.NOT_LIKE, Fault.Shape.SHA_256);
      }
    }
    return earlier;
  }

  private static @Nullable String federationId(YamlCell cell) {
    String id = cell.text();
    if (id != null && !FEDERATION_ID.matcher(id).matches()) {
      cell.fault(Fault.BAD_FEDERATION_ID, YamlCell.shown(id));
      return null;
    }
    return id;
  }

  private List<Continent> continents(KeyReader keys, int seats) {
    List<Continent> continents = new ArrayList<>();
    YamlCell cell = top.required("continents");
    YamlSection section = cell == null ? null : cell.section();
    if (cell == null || section == null) {
      return continents;
    }
    int defaults = 0;
    for (YamlCell one : section.all()) {
      Continent continent = continent(one, keys, seats);
      if (continent != null) {
        continents.add(continent);
        defaults += continent.isDefault() ? 1 : 0;
      }
    }
    if (defaults != 1 && continents.size() == section.all().size()) {
      cell.fault(Fault.DEFAULT_CONTINENT, defaults);
    }
    return continents;
  }

  private @Nullable Continent continent(YamlCell cell, KeyReader keys, int seats) {
    ChainId id = chainId(cell, false);
    YamlSection section = cell.section();
    if (id == null || section == null) {
      return null;
    }
    DisplayName name = section.required("name", FederationReader::displayName);
    Integer http = section.required("http", this::port);
    OptionalInt node = optionalPort(section, "node");
    OptionalInt mongo = optionalPort(section, "mongo");
    boolean isDefault = section.optional("default", false, YamlCell::truth);
    VerifierKey log = keys.log(section, id);
    List<Seat> representatives = keys.seats(section, id, seats);
    Optional<Directory.Quorum> recovery = keys.recovery(section, id);
    section.close();
    // A continent with a fault inside still exists for its municipalities; the file is refused
    // in the end anyway.
    return new Continent(
        id,
        name == null ? new DisplayName("?", "?") : name,
        http == null ? Ports.MAX : http,
        node,
        mongo,
        isDefault,
        log == null ? NO_KEY : log,
        representatives,
        recovery);
  }

  /** Stands where a key had a fault, until the file is refused. */
  private static final VerifierKey NO_KEY = new VerifierKey("none", 0xff, new byte[1]);

  private List<Municipality> municipalities(KeyReader keys, int seats, List<Continent> continents) {
    List<Municipality> municipalities = new ArrayList<>();
    YamlCell cell = top.required("municipalities");
    YamlSection section = cell == null ? null : cell.section();
    if (cell == null || section == null) {
      return municipalities;
    }
    for (YamlCell one : section.all()) {
      Municipality municipality = municipality(one, keys, seats, continents);
      if (municipality != null) {
        municipalities.add(municipality);
      }
    }
    continents.stream()
        .filter(Continent::isDefault)
        .map(Continent::id)
        .forEach(id -> {
          long count =
              municipalities.stream().filter(one -> one.id().continent().equals(id)).count();
          if (count != 1 && municipalities.size() == section.all().size()) {
            cell.fault(Fault.DEFAULT_MUNICIPALITY, id, count);
          }
        });
    return municipalities;
  }

  private @Nullable Municipality municipality(
      YamlCell cell, KeyReader keys, int seats, List<Continent> continents) {
    ChainId id = chainId(cell, true);
    YamlSection section = cell.section();
    if (id == null || section == null) {
      return null;
    }
    ChainId prefix = id.continent();
    if (continents.stream().noneMatch(one -> one.id().equals(prefix))) {
      cell.fault(Fault.UNKNOWN_CONTINENT, prefix, id);
      keys.ignoreNames(id);
    }
    VerifierKey log = keys.log(section, id);
    YamlCell continent = section.optional("continent");
    String said = continent == null ? null : continent.text();
    if (continent != null && said != null && !said.equals(prefix.value())) {
      continent.fault(Fault.CONTINENT_CONTRADICTS, YamlCell.shown(said), id, prefix);
    }
    DisplayName name = section.required("name", FederationReader::displayName);
    Integer http = section.required("http", this::port);
    Integer node = section.required("node", this::port);
    OptionalInt mongo = optionalPort(section, "mongo");
    List<VerifierKey> issuers = keys.issuers(section, id);
    List<VerifierKey> registrars = keys.registrars(section, id);
    List<Seat> representatives = keys.seats(section, id, seats);
    Optional<Directory.Quorum> recovery = keys.recovery(section, id);
    section.close();
    return new Municipality(
        id,
        name == null ? new DisplayName("?", "?") : name,
        http == null ? Ports.MAX : http,
        node == null ? OptionalInt.empty() : OptionalInt.of(node),
        mongo,
        issuers,
        registrars,
        log == null ? NO_KEY : log,
        representatives,
        recovery);
  }

  private @Nullable ChainId chainId(YamlCell cell, boolean municipal) {
    Fault.Shape shape = municipal ? Fault.Shape.MUNICIPALITY : Fault.Shape.CONTINENT;
    try {
      ChainId id = ChainId.of(cell.name());
      if (id.municipal() == municipal) {
        YamlCell like = chainByLowerCase.putIfAbsent(cell.name().toLowerCase(Locale.ROOT), cell);
        if (like != null && !like.name().equals(cell.name())) {
          cell.fault(Fault.CASE_TWICE, like.name(), like.line());
        }
        return id;
      }
    } catch (MalformedException malformed) {
      // Told below in the same words as the other kind.
    }
    cell.fault(Fault.BAD_CHAIN_ID, YamlCell.shown(cell.name()), shape);
    return null;
  }

  private static @Nullable DisplayName displayName(YamlCell cell) {
    YamlSection section = cell.section();
    if (section == null) {
      return null;
    }
    String ja = section.required("ja", FederationReader::shownName);
    String en = section.required("en", FederationReader::shownName);
    section.close();
    return ja == null || en == null ? null : new DisplayName(ja, en);
  }

  private static @Nullable String shownName(YamlCell cell) {
    String text = cell.text();
    if (text == null) {
      return null;
    }
    if (text.isBlank()
        || text.length() > DisplayName.CHARS_MAX
        || text.chars().anyMatch(Character::isISOControl)) {
      cell.fault(Fault.BAD_DISPLAY_NAME, DisplayName.CHARS_MAX);
      return null;
    }
    return text;
  }

  private OptionalInt optionalPort(YamlSection section, String key) {
    YamlCell cell = section.optional(key);
    Integer port = cell == null ? null : port(cell);
    return port == null ? OptionalInt.empty() : OptionalInt.of(port);
  }

  private @Nullable Integer port(YamlCell cell) {
    Long port = cell.number();
    if (port == null) {
      return null;
    }
    if (port < Ports.MIN || port > Ports.MAX) {
      cell.fault(Fault.BAD_PORT, port);
      return null;
    }
    int found = port.intValue();
    ports
        .claim(found, cell.path(), cell.line())
        .ifPresent(first -> cell.fault(Fault.PORT_TWICE, found, first.key(), first.line()));
    return found;
  }
}
