package aika.node.wallet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.node.store.SideStore;
import aika.node.wallet.RepeatGuard.Claim;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepeatGuardTest {
  private static final long START = 1_790_000_000_000L;
  private static final AccountId A = AccountId.of("Asia-Komatsu/k3v9q2mw");
  private static final AccountId B = AccountId.of("Asia-Komatsu/p8d1x7aa");
  private static final Hash BODY = CanonicalBody.hash(Map.of("receiver", "B", "amount", 200));
  private static final Hash OTHER = CanonicalBody.hash(Map.of("receiver", "B", "amount", 201));
  private static final OrderId ID = OrderId.of("019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10");

  @TempDir Path data;

  private final AtomicLong clock = new AtomicLong(START);
  private final AtomicInteger made = new AtomicInteger();
  private SideStore store;
  private CounterWallet wallet;
  private RepeatGuard guard;

  @BeforeEach
  void open() {
    store = SideStore.open(data.resolve("wallet"));
    wallet =
        CounterWallet.unlock(
            store, WalletLock.keyFile(data.resolve("wallet.key")), new SecureRandom());
    wallet.open(A);
    wallet.open(B);
    guard = new RepeatGuard(store, clock::get);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void anOrderThatTheChainWouldForgetTooEarlyIsRefused() {
    Supplier<SignedOrder> early = () -> order(A, newId(), RepeatGuard.WINDOW_MILLIS);
    assertThrows(IllegalArgumentException.class, () -> guard.claim(A, BODY, false, early));
    Supplier<SignedOrder> others = () -> order(B, newId(), 120_000);
    assertThrows(IllegalArgumentException.class, () -> guard.claim(A, BODY, false, others));
    Supplier<SignedOrder> otherId = () -> order(A, newId(), 120_000);
    assertThrows(IllegalArgumentException.class, () -> guard.claim(A, ID, BODY, otherId));
    assertFalse(claim(A, BODY).repeat(), "a refused order leaves nothing behind");
  }

  @Test
  void whenNoOrderCanBeMadeNothingIsKept() {
    Supplier<SignedOrder> failing =
        () -> {
          throw new WalletException("no key");
        };
    assertThrows(WalletException.class, () -> guard.claim(A, BODY, false, failing));
    assertFalse(claim(A, BODY).repeat());
  }

  @Test
  void anIdenticalBodyGetsTheFirstOrderUpToTheWindowsEnd() {
    Claim.Granted first = claim(A, BODY);
    assertFalse(first.repeat());
    clock.set(START + RepeatGuard.WINDOW_MILLIS);
    Claim.Granted repeat = claim(A, BODY);
    assertTrue(repeat.repeat());
    assertArrayEquals(first.order().bytes(), repeat.order().bytes());
    assertEquals(1, made.get());

    clock.incrementAndGet();
    Claim.Granted next = claim(A, BODY);
    assertFalse(next.repeat());
    assertNotEquals(first.order().order().header().id(), next.order().order().header().id());
  }

  @Test
  void aRepeatDoesNotMakeTheWindowLonger() {
    claim(A, BODY);
    clock.addAndGet(50_000);
    assertTrue(claim(A, BODY).repeat());
    clock.addAndGet(10_001);
    assertFalse(claim(A, BODY).repeat());
  }

  @Test
  void anotherBodyOrAccountIsAnotherRequest() {
    claim(A, BODY);
    assertFalse(claim(A, OTHER).repeat());
    assertFalse(claim(B, BODY).repeat());
  }

  @Test
  void againMeansAnotherPayment() {
    Claim.Granted first = claim(A, BODY);
    Claim.Granted again = guard.claim(A, BODY, true, () -> order(A, newId(), 120_000));
    assertFalse(again.repeat());
    assertNotEquals(first.order().content(), again.order().content());
    Claim.Granted repeat = claim(A, BODY);
    assertTrue(repeat.repeat());
    assertArrayEquals(again.order().bytes(), repeat.order().bytes(), "the latest one");
  }

  @Test
  void theFirstOrderSurvivesARestart() {
    Claim.Granted first = claim(A, BODY);
    reopen();
    Claim.Granted repeat = claim(A, BODY);
    assertTrue(repeat.repeat());
    assertArrayEquals(first.order().bytes(), repeat.order().bytes());
    assertEquals(1, made.get());
  }

  @Test
  void aClockThatWentBackDoesNotPayTwice() {
    claim(A, BODY);
    clock.set(START - 3_600_000);
    assertTrue(claim(A, BODY).repeat());
    assertFalse(guard.claim(A, BODY, true, () -> order(A, newId(), 120_000)).repeat());
  }

  @Test
  void aRequestWithAnIdIsTheFirstOfThatId() {
    Claim.Granted first = granted(claim(A, ID, BODY));
    assertFalse(first.repeat());
    clock.addAndGet(RepeatGuard.NAMED_MILLIS);
    reopen();
    Claim.Granted repeat = granted(claim(A, ID, BODY));
    assertTrue(repeat.repeat());
    assertArrayEquals(first.order().bytes(), repeat.order().bytes());

    Claim.Refused refused = assertInstanceOf(Claim.Refused.class, claim(A, ID, OTHER));
    assertEquals(Reason.ID_REUSED, refused.refusal().reason());
    assertFalse(granted(claim(B, ID, OTHER)).repeat(), "ids are an account's own");
    assertFalse(claim(A, BODY).repeat(), "without the id it is a request of its own");

    clock.incrementAndGet();
    assertFalse(granted(claim(A, ID, BODY)).repeat());
  }

  @Test
  void theIdThatWasGivenIsAnIdLikeAnyOther() {
    Claim.Granted first = claim(A, BODY);
    OrderId id = first.order().order().header().id();
    clock.addAndGet(RepeatGuard.WINDOW_MILLIS + 1);
    Claim.Granted repeat = granted(claim(A, id, BODY));
    assertTrue(repeat.repeat());
    assertArrayEquals(first.order().bytes(), repeat.order().bytes());
  }

  @Test
  void whatExpiredIsRemoved() {
    for (int i = 0; i < 600; i++) {
      claim(A, CanonicalBody.hash(Map.of("n", i)));
    }
    clock.addAndGet(RepeatGuard.WINDOW_MILLIS);
    guard.prune();
    assertEquals(600, rows("b/"));
    clock.incrementAndGet();
    guard.prune();
    assertEquals(0, rows("b/"));
    assertEquals(600, rows("i/"));
    assertEquals(600, rows("e/"));
    clock.addAndGet(RepeatGuard.NAMED_MILLIS);
    reopen();
    guard.prune();
    assertEquals(0, rows("i/"));
    assertEquals(0, rows("e/"));
  }

  @Test
  void requestsHaveRemovedWhatExpiredBeforeThem() throws InterruptedException {
    claim(A, BODY);
    clock.addAndGet(RepeatGuard.WINDOW_MILLIS + 1);
    long deadline = System.currentTimeMillis() + 10_000;
    do { // one that is removing already began before it expired
      assertTrue(System.currentTimeMillis() < deadline, "it is not removed");
      clock.addAndGet(1_001);
      claim(B, OTHER);
      Thread.sleep(10);
    } while (rows("b/") != 1);
  }

  /** Among several peers each change waits for another machine. */
  @Test
  void manyExpiredRowsAreOneChange() {
    for (int i = 0; i < 100; i++) {
      claim(i % 2 == 0 ? A : B, CanonicalBody.hash(Map.of("n", i)));
    }
    clock.addAndGet(RepeatGuard.WINDOW_MILLIS + 1);
    AtomicInteger changes = new AtomicInteger();
    store.orderBy((term, change) -> {
      changes.incrementAndGet();
      store.take(change);
    });
    reopenedGuard();
    assertEquals(0, changes.get());
    guard.prune();
    assertEquals(1, changes.get());
    assertEquals(0, rows("b/"));
  }

  private void reopenedGuard() {
    guard = new RepeatGuard(store, clock::get);
  }

  @Test
  void aRowThatWasWrittenAgainIsNotRemovedWithItsFirst() {
    claim(A, BODY);
    clock.addAndGet(30_000);
    guard.claim(A, BODY, true, () -> order(A, newId(), 120_000));
    clock.addAndGet(30_001);
    guard.prune();
    assertTrue(claim(A, BODY).repeat());
  }

  @Test
  void ofManyAtOnceOneIsFirst() throws InterruptedException {
    Set<OrderId> ids = ConcurrentHashMap.newKeySet();
    AtomicInteger first = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        var _ =
            threads.submit(() -> {
              Claim.Granted granted = claim(A, BODY);
              ids.add(granted.order().order().header().id());
              first.addAndGet(granted.repeat() ? 0 : 1);
            });
      }
    }
    assertEquals(1, ids.size());
    assertEquals(1, first.get());
  }

  private Claim.Granted claim(AccountId account, Hash body) {
    return guard.claim(account, body, false, () -> order(account, newId(), 120_000));
  }

  private Claim claim(AccountId account, OrderId id, Hash body) {
    return guard.claim(account, id, body, () -> order(account, id, 120_000));
  }

  private static Claim.Granted granted(Claim claim) {
    return assertInstanceOf(Claim.Granted.class, claim);
  }

  private int rows(String prefix) {
    return store.items(prefix, 10_000).size();
  }

  private void reopen() {
    store.close();
    open();
  }

  private OrderId newId() {
    return new OrderId(new UUID(0x0000_0000_0000_7000L, 0x8000_0000_0000_0000L | made.get()));
  }

  private SignedOrder order(AccountId account, OrderId id, long notAfterIn) {
    made.incrementAndGet();
    long notAfter = clock.get() + notAfterIn;
    Order.Header header = new Order.Header("aika.example", id, notAfter);
    AccountId to = AccountId.of("Asia-Kanazawa/zzzz9999");
    return wallet.sign(
        new Order.Send(header, account, to, Money.of("200.00"), notAfter + 60_000, null));
  }
}
