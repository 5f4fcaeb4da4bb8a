package aika.sinks.immudb;

import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.proto.immudb.CreateDatabaseRequest;
import aika.proto.immudb.DatabaseNullableSettings;
import aika.proto.immudb.DeleteDatabaseRequest;
import aika.proto.immudb.EntriesSpec;
import aika.proto.immudb.Entry;
import aika.proto.immudb.EntryTypeAction;
import aika.proto.immudb.EntryTypeSpec;
import aika.proto.immudb.ImmuServiceGrpc.ImmuServiceBlockingStub;
import aika.proto.immudb.ImmutableState;
import aika.proto.immudb.InclusionProof;
import aika.proto.immudb.KVMetadata;
import aika.proto.immudb.KeyRequest;
import aika.proto.immudb.KeyValue;
import aika.proto.immudb.NamedParam;
import aika.proto.immudb.NullableMilliseconds;
import aika.proto.immudb.Row;
import aika.proto.immudb.SQLExecRequest;
import aika.proto.immudb.SQLQueryRequest;
import aika.proto.immudb.ScanRequest;
import aika.proto.immudb.SetRequest;
import aika.proto.immudb.TxEntry;
import aika.proto.immudb.TxHeader;
import aika.proto.immudb.UnloadDatabaseRequest;
import aika.proto.immudb.VerifiableEntry;
import aika.proto.immudb.VerifiableGetRequest;
import aika.proto.immudb.VerifiableSetRequest;
import aika.proto.immudb.VerifiableTx;
import aika.proto.immudb.VerifiableTxRequest;
import aika.sinks.SinkException;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** Always there; a session on it can make other databases. */
  private static final String FIRST_DATABASE = "defaultdb";

  private static final byte KEY = 0;
  private static final byte PLAIN_VALUE = 0;

  /** There is no other writer to wait for; what a commit returns is synced in any case. */
  private static final long SYNC_MILLIS = 1;

  private static final int SCAN_KEYS_MAX = 1_000;

  private static final EntriesSpec EVERYTHING = spec(EntryTypeAction.RAW_VALUE);
  private static final EntriesSpec NOTHING = spec(EntryTypeAction.EXCLUDE);

  private final ImmudbSettings settings;
  private final StateFile file;
  private final boolean keepsState;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Connection connection;
  private volatile boolean closed;
  private @Nullable ServerKey serverKey;
  private @Nullable State state;

  /** What a verified write or read tells about its transaction; {@code seconds} since 1970. */
  record Written(long transaction, long seconds) {}

  /** A key's newest value, and how often the key was written. */
  record Stored(Item item, long transaction, long seconds, long revision) {}

  /**
   * A whole transaction.
   *
   * @param odd keys that are not plainly set: deleted, expiring, not indexed or a reference
   */
  record Transaction(long id, long seconds, List<Item> items, List<String> odd) {}

  /**
   * @param keepsState whether the state file follows what is checked; a mere reader leaves it alone
   */
  ImmudbClient(ImmudbSettings settings, boolean keepsState) {
    this.settings = settings;
    this.keepsState = keepsState;
    file = new StateFile(settings.state(), settings.database());
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
      serverKey = settings.serverKey().map(ServerKey::read).orElse(null);
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
    try {
      login(on, settings.database());
      return;
    } catch (SinkException failed) {
      if (!Failures.databaseIsMissing(failed)) {
        throw failed;
      }
    }
    if (state != null) {
      throw gone();
    }
    if (!keepsState) {
      throw new SinkException(
          SinkException.Kind.FAILED, "there is no database " + settings.database(), null);
    }
    try {
      createDatabase(on);
      login(on, settings.database());
    } catch (SinkException failed) {
      throw notMade(failed);
    }
  }

  private SinkException notMade(SinkException failed) {
    String name = "the database " + settings.database();
    if (failed.kind() == SinkException.Kind.REFUSED) {
      return new SinkException(
          failed.kind(), name + " is missing and " + settings.user() + " may not make it", failed);
    }
    return failed;
  }

  private SinkException gone() {
    return Tampered.because("the database " + settings.database() + " is gone");
  }

  /** A server lets nobody use a deleted database, but keeps its name until it is started again. */
  private ImmutableState present(Connection on) {
    try {
      return on.call(stub -> stub.currentState(Empty.getDefaultInstance()));
    } catch (SinkException failed) {
      if (!Failures.databaseIsMissing(failed)) {
        throw failed;
      }
      throw state != null
          ? gone()
          : new SinkException(
              SinkException.Kind.FAILED,
              "the database "
                  + settings.database()
                  + " was deleted: restart immudb, then it is made again",
              failed);
    }
  }

  private void login(Connection on, String database) {
    on.openSession(settings.user(), settings.password().value(), database);
  }

  private void createDatabase(Connection on) {
    login(on, FIRST_DATABASE);
    CreateDatabaseRequest request =
        CreateDatabaseRequest.newBuilder()
            .setName(settings.database())
            .setIfNotExists(true)
            .setSettings(
                DatabaseNullableSettings.newBuilder()
                    .setSyncFrequency(NullableMilliseconds.newBuilder().setValue(SYNC_MILLIS)))
            .build();
    on.call(stub -> stub.createDatabaseV2(request));
    LOG.info("{}: made the database {}", settings.name(), settings.database());
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
    ImmutableState now = present(on);
    State present = new State(now.getTxId(), TxHash.hash(now.getTxHash()));
    if (serverKey != null) {
      serverKey.check(settings.database(), present, now.getSignature());
    }
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
      VerifiableTx answer = on.call(stub -> stub.verifiableTxById(request(present, NOTHING)));
      if (!proved(answer).equals(present)) {
        throw Tampered.because("the server's state is not its newest transaction's");
      }
    }
  }

  private VerifiableTxRequest request(State wanted, EntriesSpec spec) {
    return VerifiableTxRequest.newBuilder()
        .setTx(wanted.transaction())
        .setProveSinceTx(since())
        .setEntriesSpec(spec)
        .setKeepReferencesUnresolved(true)
        .build();
  }

  private long since() {
    return state == null ? 0 : state.transaction();
  }

  /** The state that was checked last. */
  State state() {
    lock.lock();
    try {
      if (state == null) {
        throw new IllegalStateException("not open");
      }
      return state;
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
      return state();
    } finally {
      lock.unlock();
    }
  }

  /** Writes one transaction, which the server proves to hold just this. */
  Written write(List<Item> items) {
    lock.lock();
    try {
      SetRequest.Builder set = SetRequest.newBuilder().setNoWait(true);
      List<Hash> digests = new ArrayList<>(items.size());
      for (Item item : items) {
        ByteString key = ByteString.copyFromUtf8(item.key());
        set.addKVs(KeyValue.newBuilder().setKey(key).setValue(ByteString.copyFrom(item.value())));
        digests.add(digest(item, KVMetadata.getDefaultInstance()));
      }
      VerifiableTx answer =
          call(stub ->
              stub.verifiableSet(
                  VerifiableSetRequest.newBuilder()
                      .setSetRequest(set)
                      .setProveSinceTx(since())
                      .build()));
      TxHeader header = answer.getTx().getHeader();
      checkEntries(header, digests);
      if (header.getId() <= since()) {
        throw Tampered.because("a new transaction has the old number " + header.getId());
      }
      proved(answer);
      return new Written(header.getId(), header.getTs());
    } finally {
      lock.unlock();
    }
  }

  /** A whole transaction with all values. */
  Transaction read(long id) {
    lock.lock();
    try {
      VerifiableTx answer =
          call(
              stub -> stub.verifiableTxById(request(new State(id, Merkle.EMPTY_ROOT), EVERYTHING)));
      TxHeader header = answer.getTx().getHeader();
      if (header.getId() != id) {
        throw Tampered.because("asked for transaction " + id + ", got " + header.getId());
      }
      List<Hash> digests = new ArrayList<>();
      List<Item> items = new ArrayList<>();
      List<String> odd = new ArrayList<>();
      for (TxEntry entry : answer.getTx().getEntriesList()) {
        byte[] key = entry.getKey().toByteArray();
        byte[] value = entry.getValue().toByteArray();
        digests.add(TxHash.entry(key, entry.getMetadata(), value));
        if (key.length > 0 && key[0] == KEY) {
          String name = new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
          boolean plain = value.length > 0 && value[0] == PLAIN_VALUE;
          if (plain && entry.getMetadata().equals(KVMetadata.getDefaultInstance())) {
            items.add(new Item(name, Arrays.copyOfRange(value, 1, value.length)));
          } else {
            odd.add(name);
          }
        }
      }
      checkEntries(header, digests);
      proved(answer);
      return new Transaction(id, header.getTs(), items, odd);
    } finally {
      lock.unlock();
    }
  }

  /** The newest value of a key; empty when the server says that there is none. */
  Optional<Stored> get(String key) {
    lock.lock();
    try {
      VerifiableEntry answer =
          call(stub ->
              stub.verifiableGet(
                  VerifiableGetRequest.newBuilder()
                      .setKeyRequest(KeyRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)))
                      .setProveSinceTx(since())
                      .build()));
      return Optional.of(stored(key, answer));
    } catch (SinkException failed) {
      if (Failures.keyIsMissing(failed)) {
        return Optional.empty();
      }
      throw failed;
    } finally {
      lock.unlock();
    }
  }

  private Stored stored(String key, VerifiableEntry answer) {
    Entry entry = answer.getEntry();
    TxHeader header = answer.getVerifiableTx().getTx().getHeader();
    Item item = new Item(key, entry.getValue().toByteArray());
    InclusionProof proof = answer.getInclusionProof();
    List<Hash> path = new ArrayList<>();
    for (ByteString term : proof.getTermsList()) {
      path.add(TxHash.hash(term));
    }
    boolean included =
        !entry.hasReferencedBy()
            && entry.getTx() == header.getId()
            && entry.getKey().equals(ByteString.copyFromUtf8(key))
            && Proofs.verifyInclusion(
                Merkle.leafHash(digest(item, entry.getMetadata()).bytes()),
                proof.getLeaf(),
                header.getNentries(),
                path,
                TxHash.hash(header.getEH()));
    if (!included) {
      throw Tampered.because("the server's proof for " + key + " is wrong");
    }
    proved(answer.getVerifiableTx());
    return new Stored(item, header.getId(), header.getTs(), entry.getRevision());
  }

  private static Hash digest(Item item, KVMetadata metadata) {
    byte[] key = behind(KEY, item.key().getBytes(StandardCharsets.UTF_8));
    return TxHash.entry(key, metadata, behind(PLAIN_VALUE, item.value()));
  }

  private static byte[] behind(byte kind, byte[] bytes) {
    byte[] out = new byte[1 + bytes.length];
    out[0] = kind;
    System.arraycopy(bytes, 0, out, 1, bytes.length);
    return out;
  }

  private static void checkEntries(TxHeader header, List<Hash> digests) {
    if (header.getNentries() != digests.size()
        || !TxHash.root(digests).equals(TxHash.hash(header.getEH()))) {
      throw Tampered.because(
          "transaction " + header.getId() + " does not hold what its header says");
    }
  }

  /** Checks the proof from our state to this transaction, or back; the transaction's state. */
  private State proved(VerifiableTx answer) {
    State known = state;
    State there = TxHash.state(answer.getTx().getHeader());
    State newest = there;
    if (known != null && known.transaction() > 0) {
      boolean later = there.transaction() >= known.transaction();
      newest = later ? there : known;
      StateProof.check(answer.getDualProof(), later ? known : there, newest);
    }
    if (serverKey != null) {
      serverKey.check(settings.database(), newest, answer.getSignature());
    }
    if (!newest.equals(known)) {
      keep(newest);
    }
    return there;
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

  /** Deletes the database and what we know of it; {@link #open} makes it anew. */
  void drop() {
    lock.lock();
    try {
      disconnect();
      Connection on = new Connection(settings);
      connection = on;
      dropDatabase(on);
      file.delete();
      state = null;
      disconnect();
    } finally {
      lock.unlock();
    }
  }

  private void dropDatabase(Connection on) {
    long transactions;
    try {
      login(on, settings.database());
      transactions = on.call(stub -> stub.currentState(Empty.getDefaultInstance())).getTxId();
    } catch (SinkException failed) {
      if (Failures.databaseIsMissing(failed)) {
        return;
      }
      throw failed;
    }
    if (transactions == 0) {
      return;
    }
    String name = settings.database();
    on.call(
        stub -> stub.unloadDatabase(UnloadDatabaseRequest.newBuilder().setDatabase(name).build()));
    on.call(
        stub -> stub.deleteDatabase(DeleteDatabaseRequest.newBuilder().setDatabase(name).build()));
    LOG.info("{}: deleted the database {}", settings.name(), name);
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
