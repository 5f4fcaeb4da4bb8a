package aika.bench;

import aika.core.follow.Event;
import aika.core.money.ChainId;
import aika.node.config.SinksFile;
import aika.node.sink.NodeSource;
import aika.node.sink.Sinks;
import aika.node.sink.Stores;
import aika.sinks.Names;
import aika.sinks.Sink;
import aika.sinks.SinkException;
import aika.sinks.SinkStatus;
import aika.sinks.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Lets one store follow a log that is there, as a node would: its part of {@code sinks.yaml}, read
 * and wired by the node's own code. Afterwards everything is compared with the log and dropped.
 */
final class MeasuredStore {
  private static final String USER = "AIKA_IMMUDB_USER";
  private static final String PASSWORD = "AIKA_IMMUDB_PASSWORD";
  private static final long POLL_MILLIS = 10;

  /** Comparing may take so much longer than following, at most. */
  private static final long COMPARING_FACTOR = 2;

  private final Kind kind;
  private final BenchNode node;
  private final NodeSource source;
  private final SinksFile file;
  private final Progress progress;

  /** What is measured, and what it holds. */
  enum Kind {
    ANALYTICS("rows"),
    MONGODB("documents"),
    IMMUDB("entries");

    private final String unit;

    Kind(String unit) {
      this.unit = unit;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The comparison takes too long. */
  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param data of the whole bench
   * @throws aika.node.config.FederationException when the store's address cannot be read
   */
  MeasuredStore(
      Kind kind,
      BenchNode node,
      NodeSource source,
      SinkSettings settings,
      Path data,
      Progress progress) {
    this.kind = kind;
    this.node = node;
    this.source = source;
    this.progress = progress;
    Path home = data.resolve("sink-" + kind.text());
    try {
      Files.createDirectories(home);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    SinksFile.write(home, yaml(kind, settings));
    file = SinksFile.read(home, node.federation(), settings.environment());
  }

  /** The store's part of {@code sinks.yaml}, with a database of this run's own. */
  private static String yaml(Kind kind, SinkSettings settings) {
    String database = "aika_bench_" + UUID.randomUUID().toString().substring(0, 8);
    return switch (kind) {
      case ANALYTICS -> "analytics: { duckdb: analytics.duckdb }\n";
      case MONGODB ->
          "mongo:\n  default:\n    uri: "
              + quoted(withDatabase(String.valueOf(settings.mongodb()), database))
              + "\n";
      case IMMUDB ->
          "immudb:\n  default:\n    address: "
              + quoted(String.valueOf(settings.immudb()))
              + "\n    database: "
              + database
              + "\n    user: "
              + given(settings, USER)
              + "\n    password: "
              + given(settings, PASSWORD)
              + "\n";
    };
  }

  /** As the environment says, or as immudb comes. */
  private static String given(SinkSettings settings, String name) {
    return settings.environment().apply(name) == null ? "immudb" : quoted("${" + name + "}");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /**
   * @throws BenchException when the address names a database: the bench drops what it wrote
   */
  static String withDatabase(String uri, String database) {
    int options = uri.indexOf('?');
    String place = options < 0 ? uri : uri.substring(0, options);
    String rest = options < 0 ? "" : uri.substring(options);
    int slash = place.indexOf('/', place.indexOf("://") + 3);
    if (slash >= 0 && slash < place.length() - 1) {
      throw new BenchException("name no database: the bench makes one of its own and drops it");
    }
    // Beside a database's name it would be taken for where the user is known.
    boolean user = place.contains("@") && !rest.contains("authSource=");
    String source = user ? (rest.isEmpty() ? "?" : "&") + "authSource=admin" : "";
    return (slash < 0 ? place : place.substring(0, slash)) + '/' + database + rest + source;
  }

  Followed measure(int seconds) {
    long total = node.shard().chains().stream().mapToLong(chain -> chain.size()).sum();
    progress.phase(kind.text() + " follows", total);
    Sinks sinks = new Sinks(node.shard().changes(), List.of(make()), System::currentTimeMillis);
    SinkThread before = SinkThread.now();
    SinkThread after;
    SinkStatus status;
    try {
      sinks.start();
      status = follow(sinks, seconds);
      after = SinkThread.now();
    } finally {
      sinks.close();
    }
    boolean whole = done(status);
    // What it was writing when its time was over counts, and so does that time.
    long end = whole ? after.at() : System.nanoTime();
    status = whole ? status : sinks.statuses().getFirst();
    String failure = whole ? null : status.failure();
    SinkStatus reached = status;
    long leaves = source.chains().stream().mapToLong(chain -> leaves(reached, chain)).sum();
    if (leaves == 0) {
      String why = failure == null ? "nothing was written in " + seconds + " s" : failure;
      return Followed.failed(kind.text(), kind.unit, why);
    }
    double nanos = after.at() - before.at();
    long comparing = System.nanoTime();
    long compared = compareAndDrop(COMPARING_FACTOR * seconds);
    double comparedSeconds = (System.nanoTime() - comparing) / 1e9;
    return new Followed(
        kind.text(),
        kind.unit,
        whole,
        leaves,
        count(reached, event -> event instanceof Event.Ended),
        compared > 0 ? compared : counted(reached),
        compared > 0,
        (end - before.at()) / 1e9,
        (after.worked() - before.worked()) / nanos,
        (after.queued() - before.queued()) / nanos,
        (after.process() - before.process()) / 1e9,
        comparedSeconds,
        failure);
  }

  private Sink make() {
    return new Stores(System::currentTimeMillis).make(file, source, Names.NONE).getFirst();
  }

  private SinkStatus follow(Sinks sinks, int seconds) {
    long deadline = System.nanoTime() + seconds * 1_000_000_000L;
    SinkStatus status = sinks.statuses().getFirst();
    while (!done(status) && System.nanoTime() < deadline && !refused(status)) {
      sleep();
      status = sinks.statuses().getFirst();
      SinkStatus at = status;
      progress.at(source.chains().stream().mapToLong(chain -> leaves(at, chain)).sum());
    }
    return status;
  }

  private static void sleep() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", stop);
    }
  }

  private static boolean done(SinkStatus status) {
    return status.state() == SinkStatus.State.FOLLOWING && status.lag() == 0;
  }

  /** Waiting cannot help. */
  private static boolean refused(SinkStatus status) {
    SinkException.Kind why = status.kind();
    return why == SinkException.Kind.REFUSED || why == SinkException.Kind.TAMPERED;
  }

  private static long leaves(SinkStatus status, ChainId chain) {
    SinkStatus.Position position = status.chains().get(chain);
    return position == null ? 0 : position.at().leaves();
  }

  /** What the log says that the store holds by now, without looking: 0 where it does not say. */
  private long counted(SinkStatus status) {
    return kind == Kind.MONGODB // a document for each transfer and each block
        ? count(status, event -> event instanceof Event.Sent || event instanceof Event.Sealed)
        : 0;
  }

  /** Such events among the leaves that are in the store. */
  private long count(SinkStatus status, Predicate<Event> wanted) {
    long count = 0;
    for (ChainId chain : source.chains()) {
      long leaves = leaves(status, chain);
      for (long index = 0; index < leaves; index++) {
        count += Event.of(chain, source.entry(chain, index)).stream().filter(wanted).count();
      }
    }
    return count;
  }

  /**
   * @return how many things were compared, 0 when it took longer than this
   * @throws BenchException when one differs
   */
  private long compareAndDrop(long seconds) {
    progress.phase(kind.text() + " is compared with the log", 1);
    long deadline = System.nanoTime() + seconds * 1_000_000_000L;
    try (Sink sink = make()) {
      sink.open();
      try {
        Verification found =
            sink.verify((done, total) -> {
              if (System.nanoTime() > deadline) {
                throw new TooLong();
              }
            });
        if (!found.isClean()) {
          throw new BenchException(kind.text() + " differs from the log: " + found.examples());
        }
        return found.compared();
      } catch (TooLong late) {
        return 0;
      } finally {
        sink.rebuild(); // drops what it wrote
      }
    }
  }
}
