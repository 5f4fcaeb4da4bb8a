package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.node.config.HeldKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Orders of every kind, handed in by those who signed them (HTTP-50 ff.). */
@ExtendWith(SharedWorld.class)
class SignedOrdersOverHttpTest {
  private final World world;
  private final SharedWorld.Town town;

  SignedOrdersOverHttpTest(SharedWorld.Town town) {
    this.town = town;
    world = town.world;
  }

  private World.Reply submit(String gateway, SignedOrder order) throws Exception {
    return world.post(gateway, "/orders", "text/plain", order.note().toString(), Map.of());
  }

  private Order send(World.Holder from, AccountId to, String amount) {
    Order.Header header = world.header();
    return new Order.Send(
        header, from.account(), to, Money.of(amount), header.notAfter() + 3_600_000, null);
  }

  private static Signer newKey() {
    return Ed25519.signer(Ed25519.generate(new SecureRandom()));
  }

  /** [HTTP-50] */
  @Test
  void afterARotationTheOldKeyIsRefused() throws Exception {
    World.Holder old = world.holder(KOMATSU, "rotating");
    world.issue(old.account(), "10.00");
    World.Holder other = new World.Holder(old.account(), newKey());
    Order.Header header = world.header();
    Order rotate = new Order.RotateKey(header, old.account(), other.signer().publicKey());
    SignedOrder half = old.sign(rotate);
    assertEquals("BAD_SIGNATURE", submit(KOMATSU, half).expect(403).text("code"));
    SignedOrder both =
        SignedOrder.of(
            half.note().signedBy(old.account().toString(), Ed25519.TYPE, other.signer()));
    World.Reply done = submit(KOMATSU, both).expect(200);
    assertEquals("rotate-key", done.text("kind"));
    assertEquals(KOMATSU, done.text("chain"));
    assertFalse(done.json().containsKey("transfer") || done.json().containsKey("repeated"));
    World.Reply again = submit(ASIA, both).expect(200);
    assertEquals(true, again.at("repeated"));
    assertEquals(done.text("leaf"), again.text("leaf"));
    String address = done.header("location");
    assertEquals("/accounts/" + old.account() + "/orders/" + header.id(), address);
    assertEquals(done.json().toString(), world.get(KOMATSU, address).expect(200).json().toString());

    SignedOrder byOld = old.sign(send(old, town.b, "1.00"));
    assertEquals("BAD_SIGNATURE", submit(KOMATSU, byOld).expect(403).text("code"));
    SignedOrder byNew = other.sign(send(other, town.b, "1.00"));
    World.Reply sent = submit(KOMATSU, byNew).expect(200);
    assertEquals("send_pending", sent.text("transfer", "status"));
    // Its own address knows it too.
    World.Reply known =
        world.post(KOMATSU, "/send", "text/plain", byNew.note().toString(), Map.of()).expect(200);
    assertEquals(true, known.at("repeated"));
    assertEquals(sent.text("transfer", "transfer"), known.text("transfer"));
  }

  /** [HTTP-50, HTTP-51] One of the three is received by itself: by a standing order. */
  @Test
  void aBatchOfThreeIsReceived() throws Exception {
    World.Holder shop = world.holder(KANAZAWA, "theshop1");
    Order standing = new Order.AutoReceive(world.header(), shop.account(), Money.of("5.00"));
    assertEquals("auto-receive", submit(KANAZAWA, shop.sign(standing)).expect(200).text("kind"));
    World.Holder receiver = world.holder(KANAZAWA, "batchman");
    World.Holder sender = world.holder(KOMATSU, "batching");
    world.issue(sender.account(), "100.00");
    Order.Header header = world.header();
    List<Order.Payment> payments =
        List.of(
            new Order.Payment(receiver.account(), Money.of("2.00")),
            new Order.Payment(shop.account(), Money.of("5.00")),
            new Order.Payment(receiver.account(), Money.of("4.00")));
    Order batch =
        new Order.SendBatch(header, sender.account(), payments, header.notAfter() + 3_600_000);
    World.Reply sent = submit(KOMATSU, sender.sign(batch)).expect(200);
    List<?> transfers = (List<?>) Objects.requireNonNull(sent.at("transfers"));
    List<TransferId> ids =
        transfers.stream()
            .map(one -> TransferId.of(String.valueOf(((Map<?, ?>) one).get("transfer"))))
            .toList();
    assertEquals(3, ids.size());
    assertEquals(Money.of("89.00"), world.balance(sender.account()));
    assertEquals(true, submit(KOMATSU, sender.sign(batch)).expect(200).at("repeated"));

    for (TransferId id : List.of(ids.get(0), ids.get(2))) {
      Order receive = new Order.Decide(world.header(), receiver.account(), id, true);
      World.Reply received = submit(KANAZAWA, receiver.sign(receive)).expect(200);
      assertEquals(id.toString(), received.text("transfer", "transfer"));
    }
    assertEquals(Money.of("6.00"), world.balance(receiver.account()));
    world.await(() -> world.balance(shop.account()).equals(Money.of("5.00")));
    assertNotNull(world.ledger(shop.account().chain()).get(new Key.OfOutcome(ids.get(1))));
    World.Reply story = world.get(KOMATSU, "/transfers/" + ids.get(1)).expect(200);
    assertTrue(List.of("receive_pending", "complete").contains(story.text("status")));
    assertEquals("standing_order", story.text("decided_by"));
  }

