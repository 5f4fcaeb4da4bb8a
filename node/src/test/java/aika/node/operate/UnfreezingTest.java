package aika.node.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.node.TestFederation;
import aika.node.gateway.RefusedException;
import aika.node.order.Answer;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.SideStore;
import aika.node.store.StoreSettings;
import aika.node.wallet.CounterWallet;
import aika.node.wallet.WalletLock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** [CW-14, OPR-15] */
@Timeout(60)
final class UnfreezingTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;

  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final AtomicLong ahead = new AtomicLong();
  private final AccountId resident = AccountId.of("Asia-Komatsu/k3v9q2mw");
  private Shard shard;
  private SideStore store;
  private CounterWallet wallet;
  private Unfreezing unfreezing;

  @BeforeEach
  void start() {
    shard =
        Shard.start(
            new ShardSettings(
                "test",
                data.resolve("shard"),
                List.of(TestFederation.ASIA, KOMATSU),
                20,
                1_000,
                StoreSettings.standard(),
                ShardSettings.Log.STANDARD),
            federation.directory,
            new Ed25519(64),
            this::now);
    store = SideStore.open(data.resolve("wallet"));
    wallet =
        CounterWallet.unlock(
            store, WalletLock.keyFile(data.resolve(WalletLock.KEY_FILE)), new SecureRandom());
    unfreezing = new Unfreezing(federation.header().federation(), shard, wallet, this::now);
    byte[] key = wallet.open(resident);
    accepted(federation.withRegistrar(wallet.sign(new Order.Open(header(), resident, key))));
  }

  @AfterEach
  void stop() {
    store.close();
    shard.close();
  }

  private long now() {
    return System.currentTimeMillis() + ahead.get();
  }

  private Order.Header header() {
    Order.Header soon = federation.header();
    return new Order.Header(soon.federation(), soon.id(), soon.notAfter() + ahead.get());
  }

  private void accepted(SignedOrder order) {
    Answer answer = shard.submit(order, null);
    assertInstanceOf(Answer.Accepted.class, answer, answer::toString);
  }

  private Reason submitted(SignedOrder order) {
    return assertInstanceOf(Answer.Refused.class, shard.submit(order, null)).refusal().reason();
  }

  private Reason refused(AccountId account) {
    return assertThrows(RefusedException.class, () -> unfreezing.note(account)).refusal().reason();
  }

  private void freeze(AccountId account) {
    accepted(wallet.sign(new Order.Freeze(header(), account, true)));
  }

  private SignedOrder autoReceive() {
    return wallet.sign(new Order.AutoReceive(header(), resident, Money.of("1.00")));
  }

  @Test
  void theNoteIsNothingBeforeARegistrarHasSigned() {
    freeze(resident);
    assertEquals(Reason.ACCOUNT_FROZEN, submitted(autoReceive()));
    long before = now();
    SignedOrder asked = SignedOrder.of(unfreezing.note(resident));
    Order.Freeze order = assertInstanceOf(Order.Freeze.class, asked.order());
    assertEquals(new Order.Freeze(order.header(), resident, false), order);
    long twelveHours = order.header().notAfter() - TimeUnit.HOURS.toMillis(12);
    assertTrue(before - 1_000 < twelveHours && twelveHours <= now(), () -> "" + twelveHours);

    assertEquals(Reason.BAD_SIGNATURE, submitted(asked));
    assertEquals(Reason.ACCOUNT_FROZEN, submitted(autoReceive()));
    accepted(federation.withRegistrar(asked));
    accepted(autoReceive());
    assertEquals(Reason.NOT_FROZEN, refused(resident));
  }

  @Test
  void signsNothingForAnAccountThatIsNotFrozenOrNotHere() {
    assertEquals(Reason.NOT_FROZEN, refused(resident));
    assertEquals(Reason.UNKNOWN_ACCOUNT, refused(new AccountId(KOMATSU, "nobodyhere")));
    AccountId elsewhere = new AccountId(TestFederation.KANAZAWA, "k3v9q2mw");
    wallet.open(elsewhere);
    assertEquals(Reason.UNKNOWN_CHAIN, refused(elsewhere));
    accepted(wallet.sign(new Order.Close(header(), resident)));
    assertEquals(Reason.ACCOUNT_CLOSED, refused(resident));
  }

  /** [CW-12] Whatever else the wallet has of the account. */
  @Test
  void signsWithTheKeyOfNowAlone() {
    TestFederation.Person own = federation.person(KOMATSU, "ownkey");
    accepted(federation.open(own));
    accepted(own.sign(new Order.Freeze(header(), own.account(), true)));
    assertEquals(Reason.UNSIGNED_REFUSED, refused(own.account()));
    wallet.open(own.account());
    assertEquals(Reason.UNSIGNED_REFUSED, refused(own.account()));
  }

  /** The account goes on with a key of the holder's own, and is frozen again. */
  @Test
  void aKeyThatCountsByItselfIsNotTheWallets() {
    freeze(resident);
    TestFederation.Person found = federation.person(KOMATSU, resident.local());
    Order recovery = new Order.RecoverKey(header(), resident, found.signer().publicKey());
    accepted(federation.withRegistrar(found.sign(recovery)));
    ahead.set(TimeUnit.DAYS.toMillis(8));
    assertEquals(Reason.NOT_FROZEN, refused(resident));
    accepted(found.sign(new Order.Freeze(header(), resident, true)));
    assertEquals(Reason.UNSIGNED_REFUSED, refused(resident));
  }
}
