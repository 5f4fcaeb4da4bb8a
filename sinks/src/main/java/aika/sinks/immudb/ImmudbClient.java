package aika.sinks.immudb;

import aika.proto.immudb.EntriesSpec;
import aika.proto.immudb.EntryTypeAction;
import aika.proto.immudb.EntryTypeSpec;
import aika.proto.immudb.ImmuServiceGrpc.ImmuServiceBlockingStub;
import aika.proto.immudb.ImmutableState;
import aika.proto.immudb.KeyRequest;
import aika.proto.immudb.KeyValue;
import aika.proto.immudb.NamedParam;
import aika.proto.immudb.Row;
import aika.proto.immudb.SQLExecRequest;
import aika.proto.immudb.SQLQueryRequest;
import aika.proto.immudb.ScanRequest;
import aika.proto.immudb.SetRequest;
import aika.proto.immudb.VerifiableEntry;
import aika.proto.immudb.VerifiableGetRequest;
import aika.proto.immudb.VerifiableSetRequest;
import aika.proto.immudb.VerifiableTx;
import aika.proto.immudb.VerifiableTxRequest;
import aika.sinks.SinkException;
import aika.sinks.immudb.Answers.Stored;
import aika.sinks.immudb.Answers.Transaction;
import aika.sinks.immudb.Answers.Written;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database of an immudb server. Whatever it reads or writes is proved by the server and checked
 * here against the last state that was checked before, which is kept in a file; nothing is believed
 * [IMMU-20 ff.]. May be used by several threads; calls come one after the other.
 */
