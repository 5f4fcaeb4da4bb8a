package aika.sinks.analytics;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.sinks.Names;
import aika.sinks.Progress;
import aika.sinks.Sink;
import aika.sinks.SinkException;
import aika.sinks.Source;
import aika.sinks.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tables for questions, in DuckDB or PostgreSQL. It follows approved leaves only; a chain's
 * position is a row that is written in the same transaction as what its leaves tell, so a crash
 * leaves either both or none. Specified in docs/spec/analytics.md.
 */
public final class AnalyticsSink implements Sink {
  /** Leaves of one step. */
  static final long STEP_LEAVES_MAX = 50_000;

  /** A step ends with the leaf that brings it here; a settlement tells up to 250 events. */
  static final long STEP_EVENTS_MAX = 50_000;

  /** How long a step may take to end when the sink is closed. */
  private static final long CLOSE_SECONDS_MAX = 3;

  private final Engine engine;
  private final Source source;
  private final Names names;
  private final ZoneId zone;
  private final long stepLeavesMax;
  private final AnalyticsReader reader;

  /** Held by whoever uses the writer. */
  private final ReentrantLock using = new ReentrantLock();

  private final Map<ChainId, Long> positions = new HashMap<>();
  private final Set<ChainId> checked = new HashSet<>();
  private volatile @Nullable Connection writer;
  private volatile boolean closed;

  /** Days are those of the machine's time zone. */
  public AnalyticsSink(AnalyticsSettings settings, Source source, Names names) {
    this(settings, source, names, ZoneId.systemDefault());
  }

  /**
   * @param zone whose days and hours the tables have; with another one than before they are made
   *     anew
   */
  public AnalyticsSink(AnalyticsSettings settings, Source source, Names names, ZoneId zone) {
    this(settings, source, names, zone, STEP_LEAVES_MAX);
  }

  AnalyticsSink(
      AnalyticsSettings settings, Source source, Names names, ZoneId zone, long stepLeavesMax) {
    this.stepLeavesMax = stepLeavesMax;
    this.engine = Engine.of(settings);
    this.source = source;
    this.names = names;
    this.zone = zone;
    this.reader = new AnalyticsReader(engine, false);
  }

  @Override
  public String name() {
    return "analytics";
  }

  @Override
  public List<ChainId> chains() {
    return source.chains();
  }

  /** Answers questions while this sink writes; closed with it. */
  public AnalyticsReader reader() {
    return reader;
  }

  /** Whose days and hours the tables have. */
  public ZoneId zone() {
    return zone;
  }

  @Override
  public void open() {
    using.lock();
    try {
      if (closed) {
        throw new SinkException(SinkException.Kind.FAILED, "analytics is closed", null);
      }
      disconnect();
      engine.open();
      Connection opened = engine.writer();
      writer = opened;
      new Schema(engine, opened, zone).ensure();
      new People(engine, opened, names).refresh();
      loadPositions(opened);
    } catch (SQLException failed) {
      throw failed(failed);
    } finally {
      using.unlock();
    }
  }

  private void loadPositions(Connection opened) throws SQLException {
    positions.clear();
    checked.clear();
    for (ChainId chain : source.chains()) {
      positions.put(chain, Position.of(opened, chain).leaves());
    }
    opened.commit();
  }

  @Override
  public Progress progress(ChainId chain) {
    using.lock();
    try {
      long leaves = Position.of(writer(), chain).leaves();
      writer().commit();
      return new Progress(leaves, leaves);
    } catch (SQLException failed) {
      throw failed(failed);
    } finally {
      using.unlock();
    }
  }

  @Override
  public Progress goal(ChainId chain) {
    long approved = source.approvedSize(chain);
    return new Progress(approved, approved);
  }

  @Override
  public Progress advance(ChainId chain) {
    using.lock();
    try {
      Connection to = writer();
      long from = positions.getOrDefault(chain, 0L);
      long goal = source.approvedSize(chain);
      if (from >= goal) {
        return new Progress(from, from);
      }
      checkHead(to, chain, from);
      long next = step(to, chain, from, Math.min(goal, from + stepLeavesMax));
      return new Progress(next, next);
    } catch (SQLException failed) {
      throw failed(failed);
    } catch (RuntimeException failed) {
      disconnectQuietly();
      throw failed;
    } finally {
      using.unlock();
    }
  }

