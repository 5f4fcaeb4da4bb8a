package aika.node.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Directory;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.note.CanonicalBase64;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.config.Federation;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.follow.Followers;
import aika.node.follow.Views;
import aika.node.gateway.AccountRequest.Wish;
import aika.node.mirror.Addresses;
import aika.node.mirror.ReadableChains;
import aika.node.neighbour.Neighbours;
import aika.node.order.Answer;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.register.PersonName;
import aika.node.register.Rate;
import aika.node.register.Register;
import aika.node.store.SideStore;
import aika.node.store.StoreSettings;
import aika.node.wallet.AccountTokens;
import aika.node.wallet.CounterWallet;
import aika.node.wallet.RepeatGuard;
import aika.node.wallet.WalletLock;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A counter account whose key changes: by its own order, by a recovery that nobody stops. */
class RecoveredKeyTest {
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

  @TempDir Path data;

  private final AtomicLong ahead = new AtomicLong();
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Signer> officials = new HashMap<>();
  private final Signer found = Ed25519.signer(Ed25519.generate(random));
  private Federation federation;
  private Directory directory;
  private Shard shard;
  private ReadableChains chains;
  private Views views;
  private Followers followers;
  private SideStore store;
  private CounterWallet wallet;
  private Payments payments;
  private AccountId account;

  @BeforeEach
  void start() {
    federation =
        FederationTemplate.demo()
            .federation((place, type, name) -> {
              byte[] key = new byte[type.publicKeyBytes()];
              if (type.signatureType() == Ed25519.TYPE) {
                Signer official = Ed25519.signer(Ed25519.generate(random));
                officials.put(name, official);
                key = official.publicKey();
              } else {
                random.nextBytes(key); // nobody approves here
              }
              return new VerifierKey(name, type.signatureType(), key);
            });
    directory = federation.directory(Hash.of(new byte[Hash.BYTES]));
    shard =
        Shard.start(
            new ShardSettings(
                "test",
                data.resolve("shard"),
                List.of(ChainId.of("Asia"), KOMATSU),
                20,
                10_000,
                StoreSettings.standard(),
                ShardSettings.Log.STANDARD),
            directory,
            new Ed25519(64),
            this::now);
    chains = ReadableChains.served(shard, data);
    views = Views.open(data.resolve("views"));
    followers = new Followers(chains, directory, views);
    store = SideStore.open(data.resolve("counter"));
    open();
    Register register = register();
    account = register.reserve(PersonName.of("A")).account();
    byte[] key = wallet.open(account);
    accepted(byOfficial(wallet.sign(new Order.Open(header(), account, key)).note()));
    register.opened(account);
  }

  private void open() {
    wallet =
        CounterWallet.unlock(store, WalletLock.keyFile(data.resolve(WalletLock.KEY_FILE)), random);
    Counter counter =
        new Counter(
            Map.of(KOMATSU, register()),
            wallet,
            new AccountTokens(store, random),
            new RepeatGuard(store, this::now));
    payments =
        new Payments(
            federation,
            chains,
            followers,
            counter,
            new Neighbours(
                directory,
                new Addresses(Map.of(), Map.of()),
                Map.of(KOMATSU, logKey()),
                new Ed25519(64),
                this::now,
                null),
            new Meters(),
            this::now,
            random);
  }

  private HeldKey logKey() {
    VerifierKey key = federation.chain(KOMATSU).orElseThrow().log();
    return new HeldKey(key, Objects.requireNonNull(officials.get(key.name())));
  }

  private Register register() {
    return new Register(store, KOMATSU, random, Rate.DEFAULT, System::nanoTime);
  }

  @AfterEach
  void stop() {
    store.close();
    followers.close();
    views.close();
    shard.close();
  }

  private long now() {
    return System.currentTimeMillis() + ahead.get();
  }

  private Order.Header header() {
    return new Order.Header(
        federation.id(), new OrderId(UUID.randomUUID()), (now() / 1000 + 100) * 1000);
  }

  private SignedNote byOfficial(SignedNote note) {
    VerifierKey registrar =
        federation.municipality(KOMATSU.value()).orElseThrow().registrars().getFirst();
    return note.signedBy(
        registrar.name(), Ed25519.TYPE, Objects.requireNonNull(officials.get(registrar.name())));
  }

  private void accepted(SignedNote note) {
    Answer answer = shard.submit(SignedOrder.of(note), null);
    assertInstanceOf(Answer.Accepted.class, answer, answer::toString);
  }

  /** Somebody lost the key, says an official, and has this one now. */
  private void announce() {
    Order order = new Order.RecoverKey(header(), account, found.publicKey());
    accepted(byOfficial(byFound(order).note()));
  }

