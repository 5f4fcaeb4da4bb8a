package aika.node.config;

import aika.core.ledger.Directory;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of a federation file: of the right type, named for their place, none used twice
 * (FED-8 to FED-10). For a template, which has none, a {@link KeyMaker} makes them.
 */
final class KeyReader {
  private static final String ISSUER = "issuer";
  private static final String REGISTRAR = "registrar";
  static final int ISSUERS_MIN = 2;
  static final int ISSUERS_MAX = 15;
  static final int REGISTRARS_MIN = 1;
  static final int REGISTRARS_MAX = 15;

  /** {@code log} is taken: its private key has a file of that name. */
  static final Pattern LABEL = Pattern.compile("(?!log$)[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?");

  private final String federation;
  private final @Nullable KeyMaker maker;
  private final Map<String, Integer> lineByPublicKey = new HashMap<>();
  private final Set<ChainId> misnamed = new HashSet<>();
  private final Map<String, Integer> lineByName = new HashMap<>();

  /**
   * @param federation the federation's id; empty when the file does not say it well, so that names
   *     of keys cannot be checked
   */
  KeyReader(String federation, @Nullable KeyMaker maker) {
    this.federation = federation;
    this.maker = maker;
  }

  /**
   * Leaves the names of this chain's keys alone: the chain's own name is at fault already, and
   * would be told once more with every key.
   */
  void ignoreNames(ChainId chain) {
    misnamed.add(chain);
  }

  private boolean namesMatter(ChainId chain) {
    return !federation.isEmpty() && !misnamed.contains(chain);
  }

  @Nullable VerifierKey root(YamlSection top) {
    if (maker != null) {
      return maker.key("root", KeyType.ED25519, federation);
    }
    return top.required(
        "root", cell -> key(cell, KeyType.ED25519, federation.isEmpty() ? null : federation));
  }

  /** To be read before the chain's other keys, whose names follow from this one's. */
  @Nullable VerifierKey log(YamlSection section, ChainId chain) {
    if (maker != null) {
      return madeLog(maker, chain);
    }
    String origin = Federation.origin(federation, chain);
    String expected = namesMatter(chain) ? origin : null;
    VerifierKey log = section.required("log", cell -> key(cell, KeyType.ED25519, expected));
    if (log != null && !log.name().equals(origin)) {
      ignoreNames(chain);
    }
    return log;
  }

  List<VerifierKey> issuers(YamlSection section, ChainId chain) {
    return maker != null
        ? made(maker, chain, ISSUER, ISSUERS_MIN)
        : named(section, "issuers", chain, ISSUERS_MIN, ISSUERS_MAX);
  }

  List<VerifierKey> registrars(YamlSection section, ChainId chain) {
    return maker != null
        ? made(maker, chain, REGISTRAR, REGISTRARS_MIN)
        : named(section, "registrars", chain, REGISTRARS_MIN, REGISTRARS_MAX);
  }

  /** With the keys that a municipality of a template gets. */
  static Municipality made(Federation federation, Joining joining, KeyMaker maker) {
    KeyReader keys = new KeyReader(federation.id(), maker);
    ChainId id = joining.id();
    return new Municipality(
        id,
        joining.name(),
        joining.http(),
        OptionalInt.of(joining.node()),
        OptionalInt.empty(),
        keys.made(maker, id, ISSUER, ISSUERS_MIN),
        keys.made(maker, id, REGISTRAR, REGISTRARS_MIN),
        keys.madeLog(maker, id),
        keys.madeSeats(maker, id, federation.term().seats()),
        joining.recovery());
  }

  private VerifierKey madeLog(KeyMaker keyMaker, ChainId chain) {
    return keyMaker.key(chain + "/log", KeyType.ED25519, Federation.origin(federation, chain));
  }

  private List<Seat> madeSeats(KeyMaker keyMaker, ChainId chain, int seats) {
    String origin = Federation.origin(federation, chain);
    List<Seat> made = new ArrayList<>();
    for (int i = 1; i <= seats; i++) {
      String name = "seat-" + i;
      VerifierKey key = keyMaker.key(chain + "/" + name, KeyType.ML_DSA_44, origin + '/' + name);
      made.add(new Seat(name, key));
    }
    return made;
  }