  private long step(Connection to, ChainId chain, long from, long limit) throws SQLException {
    try (Batch batch = engine.batch(to)) {
      Anchors anchors = Anchors.of(to, chain, from, limit);
      Facts facts = new Facts(source, chain, new Calendar(zone), anchors, batch);
      long next = facts.read(from, limit, STEP_EVENTS_MAX);
      batch.flush();
      new Merge(to, chain, from, next).run(batch);
      String head = source.entry(chain, next - 1).hash().base64();
      Position.move(to, chain, from, new Position(next, head));
      to.commit();
      positions.put(chain, next);
      new People(engine, to, names).add(facts.opened());
      return next;
    }
  }

  /** The tables must be those of this very chain. [ANA-6] */
  private void checkHead(Connection to, ChainId chain, long from) throws SQLException {
    if (from == 0 || !checked.add(chain)) {
      return;
    }
    Position stored = Position.of(to, chain);
    if (!source.entry(chain, stored.leaves() - 1).hash().base64().equals(stored.head())) {
      throw new SinkException(
          SinkException.Kind.TAMPERED,
          "the tables follow another %s than this node: leaf %d differs; rebuild them"
              .formatted(chain, stored.leaves() - 1),
          null);
    }
  }

  @Override
  public List<Path> setAside(SinkException failed) {
    using.lock();
    try {
      disconnectQuietly();
      return closed ? List.of() : engine.setAside(failed);
    } finally {
      using.unlock();
    }
  }

  @Override
  public void rebuild() {
    using.lock();
    try {
      new Schema(engine, writer(), zone).remake();
      new People(engine, writer(), names).refresh();
      loadPositions(writer());
    } catch (SQLException failed) {
      throw failed(failed);
    } finally {
      using.unlock();
    }
  }

  @Override
  public Verification verify(Verification.Watcher watcher) {
    try (Connection snapshot = engine.reader(Duration.ZERO)) {
      return new Comparison(source, zone, snapshot, watcher).run();
    } catch (SQLException failed) {
      throw engine.failure(failed);
    }
  }

  @Override
  public void forget(AccountId account) {
    using.lock();
    try {
      new People(engine, writer(), names).forget(account);
    } catch (SQLException failed) {
      throw failed(failed);
    } finally {
      using.unlock();
    }
  }

  private Connection writer() {
    Connection opened = writer;
    if (opened == null) {
      throw new SinkException(SinkException.Kind.UNREACHABLE, "analytics is not open", null);
    }
    return opened;
  }

  /** After a failure nothing is known about the connection: the next {@link #open} makes one. */
  private SinkException failed(SQLException failed) {
    disconnectQuietly();
    return engine.failure(failed);
  }

  private void disconnectQuietly() {
    try {
      disconnect();
    } catch (SQLException alsoFailed) {
      // The connection is gone; its transaction is rolled back by the database.
      writer = null;
    }
  }

  private void disconnect() throws SQLException {
    Connection opened = writer;
    writer = null;
    if (opened != null) {
      try (opened) {
        opened.rollback();
      }
    }
  }

  /** Waits for the step that is being written, unless the server is silent. */
  @Override
  public void close() {
    closed = true;
    Connection opened = writer;
    boolean locked = false;
    try {
      locked = using.tryLock(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
      if (!locked && opened != null) {
        engine.abort(opened);
      }
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    } catch (SQLException failed) {
      throw engine.failure(failed);
    }
    if (!locked) {
      using.lock();
    }
    try {
      disconnectQuietly();
      reader.close();
      engine.close();
    } finally {
      using.unlock();
    }
  }

  /**
   * How far the tables are on a chain.
   *
   * @param head hash of the last leaf, base64
   */
  record Position(long leaves, String head) {
    static Position of(Connection connection, ChainId chain) throws SQLException {
      try (PreparedStatement query =
          connection.prepareStatement("SELECT leaves, head FROM progress WHERE chain = ?")) {
        query.setString(1, chain.value());
        try (ResultSet rows = query.executeQuery()) {
          return rows.next()
              ? new Position(rows.getLong(1), rows.getString(2))
              : new Position(0, "");
        }
      }
    }

    /** Refuses when somebody else moved it meanwhile. [ANA-5] */
    static void move(Connection connection, ChainId chain, long from, Position to)
        throws SQLException {
      String sql =
          from == 0
              ? "INSERT INTO progress (leaves, head, chain) VALUES (?, ?, ?)"
              : "UPDATE progress SET leaves = ?, head = ? WHERE chain = ? AND leaves = ?";
      try (PreparedStatement move = connection.prepareStatement(sql)) {
        move.setLong(1, to.leaves);
        move.setString(2, to.head);
        move.setString(3, chain.value());
        if (from > 0) {
          move.setLong(4, from);
        }
        if (move.executeUpdate() != 1) {
          throw new SinkException(
              SinkException.Kind.FAILED,
              "somebody else writes %s into the same tables".formatted(chain),
              null);
        }
      }
    }
  }
}
