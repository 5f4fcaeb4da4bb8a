package aika.node.gateway;

import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.node.Node;
import aika.node.order.MedianClock;
import aika.node.register.PersonName;
import aika.node.register.Register;
import aika.node.store.SideStore;
import aika.node.wallet.RepeatGuard;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are made again after the order that was made for them has become too old. */
@ExtendWith(SharedWorld.class)
class AskedAgainTest {
  private static final long HOUR_MILLIS = 60L * 60 * 1_000;
  private static final long LONG_AGO_MILLIS = 10 * 60 * 1_000;

  @TempDir Path data;

  private final AtomicLong slow = new AtomicLong();
  private final World world;

  AskedAgainTest(SharedWorld.Town town) {
    this.world = town.world;
  }

  private long clock() {
    return System.currentTimeMillis() - slow.get();
  }

  private Payments payments(RepeatGuard repeats) {
    Node node = world.node;
    return new Payments(
        node.federation(),
        node.chains(),
        node.followers(),
        new Counter(node.registers(), node.wallet(), node.tokens(), repeats),
        node.neighbours(),
        new Meters(),
        this::clock,
        new SecureRandom());
  }

  private Caller counter() {
    return new Caller(
        world.chain(KOMATSU),
        InetAddress.getLoopbackAddress(),
        Map.of(
            "host", List.of("localhost:" + world.port(KOMATSU)),
            "content-type", List.of("application/json")));
  }

  private static SendRequest request(@Nullable OrderId id, String sender, String amount) {
    return new SendRequest(
        sender, null, "B", "Asia-Kanazawa", amount, null, null, null, null, id, false, null);
  }

  @Test
  void anIdWhoseOrderWasNeverAcceptedIsFree() {
    AccountId poor = world.person(KOMATSU, "Poor");
    OrderId id = new OrderId(UUID.randomUUID());
    try (SideStore store = SideStore.open(data.resolve("repeats"))) {
      Payments counter = payments(new RepeatGuard(store, this::clock));
      slow.set(LONG_AGO_MILLIS); // the order that is made now is too old for the chain
      assertEquals(Reason.STALE, refused(counter, id, "3.00"));
      slow.set(0);
      assertEquals(Reason.INSUFFICIENT_FUNDS, refused(counter, id, "3.00"));
      world.issue(poor, "5.00");
      TransferView sent = counter.send(request(id, "Poor", "3.00"), counter());
      assertEquals(id, sent.order());
      assertEquals(Money.of("2.00"), world.balance(poor));
      TransferView again = counter.send(request(id, "Poor", "3.00"), counter());
      assertTrue(again.repeated());
      assertEquals(sent.id(), again.id());
      assertEquals(Money.of("2.00"), world.balance(poor));
      assertEquals(Reason.ID_REUSED, refused(counter, id, "1.00"));
    }
  }

  /** By the counter's clock the first order could still be accepted; the chain's time decides. */
  @Test
  void anOrderIsTooOldByTheChainsTimeAlone() {
    AccountId late = world.person(KOMATSU, "Late");
    OrderId id = new OrderId(UUID.randomUUID());
    try (SideStore store = SideStore.open(data.resolve("behind"))) {
      Payments counter = payments(new RepeatGuard(store, this::clock));
      slow.set(130_000); // the order may be delivered for 120 s
      SendRequest request = request(id, "Late", "3.00");
      assertEquals(Reason.STALE, refused(counter, request));
      slow.set(60_000);
      world.issue(late, "5.00");
      assertEquals(id, counter.send(request, counter()).order());
      assertTrue(counter.send(request, counter()).repeated());
      assertEquals(Money.of("2.00"), world.balance(late));
    }
  }