  List<Seat> seats(YamlSection section, ChainId chain, int seats) {
    if (maker != null) {
      return madeSeats(maker, chain, seats);
    }
    String origin = Federation.origin(federation, chain);
    List<Seat> found = new ArrayList<>();
    YamlCell cell = section.required("representatives");
    YamlSection rows = cell == null ? null : cell.section();
    if (cell == null || rows == null) {
      return found;
    }
    List<YamlCell> cells = rows.all();
    if (cells.size() != seats) {
      cell.fault(Fault.SEAT_COUNT, cells.size(), seats);
    }
    for (YamlCell row : cells) {
      if (!LABEL.matcher(row.name()).matches()) {
        row.fault(Fault.BAD_KEY_LABEL, YamlCell.shown(row.name()));
        continue;
      }
      String expected = namesMatter(chain) ? origin + '/' + row.name() : null;
      VerifierKey key = key(row, KeyType.ML_DSA_44, expected);
      if (key != null) {
        found.add(new Seat(row.name(), key));
      }
    }
    return found;
  }

  Optional<Directory.Quorum> recovery(YamlSection section, ChainId chain) {
    YamlCell cell = maker != null ? null : section.optional("recovery");
    YamlSection recovery = cell == null ? null : cell.section();
    if (cell == null || recovery == null) {
      return Optional.empty();
    }
    YamlCell threshold = recovery.required("threshold");
    Integer needed = threshold == null ? null : threshold.number(1, Directory.Quorum.KEYS_MAX);
    List<VerifierKey> keys = named(recovery, "keys", chain, 1, Directory.Quorum.KEYS_MAX);
    recovery.close();
    if (threshold == null || needed == null || keys.isEmpty()) {
      return Optional.empty();
    }
    if (needed > keys.size() || needed * 2 <= keys.size()) {
      threshold.fault(Fault.BAD_THRESHOLD, needed, keys.size());
      return Optional.empty();
    }
    return Optional.of(new Directory.Quorum(needed, keys));
  }

  private List<VerifierKey> made(KeyMaker keyMaker, ChainId chain, String role, int count) {
    List<VerifierKey> keys = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String name = role + '-' + i;
      keys.add(
          keyMaker.key(
              chain + "/" + name,
              KeyType.ED25519,
              Federation.origin(federation, chain) + '/' + name));
    }
    return keys;
  }

  /** A list of Ed25519 keys, each named {@code <origin>/<label>}. */
  private List<VerifierKey> named(
      YamlSection section, String list, ChainId chain, int min, int max) {
    List<VerifierKey> keys = new ArrayList<>();
    YamlCell cell = section.required(list);
    List<YamlCell> rows = cell == null ? null : cell.list();
    if (cell == null || rows == null) {
      return keys;
    }
    if (rows.size() < min || rows.size() > max) {
      cell.fault(Fault.KEY_COUNT, rows.size(), min, max);
    }
    String prefix = Federation.origin(federation, chain) + '/';
    for (YamlCell row : rows) {
      VerifierKey key = key(row, KeyType.ED25519, null);
      if (key == null) {
        continue;
      }
      boolean fits =
          key.name().startsWith(prefix)
              && LABEL.matcher(key.name().substring(prefix.length())).matches();
      if (!fits && namesMatter(chain)) {
        row.fault(Fault.KEY_NAME, key.name(), prefix + "…");
      }
      keys.add(key);
    }
    return keys;
  }

  private @Nullable VerifierKey key(YamlCell cell, KeyType type, @Nullable String name) {
    String text = cell.text();
    if (text == null) {
      return null;
    }
    VerifierKey key;
    try {
      key = VerifierKey.parse(text);
    } catch (MalformedException malformed) {
      cell.fault(Fault.BAD_VKEY, String.valueOf(malformed.getMessage()));
      return null;
    }
    if (key.type() != type.signatureType()) {
      cell.fault(Fault.KEY_TYPE, type, typeOf(key));
      return null;
    }
    byte[] publicKey = key.publicKey();
    if (publicKey.length != type.publicKeyBytes()) {
      cell.fault(
          Fault.BAD_VKEY,
          "%d bytes of key, %s has %d".formatted(publicKey.length, type, type.publicKeyBytes()));
      return null;
    }
    if (name != null && !key.name().equals(name)) {
      cell.fault(Fault.KEY_NAME, key.name(), name);
    }
    Integer earlier = lineByPublicKey.putIfAbsent(HexFormat.of().formatHex(publicKey), cell.line());
    if (earlier != null) {
      cell.fault(Fault.KEY_TWICE, earlier);
    }
    Integer namesake = lineByName.putIfAbsent(key.name(), cell.line());
    if (namesake != null && earlier == null) {
      cell.fault(Fault.KEY_NAME_TWICE, key.name(), namesake);
    }
    return key;
  }

  private static Object typeOf(VerifierKey key) {
    for (KeyType type : KeyType.values()) {
      if (type.signatureType() == key.type()) {
        return type;
      }
    }
    return String.format("0x%02x", key.type());
  }
}
