package aika.node.config;

import aika.core.money.ChainId;
import aika.sinks.Secret;
import aika.sinks.analytics.AnalyticsSettings;
import aika.sinks.immudb.ImmudbSettings;
import aika.sinks.mongo.MongoSettings;
import aika.sinks.webhook.WebhookSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of the operator's file of sinks ({@code docs/spec/sinks.md}). Goes on after a fault
 * and throws all of them together at the end.
 */
final class SinksReader {
  private static final String DEFAULT = "default";
  private static final int MONGO_PORT = 27_017;
  private static final int IMMUDB_PORT = 3_322;
  private static final Pattern MONGO_URI = Pattern.compile("mongodb(\\+srv)?://.+");
  private static final Pattern POSTGRESQL_URL = Pattern.compile("jdbc:postgresql:.+");
  private static final Pattern ADDRESS =
      Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::([1-9][0-9]{0,4}))?");

  /** What immudb takes for the name of a database. */
  private static final Pattern DATABASE = Pattern.compile("[a-z0-9_]{1,128}");

  private final Problems problems;
  private final Path data;
  private final Federation federation;
  private final SecretText secrets;

  private SinksReader(
      Path data,
      Federation federation,
      Function<String, @Nullable String> environment,
      Problems problems) {
    this.problems = problems;
    this.data = data;
    this.federation = federation;
    secrets = new SecretText(data, environment);
  }

  static SinksFile read(
      byte[] bytes,
      Path data,
      Federation federation,
      Function<String, @Nullable String> environment,
      Problems problems) {
    return new SinksReader(data, federation, environment, problems).file(bytes);
  }

  private SinksFile file(byte[] bytes) {
    YamlSection top =
        new YamlCell("", "", 1, YamlText.compose(bytes, problems), problems).section();
    if (top == null) {
      throw problems.exception();
    }
    List<SinksFile.Mongo> mongo = mongo(places(top.optional("mongo")));
    List<ImmudbSettings> immudb = immudb(places(top.optional("immudb")));
    YamlCell questions = top.optional("analytics");
    Optional<SinksFile.Analytics> analytics =
        Optional.ofNullable(questions == null ? null : analytics(questions));
    List<WebhookSettings> webhooks =
        new WebhookReader(data, federation, secrets).read(top.optional("webhooks"));
    top.close();
    problems.throwIfAny();
    return new SinksFile(mongo, immudb, analytics, webhooks);
  }

  /** An entry of {@code mongo} or {@code immudb} and the chains that it is for. */
  private record Place(YamlCell cell, Set<ChainId> chains) {
    /** For people: {@code mongo Asia}; the default's is the kind alone. */
    String name(String kind) {
      return cell.name().equals(DEFAULT) ? kind : kind + ' ' + cell.name();
    }
  }

  private List<Place> places(@Nullable YamlCell kind) {
    YamlSection section = kind == null ? null : kind.section();
    if (section == null) {
      return List.of();
    }
    List<YamlCell> cells = section.all();
    Set<String> named = new TreeSet<>(cells.stream().map(YamlCell::name).toList());
    List<Place> places = new ArrayList<>();
    for (YamlCell cell : cells) {
      Set<ChainId> chains = new TreeSet<>();
      if (cell.name().equals(DEFAULT)) {
        federation.continents().stream()
            .filter(one -> !named.contains(one.id().value()))
            .forEach(one -> addAll(chains, one));
      } else if (federation.continent(cell.name()).isPresent()) {
        addAll(chains, federation.continent(cell.name()).get());
      } else if (federation.municipality(cell.name()).isPresent()) {
        chains.add(federation.municipality(cell.name()).get().id());
      } else {
        cell.fault(Fault.UNKNOWN_PLACE, YamlCell.shown(cell.name()));
        continue;
      }
      places.add(new Place(cell, chains));
    }
    return places;
  }

  private void addAll(Set<ChainId> chains, Continent continent) {
    chains.add(continent.id());
    federation.municipalitiesOf(continent).forEach(one -> chains.add(one.id()));
  }

  /** A store and the chains of all entries that name it. */
  private record Store<T>(Place first, T settings, Set<ChainId> chains) {}

  private static <T> List<Store<T>> stores(
      List<Place> places, Function<Place, @Nullable T> read, Function<T, String> address) {
    Map<String, Store<T>> found = new LinkedHashMap<>();
    for (Place place : places) {
      T settings = read.apply(place);
      if (settings == null || place.chains.isEmpty()) {
        continue;
      }
      Store<T> one = new Store<>(place, settings, new TreeSet<>(place.chains));
      Store<T> same = found.putIfAbsent(address.apply(settings), one);
      if (same != null) {
        same.chains.addAll(place.chains);
        if (!same.settings.equals(settings)) {
          YamlCell first = same.first.cell;
          place.cell.fault(Fault.SAME_STORE, first.path(), first.line());
        }
      }
    }
    return List.copyOf(found.values());
  }

  private record MongoPlace(String uri, boolean names) {}

  private List<SinksFile.Mongo> mongo(List<Place> places) {
    List<SinksFile.Mongo> found = new ArrayList<>();
    for (Store<MongoPlace> store : stores(places, this::mongo, MongoPlace::uri)) {
      MongoSettings settings =
          new MongoSettings(
              store.first.name("mongo"), new Secret(store.settings.uri), List.copyOf(store.chains));
      found.add(new SinksFile.Mongo(settings, store.settings.names));
    }
    return found;
  }

  private @Nullable MongoPlace mongo(Place place) {
    YamlSection section = place.cell.section();
    if (section == null) {
      return null;
    }
    OptionalInt port = mongoPort(place.cell.name());
    YamlCell cell = port.isPresent() ? section.optional("uri") : section.required("uri");
    String uri =
        cell != null
            ? form(cell, secrets.ofAddress(cell), MONGO_URI, Fault.Shape.MONGO_URI)
            : port.isPresent() ? "mongodb://localhost:" + port.getAsInt() : null;
    boolean names = section.optional("names", false, YamlCell::truth);
    section.close();
    return uri == null ? null : new MongoPlace(uri, names);
  }

  /** Where MongoDB is expected when the entry does not say: on this machine. */
  private OptionalInt mongoPort(String name) {
    return name.equals(DEFAULT)
        ? OptionalInt.of(MONGO_PORT)
        : federation.chain(ChainId.of(name)).map(Chain::mongo).orElse(OptionalInt.empty());
  }

  private List<ImmudbSettings> immudb(List<Place> places) {
    List<ImmudbSettings> found = new ArrayList<>();
    for (Store<ImmudbSettings> store :
        stores(places, this::immudb, one -> server(one).toString())) {
      ImmudbSettings one = store.settings;
      String name = store.first.name("immudb");
      found.add(
          new ImmudbSettings(
              name,
              List.copyOf(store.chains),
              one.host(),
              one.port(),
              one.database(),
              one.user(),
              one.password(),
              one.tls(),
              one.serverKey(),
              data.resolve(SinksFile.DIRECTORY).resolve(server(one).file("immudb", ".state")),
              one.sqlTable()));
    }
    return found;
  }

  private static ServerName server(ImmudbSettings settings) {
    return ServerName.of(settings.host(), settings.port(), settings.database());
  }

  /** Without the name, the chains and the state, which are those of all its entries. */
  private @Nullable ImmudbSettings immudb(Place place) {
    YamlSection section = place.cell.section();
    if (section == null) {
      return null;
    }
    Matcher address = section.required("address", this::address);
    String database =
        section.optional(
            "database", "aika", cell -> form(cell, cell.text(), DATABASE, Fault.Shape.DATABASE));
    String user = section.required("user", secrets::of);
    String password = section.required("password", secrets::of);
    YamlCell tls = section.optional("tls");
    YamlCell serverKey = section.optional("server-key");
    boolean sql = section.optional("sql", false, YamlCell::truth);
    Optional<ImmudbSettings.Tls> encryption = Optional.ofNullable(tls == null ? null : tls(tls));
    Optional<Path> key =
        Optional.ofNullable(serverKey == null ? null : secrets.file(serverKey, false));
    section.close();
    if (address == null || user == null || password == null) {
      return null;
    }
    String port = address.group(2);
    return new ImmudbSettings(
        "",
        List.of(),
        address.group(1),
        port == null ? IMMUDB_PORT : Integer.parseInt(port),
        database,
        user,
        new Secret(password),
        encryption,
        key,
        data,
        sql);
  }

  private @Nullable Matcher address(YamlCell cell) {
    String text = secrets.of(cell);
    if (text == null) {
      return null;
    }
    Matcher found = ADDRESS.matcher(text);
    if (!found.matches()) {
      cell.fault(Fault.NOT_LIKE, Fault.Shape.ADDRESS);
      return null;
    }
    String port = found.group(2);
    if (port != null && Integer.parseInt(port) > Ports.MAX) {
      cell.fault(Fault.BAD_PORT, port);
      return null;
    }
    return found;
  }

  private ImmudbSettings.@Nullable Tls tls(YamlCell cell) {
    YamlSection section = cell.section();
    if (section == null) {
      return null;
    }
    Optional<Path> authorities = optionalFile(section, "authorities", false);
    Optional<Path> certificate = optionalFile(section, "certificate", false);
    Optional<Path> key = optionalFile(section, "key", true);
    boolean one = section.optional("certificate") != null;
    if (one != (section.optional("key") != null)) {
      cell.fault(Fault.MISSING_KEY, one ? "key" : "certificate");
    }
    section.close();
    return new ImmudbSettings.Tls(authorities, certificate, key);
  }

  private Optional<Path> optionalFile(YamlSection section, String key, boolean secret) {
    YamlCell cell = section.optional(key);
    return Optional.ofNullable(cell == null ? null : secrets.file(cell, secret));
  }

  private SinksFile.@Nullable Analytics analytics(YamlCell cell) {
    YamlSection section = cell.section();
    if (section == null) {
      return null;
    }
    YamlCell duckdb = section.optional("duckdb");
    YamlCell postgresql = section.optional("postgresql");
    boolean names = section.optional("names", false, YamlCell::truth);
    section.close();
    if ((duckdb == null) == (postgresql == null)) {
      cell.fault(Fault.EXACTLY_ONE, "duckdb, postgresql");
      return null;
    }
    AnalyticsSettings settings =
        duckdb != null ? duckDb(duckdb) : postgresql != null ? postgreSql(postgresql) : null;
    return settings == null ? null : new SinksFile.Analytics(settings, names);
  }

  private @Nullable AnalyticsSettings duckDb(YamlCell cell) {
    String file = cell.text();
    if (file == null) {
      return null;
    }
    try {
      return new AnalyticsSettings.DuckDb(data.resolve(file).normalize());
    } catch (InvalidPathException notOne) {
      cell.fault(Fault.UNREADABLE_FILE, cell.told(file), "InvalidPathException");
      return null;
    }
  }

  private @Nullable AnalyticsSettings postgreSql(YamlCell cell) {
    YamlSection section = cell.section();
    if (section == null) {
      return null;
    }
    String url =
        section.required(
            "url",
            one -> form(one, secrets.ofAddress(one), POSTGRESQL_URL, Fault.Shape.POSTGRESQL_URL));
    String user = section.required("user", secrets::of);
    String password = section.required("password", secrets::of);
    section.close();
    return url == null || user == null || password == null
        ? null
        : new AnalyticsSettings.PostgreSql(url, user, new Secret(password));
  }

  /** What is wrong with an address is not shown: it may hold a password. */
  private static @Nullable String form(
      YamlCell cell, @Nullable String text, Pattern pattern, Fault.Shape shape) {
    if (text == null || pattern.matcher(text).matches()) {
      return text;
    }
    cell.fault(Fault.NOT_LIKE, shape);
    return null;
  }
}