  private SignedOrder byFound(Order order) {
    return SignedOrder.of(SignedNote.sign(order.text(), account.toString(), Ed25519.TYPE, found));
  }

  private Caller counter() {
    aika.node.config.Chain at = federation.chain(KOMATSU).orElseThrow();
    return new Caller(
        at,
        InetAddress.getLoopbackAddress(),
        Map.of(
            "host", List.of("localhost:" + at.http()),
            "content-type", List.of("application/json")));
  }

  private OrderView change(Wish wish) {
    AccountRequest request = new AccountRequest(account, new OrderId(UUID.randomUUID()), wish);
    return payments.change(request, counter());
  }

  private Reason refused(Wish wish) {
    return assertThrows(RefusedException.class, () -> change(wish)).refusal().reason();
  }

  private AccountView view() {
    return payments.account(account, counter());
  }

  /** [X-18, CW-12] */
  @Test
  void whatNobodyStopsCountsAfterSevenDays() {
    change(new Wish.Freeze());
    assertEquals(Reason.ACCOUNT_FROZEN, refused(new Wish.AutoReceive(Money.of("5.00"))));
    announce();
    AccountView before = view();
    AccountView.Announced announced = Objects.requireNonNull(before.standing().announced());
    assertEquals(CanonicalBase64.encode(found.publicKey()), announced.key());
    assertEquals(Row.Account.RECOVERY_MILLIS, announced.due() - announced.since());
    assertTrue(before.standing().frozen() && before.signs());

    ahead.set(7 * DAY_MILLIS - 60_000);
    assertTrue(view().signs(), "a minute before");
    ahead.set(7 * DAY_MILLIS + 1_000);
    AccountView after = view();
    assertFalse(after.standing().frozen());
    assertNull(after.standing().announced());
    assertEquals(announced.key(), after.standing().key());
    assertFalse(after.signs(), "the counter has the old key only");
    assertEquals(Reason.UNSIGNED_REFUSED, refused(new Wish.Veto()), "too late");
    assertEquals(Reason.UNSIGNED_REFUSED, refused(new Wish.NewKey()));
    accepted(byFound(new Order.AutoReceive(header(), account, Money.of("5.00"))).note());
    assertEquals(Money.of("5.00"), view().standing().autoReceive());
  }

  /** Also while the account is frozen. */
  @Test
  void theCounterStopsIt() {
    assertEquals(Reason.NO_RECOVERY, refused(new Wish.Veto()));
    announce();
    change(new Wish.Freeze());
    assertEquals("veto-recovery", change(new Wish.Veto()).kind());
    assertNull(view().standing().announced());
    ahead.set(8 * DAY_MILLIS);
    AccountView later = view();
    assertTrue(later.signs() && later.standing().frozen());
    assertEquals(Reason.NO_RECOVERY, refused(new Wish.Veto()));
  }

  /** [CW-13] And a repeated request is the same order. */
  @Test
  void aNewKeyStopsWhatWasAnnouncedAndSignsFromThenOn() {
    byte[] old = wallet.publicKey(account).orElseThrow();
    announce();
    AccountRequest request =
        new AccountRequest(account, new OrderId(UUID.randomUUID()), new Wish.NewKey());
    OrderView done = payments.change(request, counter());
    AccountView after = view();
    assertNull(after.standing().announced());
    assertTrue(after.signs());
    assertFalse(CanonicalBase64.encode(old).equals(after.standing().key()));
    assertTrue(wallet.holds(account, wallet.publicKey(account).orElseThrow()));
    OrderView again = payments.change(request, counter());
    assertTrue(again.repeated());
    assertEquals(done.index(), again.index());
    AccountRequest other = new AccountRequest(account, request.id(), new Wish.Freeze());
    Reason reused =
        assertThrows(RefusedException.class, () -> payments.change(other, counter()))
            .refusal()
            .reason();
    assertEquals(Reason.ID_REUSED, reused);
    assertEquals("auto-receive", change(new Wish.AutoReceive(Money.of("1.00"))).kind());
    assertEquals("rotate-key", change(new Wish.NewKey()).kind());
    assertTrue(view().signs());
  }

  /** [CW-13] The node stops after the order was accepted, before it hears of it. */
  @Test
  void aKeyWhoseAnswerWasLostIsFoundAfterARestart() {
    byte[] old = wallet.publicKey(account).orElseThrow();
    byte[] next = wallet.next(account, old).orElseThrow();
    Order rotate = new Order.RotateKey(header(), account, next);
    accepted(wallet.sign(rotate, old).orElseThrow().note());
    open();
    assertEquals(CanonicalBase64.encode(next), view().standing().key());
    assertEquals("freeze", change(new Wish.Freeze()).kind());
    assertArrayEquals(next, wallet.publicKey(account).orElseThrow());
  }
}
