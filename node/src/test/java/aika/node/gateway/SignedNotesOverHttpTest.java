package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** People with keys of their own send and receive on the same paths. */
@ExtendWith(SharedWorld.class)
class SignedNotesOverHttpTest {
  private final World world;
  private final SharedWorld.Town town;

  SignedNotesOverHttpTest(SharedWorld.Town town) {
    this.town = town;
    world = town.world;
  }

  @Test
  void signedNotesOnTheSameEndpoints() throws Exception {
    Order send =
        new Order.Send(
            world.header(),
            town.holder.account(),
            town.b,
            Money.of("3.21"),
            world.header().notAfter() + 3_600_000,
            null);
    SignedOrder signed = town.holder.sign(send);
    String note = signed.note().toString();
    World.Reply plain = world.post(KOMATSU, "/send", "text/plain", note, Map.of()).expect(200);
    assertEquals(send.header().id().toString(), plain.text("id"));
    String quoted = new String(Json.write(Map.of("note", note)), StandardCharsets.UTF_8);
    World.Reply again =
        world
            .post(ASIA, "/send", "application/json", quoted, Map.of("Origin", "http://x"))
            .expect(200);
    assertEquals(plain.text("transfer"), again.text("transfer"));
    assertEquals(true, again.at("repeated"));
    Order.Header header = send.header();
    Order different =
        new Order.Send(
            header, town.holder.account(), town.b, Money.of("3.22"), header.notAfter(), null);
    World.Reply reused =
        world.post(
            KOMATSU,
            "/send",
            "text/plain",
            town.holder.sign(different).note().toString(),
            Map.of());
    assertEquals("ID_REUSED", reused.expect(409).text("code"));
    assertEquals(send.header().id().toString(), reused.text("id"));

    World.Holder receiver = world.holder(KANAZAWA, "rrrrrrrr");
    Order toReceiver =
        new Order.Send(
            world.header(),
            town.holder.account(),
            receiver.account(),
            Money.of("2.00"),
            world.header().notAfter() + 3_600_000,
            null);
    World.Reply offered =
        world
            .post(
                KOMATSU,
                "/send",
                "text/plain",
                town.holder.sign(toReceiver).note().toString(),
                Map.of())
            .expect(200);
    TransferId transfer = TransferId.of(offered.text("transfer"));
    Order receive = new Order.Decide(world.header(), receiver.account(), transfer, true);
    String receiveNote = receiver.sign(receive).note().toString();
    World.Reply stranger =
        world.post(
            KANAZAWA,
            "/receive",
            "text/plain",
            town.holder
                .sign(new Order.Decide(world.header(), town.b, transfer, true))
                .note()
                .toString(),
            Map.of());
    assertEquals("BAD_SIGNATURE", stranger.expect(403).text("code"));
    world.post(KANAZAWA, "/receive", "text/plain", receiveNote, Map.of()).expect(200);
    World.Reply repeated =
        world.post(KANAZAWA, "/receive", "text/plain", receiveNote, Map.of()).expect(200);
    assertEquals(true, repeated.at("repeated"));
    assertEquals(Money.of("2.00"), world.balance(receiver.account()));
  }
}
