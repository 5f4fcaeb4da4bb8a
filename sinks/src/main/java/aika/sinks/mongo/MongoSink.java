package aika.sinks.mongo;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.sinks.Names;
import aika.sinks.Progress;
import aika.sinks.Sink;
import aika.sinks.SinkException;
import aika.sinks.Source;
import aika.sinks.Verification;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A document for each transfer in MongoDB, with its state as the chains tell it, and beside it
 * blocks, chains and, where the operator allows them, names. {@code docs/spec/mongodb.md} says what
 * is in them.
 */
public final class MongoSink implements Sink {
  private final MongoSettings settings;
  private final Source source;
  private final People people;
  private final Reading reading;
  private final Map<ChainId, Cursor> cursors = new ConcurrentHashMap<>();

  /** Why the database is not that of these chains; null while it is. */
  private volatile @Nullable SinkException foreign;

  private @Nullable Store store;
  private boolean closed;

  public MongoSink(MongoSettings settings, Source source, Names names) {
    this.settings = settings;
    this.source = source;
    this.reading = new Reading(source, settings.scope());
    this.people =
        new People(names, chain -> reading.isInScope(chain) && source.chains().contains(chain));
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<ChainId> chains() {
    return source.chains();
  }

  @Override
  public void open() {
    cursors.clear();
    people.clear();
    run(store -> {
      store.prepare();
      foreign = foreign(store);
      if (foreign == null) {
        cursors.putAll(store.readCursors(chains()));
        people.forgetErased(store);
      }
      return true;
    });
  }

  /** A database belongs to the chains whose first leaves it names [MONGO-16]. */
  private @Nullable SinkException foreign(Store there) {
    Map<String, String> known = there.readFirstLeaves();
    for (ChainId chain : chains()) {
      String first = source.entry(chain, 0).hash().base64();
      String found = known.get(chain.value());
      if (found == null) {
        there.claim(chain, first);
      } else if (!found.equals(first)) {
        return new SinkException(
            SinkException.Kind.TAMPERED, "the database holds another federation's " + chain, null);
      }
    }
    return null;
  }

  private void requireOwn() {
    SinkException found = foreign;
    if (found != null) {
      throw new SinkException(found.kind(), String.valueOf(found.getMessage()), found);
    }
  }

  @Override
  public Progress progress(ChainId chain) {
    requireOwn();
    return at(chain).progress();
  }

  private Cursor at(ChainId chain) {
    return cursors.getOrDefault(chain, Cursor.START);
  }

  @Override
  public Progress goal(ChainId chain) {
    long size = source.size(chain);
    return new Progress(size, Math.min(size, source.approvedSize(chain)));
  }

  @Override
  public Progress advance(ChainId chain) {
    Progress goal = goal(chain);
    Progress before = progress(chain);
    Cursor at = at(chain);
    Cursor last;
    // An anchor may list more than fits into one batch; then only what it listed so far moves.
    do {
      last = at;
      Batch batch = new Batch();
      Cursor next = reading.step(chain, at, goal, other -> at(other).leaves(), batch);
      if (!next.equals(at)) {
        run(store -> {
          store.write(batch, people.fresh(batch.people()));
          store.writeCursor(chain, next);
          return true;
        });
        cursors.put(chain, next);
        at = next;
      }
    } while (!at.equals(last) && at.progress().equals(before));
    return at.progress();
  }

  @Override
  public void forget(AccountId account) {
    requireOwn();
    people.forget(account);
    run(store -> {
      store.deleteNames(List.of(account.toString()));
      return true;
    });
  }

  @Override
  public void rebuild() {
    cursors.clear();
    people.clear();
    foreign = null;
    run(store -> {
      store.drop();
      return true;
    });
  }

  @Override
  public Verification verify(Verification.Watcher watcher) {
    requireOwn();
    return run(store -> new Comparison(store, source, reading, people, watcher).run());
  }

  private <T> T run(Function<Store, T> work) {
    Store connected = connect();
    try {
      return work.apply(connected);
    } catch (MongoInterruptedException interrupted) {
      throw new SinkException(SinkException.Kind.UNREACHABLE, "interrupted", interrupted);
    } catch (MongoException failed) {
      throw Failures.of(failed, connected.cluster());
    }
  }

  private synchronized Store connect() {
    if (closed) {
      throw new SinkException(SinkException.Kind.FAILED, name() + " is closed", null);
    }
    Store there = store;
    if (there == null) {
      there = store(settings);
      store = there;
    }
    return there;
  }

  /** Does not wait for the server. */
  static Store store(MongoSettings settings) {
    try {
      return new Store(settings.uri().value());
    } catch (IllegalArgumentException unreadable) {
      // The driver's message may quote a part of the URI, and so a password.
      throw new SinkException(
          SinkException.Kind.FAILED,
          "the connection string cannot be read; its form is"
              + " mongodb://USER:PASSWORD@HOST:PORT/DATABASE, and :/?#[]@% in a password are"
              + " written %3A and so on",
          null);
    } catch (IOException | GeneralSecurityException unusable) {
      throw new SinkException(
          SinkException.Kind.FAILED, "tlsCAFile cannot be used: " + unusable, unusable);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    Store there = store;
    if (there != null) {
      there.close();
      store = null;
    }
  }
}