  /** By the counter's clock, hours ahead of the chain's, the first order is long over. */
  @Test
  void aClockAheadMakesNoOrderTooOld() {
    AccountId early = world.person(KOMATSU, "Early");
    OrderId id = new OrderId(UUID.randomUUID());
    OrderId toNobody = new OrderId(UUID.randomUUID());
    try (SideStore store = SideStore.open(data.resolve("ahead"))) {
      Payments counter = payments(new RepeatGuard(store, this::clock));
      slow.set(-3 * HOUR_MILLIS);
      SendRequest request = request(id, "Early", "3.00");
      SendRequest nobody =
          new SendRequest(
              "Early",
              null,
              "Asia-Kanazawa/nobody00",
              "Asia-Kanazawa",
              "1.00",
              null,
              null,
              null,
              null,
              toNobody,
              false,
              null);
      assertEquals(Reason.INSUFFICIENT_FUNDS, refused(counter, request));
      assertEquals(Reason.UNKNOWN_ACCOUNT, refused(counter, nobody));
      world.issue(early, "5.00");
      slow.set(-6 * HOUR_MILLIS);
      TransferView sent = counter.send(request, counter());
      assertEquals(sent.id(), counter.send(request, counter()).id());
      assertEquals(Reason.UNKNOWN_ACCOUNT, refused(counter, nobody));
      assertEquals(Money.of("2.00"), world.balance(early));
    }
  }

  /** [CW-11] Two hours ahead, the first request would be forgotten, and paid again afterwards. */
  @Test
  void whileTheClockIsWrongNoRequestIsTaken() {
    AccountId payer = world.person(KOMATSU, "Payer");
    world.issue(payer, "9.00");
    try (SideStore store = SideStore.open(data.resolve("wrong"))) {
      Payments counter = payments(new RepeatGuard(store, this::clock));
      SendRequest request = request(null, "Payer", "3.00");
      TransferView sent = counter.send(request, counter());
      othersAre(2 * HOUR_MILLIS);
      slow.set(-2 * HOUR_MILLIS);
      try {
        assertEquals(Reason.CLOCK_DIFFERS, refused(counter, request));
      } finally {
        slow.set(0);
        othersAre(0);
      }
      TransferView again = counter.send(request, counter());
      assertTrue(again.repeated());
      assertEquals(sent.id(), again.id());
      assertEquals(Money.of("6.00"), world.balance(payer));
    }
  }

  /** So far from this machine's clock. */
  private void othersAre(long millis) {
    MedianClock clock = world.node.shard().clock();
    clock.heard("one", "one", System.currentTimeMillis() - millis);
    clock.heard("another", "another", System.currentTimeMillis() - millis);
  }

  private Reason refused(Payments payments, SendRequest request) {
    return assertThrows(RefusedException.class, () -> payments.send(request, counter()))
        .refusal()
        .reason();
  }

  private Reason refused(Payments payments, OrderId id, String amount) {
    return refused(payments, request(id, "Poor", amount));
  }

  @Test
  void nothingIsHeldForAnAccountThatDoesNotExist() throws Exception {
    Order send =
        new Order.Send(
            world.header(),
            world.person(KOMATSU, "Careless"),
            AccountId.of("Asia-Kanazawa/nobody00"),
            Money.of("1.00"),
            (System.currentTimeMillis() / 1000 + 3_600) * 1000,
            null);
    world.issue(send.account(), "2.00");
    SignedOrder signed = world.node.wallet().sign(send);
    String note = new String(signed.bytes(), StandardCharsets.UTF_8);
    World.Reply reply = world.post(KOMATSU, "/send", "text/plain", note, Map.of()).expect(404);
    assertEquals("UNKNOWN_ACCOUNT", reply.text("code"));
    assertEquals(Money.of("2.00"), world.balance(send.account()));
  }

  @Test
  void aReservedAccountCanBeSentTo() throws Exception {
    Register register =
        Objects.requireNonNull(world.node.registers().get(ChainId.of("Asia-Kanazawa")));
    AccountId reserved = register.reserve(PersonName.of("Expected")).account();
    AccountId giver = world.person(KOMATSU, "Giver");
    world.issue(giver, "2.00");
    String json =
        "{\"sender\":\"Giver\",\"receiver\":\"%s\",\"receiver_municipality\":\"Asia-Kanazawa\",\"amount\":2}"
            .formatted(reserved);
    assertEquals("send_pending", world.post(KOMATSU, "/send", json).expect(200).text("status"));
  }
}