  /** [HTTP-21] No payment of a batch is held for somebody who cannot receive it. */
  @Test
  void aBatchToNobodyIsRefused() throws Exception {
    Order.Header header = world.header();
    AccountId nobody = AccountId.of("Asia-Kanazawa/nobody99");
    Order batch =
        new Order.SendBatch(
            header,
            town.holder.account(),
            Stream.of(town.b, nobody).map(to -> new Order.Payment(to, Money.of("1.00"))).toList(),
            header.notAfter() + 3_600_000);
    World.Reply refused = submit(KOMATSU, town.holder.sign(batch)).expect(404);
    assertEquals("UNKNOWN_ACCOUNT", refused.text("code"));
  }

  @Test
  void aFrozenAccountOrdersNothingUntilAnOfficialAgrees() throws Exception {
    World.Holder holder = world.holder(KOMATSU, "freezing");
    world.issue(holder.account(), "10.00");
    Order freeze = new Order.Freeze(world.header(), holder.account(), true);
    assertEquals("freeze", submit(KOMATSU, holder.sign(freeze)).expect(200).text("kind"));
    World.Reply frozen = submit(KOMATSU, holder.sign(send(holder, town.b, "1.00")));
    assertEquals("ACCOUNT_FROZEN", frozen.text("code"));
    Order unfreeze = new Order.Freeze(world.header(), holder.account(), false);
    SignedNote alone = holder.sign(unfreeze).note();
    assertEquals("BAD_SIGNATURE", submit(KOMATSU, SignedOrder.of(alone)).expect(403).text("code"));
    HeldKey registrar = world.keys.registrars(world.municipality(KOMATSU)).getFirst();
    SignedNote both = alone.signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer());
    submit(KOMATSU, SignedOrder.of(both)).expect(200);
    submit(KOMATSU, holder.sign(send(holder, town.b, "1.00"))).expect(200);
  }

  @Test
  void anAccountIsOpenedAndClosed() throws Exception {
    AccountId account = AccountId.of("Asia-Komatsu/openclos");
    World.Holder holder = new World.Holder(account, newKey());
    Order open = new Order.Open(world.header(), account, holder.signer().publicKey());
    HeldKey registrar = world.keys.registrars(world.municipality(KOMATSU)).getFirst();
    SignedNote note =
        holder.sign(open).note().signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer());
    submit(KOMATSU, SignedOrder.of(note)).expect(200);
    world.get(KOMATSU, "/accounts/" + account).expect(200);
    Order close = new Order.Close(world.header(), account);
    submit(KOMATSU, holder.sign(close)).expect(200);
    World.Reply late = submit(KOMATSU, holder.sign(new Order.Close(world.header(), account)));
    assertEquals("ACCOUNT_CLOSED", late.text("code"));
  }

  /** The chain declines what waits for an account that was closed, not its holder. */
  @Test
  void whatWaitsForAClosedAccountIsDeclinedByItsChain() throws Exception {
    World.Holder leaving = world.holder(KANAZAWA, "leaving");
    World.Holder payer = world.holder(KOMATSU, "payingone");
    world.issue(payer.account(), "3.00");
    String transfer =
        submit(KOMATSU, payer.sign(send(payer, leaving.account(), "3.00")))
            .expect(200)
            .text("transfer", "transfer");
    submit(KANAZAWA, leaving.sign(new Order.Close(world.header(), leaving.account()))).expect(200);
    world.await(() -> world.balance(payer.account()).equals(Money.of("3.00")));
    World.Reply story = world.get(KOMATSU, "/transfers/" + transfer).expect(200);
    assertEquals("rejected", story.text("status"));
    assertEquals("closed", story.text("decided_by"));
  }

  /** [ORD-13] A note of this kind is larger than others may be. */
  @Test
  void aResidentStands() throws Exception {
    World.Holder holder = world.holder(KOMATSU, "standing");
    Signer seat = MlDsa44.signer(MlDsa44.generate(new SecureRandom()));
    Order.Header header = world.header();
    byte[] possession = seat.sign(Order.Stand.possessionMessage(header, holder.account()));
    Order stand = new Order.Stand(header, holder.account(), seat.publicKey(), possession);
    assertEquals("stand", submit(KOMATSU, holder.sign(stand)).expect(200).text("kind"));
    assertNotNull(
        world.ledger(holder.account().chain()).get(new Key.OfCandidate(holder.account())));
  }

  @Test
  void whatIsNoOrderIsRefused() throws Exception {
    World.Reply json = world.post(KOMATSU, "/orders", "{}");
    assertEquals("MEDIA_TYPE", json.expect(415).text("code"));
    World.Reply nonsense = world.post(KOMATSU, "/orders", "text/plain", "x", Map.of());
    assertEquals("MALFORMED", nonsense.expect(400).text("code"));
    String long4 = "x".repeat(SignedOrder.BATCH_BYTES_MAX + 1);
    World.Reply large = world.post(KOMATSU, "/orders", "text/plain", long4, Map.of());
    assertEquals("TOO_LARGE", large.expect(413).text("code"));
    Order freeze = new Order.Freeze(world.header(), town.holder.account(), true);
    World.Reply elsewhere = submit(KANAZAWA, town.holder.sign(freeze));
    assertEquals("WRONG_CHAIN", elsewhere.text("code"));
  }
}
