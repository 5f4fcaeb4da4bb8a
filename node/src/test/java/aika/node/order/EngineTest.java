package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.ledger.Wire;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.transfer.Authorization;
import aika.node.TestFederation;
import aika.node.TestFederation.Person;
import aika.node.store.ByteKey;
import aika.node.store.ChainLog;
import aika.node.store.Database;
import aika.node.store.ShardStore;
import aika.node.store.StoreException;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.LRUCache;

/** Execution without the replicated log: what is ordered is a list here. */
class EngineTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final ChainId KANAZAWA = TestFederation.KANAZAWA;
  private static final List<ChainId> CHAINS = List.of(TestFederation.ASIA, KOMATSU, KANAZAWA);

  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final Authorization authorization =
      new Authorization(federation.directory, new Ed25519(100));
  private final List<byte[]> log = new ArrayList<>();

  private Engine engine(ShardStore store) {
    return new Engine(store, federation.directory, CHAINS, (chain, head, sealed) -> {});
  }

  private ShardStore store(long flushBytes) {
    return ShardStore.open(data, new StoreSettings(1 << 20, 1 << 20, 10, 10_000, flushBytes));
  }

  /** Orders an action, executes it and returns the answer. */
  private Answer order(Engine engine, ChainId chain, Action action) {
    byte[] item = OrderedEntry.encodeItem(new OrderedEntry.Item(chain, action));
    byte[] entry =
        OrderedEntry.encode(log.size(), System.currentTimeMillis(), List.of(item), item.length);
    log.add(entry);
    return OrderedEntry.readAnswer(new Wire.Reader(engine.apply(log.size() - 1L, entry)));
  }

  private Answer submit(Engine engine, ShardStore store, SignedOrder order) {
    return submit(engine, store, order, null);
  }

  private Answer submit(
      Engine engine, ShardStore store, SignedOrder order, Action.@Nullable Citation citation) {
    ChainId chain = order.order().chain();
    Row.Account account = store.log(chain).get(new Key.OfAccount(order.order().account()));
    Authorization.Verdict.Valid valid =
        assertInstanceOf(Authorization.Verdict.Valid.class, authorization.check(order, account));
    return order(engine, chain, new Action.Submit(order, valid.key(), 1, citation));
  }

  @Test
  void replayAfterACrashGivesTheSameRoots() {
    Random random = new Random(7);
    System.out.println("seed 7");
    List<Hash> roots = new ArrayList<>();
    Person a = federation.person(KOMATSU, "aaaa");
    Person b = federation.person(KANAZAWA, "bbbb");
    try (ShardStore store = store(20_000)) { // some of it gets written, some of it does not
      Engine engine = engine(store);
      CHAINS.forEach(
          chain -> order(engine, chain, new Action.Genesis(federation.directory.fileHash())));
      submit(engine, store, federation.open(a));
      submit(engine, store, federation.open(b));
      submit(engine, store, federation.issue(a, "1000.00"));
      for (int i = 0; i < 90; i++) {
        submit(engine, store, federation.send(a, b, "1.00"));
        if (random.nextInt(5) == 0) {
          Row.Head head = store.log(KOMATSU).get(new Key.OfHead());
          assertNotNull(head);
          order(engine, KOMATSU, new Action.Seal(head.height() + 1));
        }
      }
      CHAINS.forEach(chain -> roots.add(root(store.log(chain))));
      assertTrue(store.appliedIndex() == log.size() - 1L);
    }
    for (int crash = 0; crash < 3; crash++) {
      try (ShardStore store = store(Long.MAX_VALUE)) {
        Engine engine = engine(store);
        long from = engine.appliedIndex() + 1;
        assertTrue(from > 0 && from < log.size(), "replayed from " + from);
        for (long i = from; i < log.size(); i++) {
          engine.apply(i, log.get((int) i));
        }
        List<Hash> again = new ArrayList<>();
        CHAINS.forEach(chain -> again.add(root(store.log(chain))));
        assertEquals(roots, again);
      }
    }
  }

  private static Hash root(ChainLog chain) {
    return Proofs.root(chain.size(), chain);
  }

  @Test
  void rowsFromDiskAreThoseThatWereExecuted() {
    Person a = federation.person(KOMATSU, "aaaa");
    Person c = federation.person(KOMATSU, "cccc");
    List<Key<?>> keys = new ArrayList<>();
    List<Row> executed = new ArrayList<>();
    try (ShardStore store = store(Long.MAX_VALUE)) {
      Engine engine = engine(store);
      CHAINS.forEach(
          chain -> order(engine, chain, new Action.Genesis(federation.directory.fileHash())));
      submit(engine, store, federation.open(a));
      submit(engine, store, federation.open(c));
      submit(engine, store, federation.issue(a, "10.00"));
      for (int i = 0; i < 3; i++) { // settled, refunded, held
        SignedOrder send = federation.send(a, c, "1.00");
        long index = accepted(submit(engine, store, send));
        TransferId transfer = new TransferId(KOMATSU, index);
        keys.add(new Key.OfHold(index));
        keys.add(new Key.OfOrder(a.account(), send.order().header().id()));
        if (i < 2) {
          Order decide = new Order.Decide(federation.header(), c.account(), transfer, i == 0);
          Action.Citation own = new Action.Citation(index, 0, null);
          long decided = accepted(submit(engine, store, c.sign(decide), own));
          List<Action.Item> items = List.of(new Action.Item(index, decided, null));
          accepted(order(engine, KOMATSU, new Action.Settle(KOMATSU, 0, items)));
          keys.add(new Key.OfOutcome(transfer));
          keys.add(new Key.OfOrder(c.account(), decide.header().id()));
        }
      }
      keys.forEach(key -> executed.add(row(store, key)));
      store.checkpoint().join();
    }
    try (ShardStore store = store(Long.MAX_VALUE)) {
      for (int i = 0; i < keys.size(); i++) {
        assertEquals(executed.get(i), row(store, keys.get(i)));
      }
      List<Row.Hold.Status> holds =
          executed.stream()
              .filter(Row.Hold.class::isInstance)
              .map(row -> ((Row.Hold) row).status())
              .toList();
      assertEquals(
          List.of(Row.Hold.Status.SETTLED, Row.Hold.Status.REFUNDED, Row.Hold.Status.HELD), holds);
    }
  }

  private static long accepted(Answer answer) {
    return assertInstanceOf(Answer.Accepted.class, answer, answer::toString).index();
  }

  private static Row row(ShardStore store, Key<?> key) {
    Row row = store.log(KOMATSU).get(key);
    assertNotNull(row, key::toString);
    return row;
  }

  @Test
  void aStoreOfAnotherVersionIsNotRead() {
    try (ShardStore store = store(Long.MAX_VALUE)) {
      Engine engine = engine(store);
      order(engine, KOMATSU, new Action.Genesis(federation.directory.fileHash()));
      store.checkpoint().join();
    }
    LRUCache cache = Database.cache(1 << 20);
    List<String> families = List.of("rows", "leaves", "tiles", "seals", "meta");
    try (Database database = Database.open(data, families, cache, 1 << 20)) {
      byte[] first = new Wire(4).i32(1).toBytes();
      database.batch().put("meta", ByteKey.text("format"), first).writeSynced();
    }
    StoreException refused =
        assertThrows(StoreException.class, () -> store(Long.MAX_VALUE).close());
    assertTrue(String.valueOf(refused.getMessage()).contains("another version"));
    cache.close();
  }

  @Test
  void aBrokenChainHaltsAndTheOthersGoOn() {
    try (ShardStore store = store(Long.MAX_VALUE)) {
      Engine engine = engine(store);
      CHAINS.forEach(
          chain -> order(engine, chain, new Action.Genesis(federation.directory.fileHash())));
      Person a = federation.person(KOMATSU, "aaaa");
      Person b = federation.person(KANAZAWA, "bbbb");
      submit(engine, store, federation.open(a));
      submit(engine, store, federation.open(b));
      submit(engine, store, federation.issue(a, "10.00"));
      long size = store.log(KOMATSU).size();
      // a row that no execution wrote: the sender has more than the chain has issued
      store.write(
          KOMATSU,
          List.of(
              new Row.Account(
                  a.account(), a.signer().publicKey(), Money.ofMinor(Long.MAX_VALUE), 0)));

      SignedOrder issue = federation.issue(a, "10.00");
      assertRefused(Reason.CHAIN_HALTED, submit(engine, store, issue));
      assertTrue(engine.halted(KOMATSU));
      assertEquals(size, store.log(KOMATSU).size());
      assertRefused(Reason.CHAIN_HALTED, submit(engine, store, federation.send(a, b, "1.00")));

      assertFalse(engine.halted(KANAZAWA));
      assertInstanceOf(Answer.Accepted.class, submit(engine, store, federation.issue(b, "5.00")));
      store.checkpoint().join();
    }
    try (ShardStore store = store(Long.MAX_VALUE)) {
      Engine again = engine(store);
      assertTrue(again.halted(KOMATSU), "a restart does not set a halted chain going");
      assertFalse(again.halted(KANAZAWA));
    }
  }

  @Test
  void theSameOrderIsExecutedOnce() {
    try (ShardStore store = store(Long.MAX_VALUE)) {
      Engine engine = engine(store);
      CHAINS.forEach(
          chain -> order(engine, chain, new Action.Genesis(federation.directory.fileHash())));
      Person a = federation.person(KOMATSU, "aaaa");
      submit(engine, store, federation.open(a));
      SignedOrder issue = federation.issue(a, "10.00");
      Answer.Accepted first = assertInstanceOf(Answer.Accepted.class, submit(engine, store, issue));
      assertEquals(new Answer.Repeated(first.index()), submit(engine, store, issue));
      assertRefused(
          Reason.UNKNOWN_CHAIN,
          order(
              engine,
              ChainId.of("Asia-Nowhere"),
              new Action.Genesis(federation.directory.fileHash())));
      assertRefused(
          Reason.CHAIN_STARTED,
          order(engine, KOMATSU, new Action.Genesis(federation.directory.fileHash())));
      assertRefused(Reason.SEAL_STALE, order(engine, KOMATSU, new Action.Seal(7)));
    }
  }

  private static void assertRefused(Reason reason, Answer answer) {
    Answer.Refused refused = assertInstanceOf(Answer.Refused.class, answer, answer::toString);
    assertEquals(reason, refused.refusal().reason());
  }
}