final class ImmudbClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ImmudbClient.class);

  private static final int SCAN_KEYS_MAX = 1_000;

  private static final EntriesSpec EVERYTHING = spec(EntryTypeAction.RAW_VALUE);
  private static final EntriesSpec NOTHING = spec(EntryTypeAction.EXCLUDE);

  private final ImmudbSettings settings;
  private final Database database;
  private final StateFile file;
  private final boolean keepsState;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Connection connection;
  private volatile boolean closed;
  private Answers answers;

  /** Null: nothing was ever checked. */
  private @Nullable State state;

  /**
   * @param keepsState whether the state file follows what is checked; a mere reader leaves it alone
   */
  ImmudbClient(ImmudbSettings settings, boolean keepsState) {
    this.settings = settings;
    this.keepsState = keepsState;
    database = new Database(settings);
    file = new StateFile(settings.state(), settings.database());
    answers = new Answers(settings.database(), null);
  }

  /**
   * Connects anew, makes the database if it is missing, and checks that it is what it was.
   *
   * @throws SinkException TAMPERED also when there was a database before and now there is none
   */
  void open() {
    lock.lock();
    try {
      disconnect();
      ServerKey key = settings.serverKey().map(ServerKey::read).orElse(null);
      answers = new Answers(settings.database(), key);
      state = file.read().orElse(null);
      connect();
      checkState();
    } finally {
      lock.unlock();
    }
  }

  private void connect() {
    Connection fresh = new Connection(settings);
    connection = fresh;
    if (closed) {
      fresh.close();
    }
    openSession(fresh);
  }

  private void openSession(Connection on) {
    if (database.enter(on)) {
      return;
    }
    if (wasThere()) {
      throw gone(null);
    }
    if (!keepsState) {
      throw new SinkException(
          SinkException.Kind.FAILED, "there is no database " + settings.database(), null);
    }
    database.make(on);
  }

  private boolean wasThere() {
    return state != null && state.transaction() > 0;
  }

  private SinkException gone(@Nullable Exception cause) {
    return new SinkException(
        SinkException.Kind.TAMPERED, "the database " + settings.database() + " is gone", cause);
  }

  private ImmutableState present(Connection on) {
    try {
      return database.state(on);
    } catch (SinkException failed) {
      throw wasThere() && Failures.databaseIsMissing(failed) ? gone(failed) : failed;
    }
  }

  /** A lost session is opened again, and the server checked again, before the call is repeated. */
  private <T> T call(Function<ImmuServiceBlockingStub, T> call) {
    Connection on = connection;
    if (on == null) {
      throw new SinkException(SinkException.Kind.UNREACHABLE, "immudb is not connected", null);
    }
    try {
      return on.call(call);
    } catch (SinkException failed) {
      if (!Failures.sessionIsLost(failed)) {
        throw failed;
      }
      LOG.info("{}: the session ended, opening another one", settings.name());
      openSession(on);
      checkState();
      return on.call(call);
    }
  }

  /** The server's present state must be ours, or provably come from ours. */
  private void checkState() {
    Connection on = connection;
    if (on == null) {
      return;
    }
    State present = answers.current(present(on));
    State known = state;
    if (known == null) {
      if (present.transaction() > 0) {
        LOG.warn(
            "{}: no state file {}; the server's state at transaction {} is believed as it is",
            settings.name(),
            settings.state(),
            present.transaction());
      }
      keep(present);
      return;
    }
    if (present.transaction() < known.transaction()) {
      throw Tampered.because(
          "the database "
              + settings.database()
              + " is at transaction "
              + present.transaction()
              + " but was at "
              + known.transaction());
    }
    if (present.transaction() == known.transaction() && !present.equals(known)) {
      throw Tampered.because(
          "transaction " + present.transaction() + " is not the one that it was");
    }
    if (present.transaction() > known.transaction()) {
      long newest = present.transaction();
      VerifiableTx answer = on.call(stub -> stub.verifiableTxById(request(newest, NOTHING)));
      keep(answers.state(known, present, answer));
    }
  }

  private VerifiableTxRequest request(long transaction, EntriesSpec spec) {
    return VerifiableTxRequest.newBuilder()
        .setTx(transaction)
        .setProveSinceTx(known().transaction())
        .setEntriesSpec(spec)
        .setKeepReferencesUnresolved(true)
        .build();
  }

  private State known() {
    if (state == null) {
      throw new SinkException(SinkException.Kind.UNREACHABLE, "immudb is not open", null);
    }
    return state;
  }

  /** The state that was checked last. */
  State state() {
    lock.lock();
    try {
      return known();
    } finally {
      lock.unlock();
    }
  }

  /** Looks whether the server is still what it was, and how far it is. */
  State refresh() {
    lock.lock();
    try {
      call(stub -> stub.keepAlive(Empty.getDefaultInstance()));
      checkState();
      return known();
    } finally {
      lock.unlock();
    }
  }

  /** Writes one transaction, which the server proves to hold just this. */
  Written write(List<Item> items) {
    lock.lock();
    try {
      SetRequest.Builder set = SetRequest.newBuilder().setNoWait(true);
      for (Item item : items) {
        set.addKVs(
            KeyValue.newBuilder()
                .setKey(ByteString.copyFromUtf8(item.key()))
                .setValue(ByteString.copyFrom(item.value())));
      }
      VerifiableTx answer =
          call(stub ->
              stub.verifiableSet(
                  VerifiableSetRequest.newBuilder()
                      .setSetRequest(set)
                      .setProveSinceTx(known().transaction())
                      .build()));
      return kept(answers.written(known(), items, answer));
    } finally {
      lock.unlock();
    }
  }

  /** A whole transaction with all values. */
  Transaction read(long id) {
    lock.lock();
    try {
      VerifiableTx answer = call(stub -> stub.verifiableTxById(request(id, EVERYTHING)));
      return kept(answers.transaction(known(), id, answer));
    } finally {
      lock.unlock();
    }
  }

  /** The newest value of a key; empty when the server says that there is none. */
  Optional<Stored> get(String key) {
    lock.lock();
    try {
      KeyRequest wanted = KeyRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
      VerifiableEntry answer =
          call(stub ->
              stub.verifiableGet(
                  VerifiableGetRequest.newBuilder()
                      .setKeyRequest(wanted)
                      .setProveSinceTx(known().transaction())
                      .build()));
      return Optional.of(kept(answers.stored(known(), key, answer)));
    } catch (SinkException failed) {
      if (Failures.keyIsMissing(failed)) {
        return Optional.empty();
      }
      throw failed;
    } finally {
      lock.unlock();
    }
  }

  private <T> T kept(Answers.Proved<T> proved) {
    if (!proved.newest().equals(state)) {
      keep(proved.newest());
    }
    return proved.value();
  }

  private void keep(State newest) {
    if (keepsState) {
      file.write(newest);
    }
    state = newest;
  }

  /**
   * Keys with this prefix, in order; the server may hide some.
   *
   * @param last only the last one
   */
  List<String> keys(String prefix, boolean last) {
    lock.lock();
    try {
      ScanRequest request =
          ScanRequest.newBuilder()
              .setPrefix(ByteString.copyFromUtf8(prefix))
              .setDesc(last)
              .setLimit(last ? 1 : SCAN_KEYS_MAX)
              .build();
      return call(stub -> stub.scan(request)).getEntriesList().stream()
          .map(entry -> entry.getKey().toStringUtf8())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Runs SQL statements that write; the server's answer is not proved. */
  void execute(String sql, List<NamedParam> params) {
    lock.lock();
    try {
      SQLExecRequest request = SQLExecRequest.newBuilder().setSql(sql).addAllParams(params).build();
      call(stub -> stub.sQLExec(request));
    } finally {
      lock.unlock();
    }
  }

  /** The rows of a query; not proved. */
  List<Row> query(String sql, List<NamedParam> params) {
    lock.lock();
    try {
      SQLQueryRequest request =
          SQLQueryRequest.newBuilder().setSql(sql).addAllParams(params).build();
      return call(stub -> stub.unarySQLQuery(request)).getRowsList();
    } finally {
      lock.unlock();
    }
  }

  /** Puts a damaged state file out of the way. */
  Optional<Path> setAside() {
    lock.lock();
    try {
      return file.setAside();
    } finally {
      lock.unlock();
    }
  }

  /** Deletes the database and what we know of it; {@link #open} makes it anew. */
  void drop() {
    lock.lock();
    try {
      disconnect();
      Connection on = new Connection(settings);
      connection = on;
      database.drop(on);
      file.delete();
      state = null;
      disconnect();
    } finally {
      lock.unlock();
    }
  }

  private void disconnect() {
    Connection old = connection;
    connection = null;
    if (old != null) {
      old.close();
    }
  }

  /** Also ends a call that another thread waits for. */
  @Override
  public void close() {
    closed = true;
    Connection old = connection;
    if (old != null) {
      old.close();
    }
  }

  private static EntriesSpec spec(EntryTypeAction action) {
    EntryTypeSpec same = EntryTypeSpec.newBuilder().setAction(action).build();
    return EntriesSpec.newBuilder()
        .setKvEntriesSpec(same)
        .setZEntriesSpec(same)
        .setSqlEntriesSpec(same)
        .build();
  }
}
