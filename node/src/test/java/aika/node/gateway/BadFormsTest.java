package aika.node.gateway;

import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.Money;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Forms of the pages that no page makes: a page that says what is wrong, nothing changed. */
@ExtendWith(SharedWorld.class)
class BadFormsTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final SharedWorld.Town town;
  private final World world;

  BadFormsTest(SharedWorld.Town town) {
    this.town = town;
    this.world = town.world;
  }

  private String order(String changed) {
    String good =
        "from=%s&to=%s&sum=1.00&valid_until=%d&id=%s&memo="
            .formatted(
                town.a,
                town.b,
                (System.currentTimeMillis() / 1000 + 3_600) * 1000,
                UUID.randomUUID());
    String name = changed.substring(0, changed.indexOf('=') + 1);
    return good.replaceFirst(name + "[^&]*", changed);
  }

  private String confirm(String added) {
    return "sender=A&sender_municipality=Asia-Komatsu&receiver=B"
        + "&receiver_municipality=Asia-Kanazawa&amount=1&memo="
        + added;
  }

  @TestFactory
  Stream<DynamicTest> sends() {
    String far = String.valueOf(Long.MAX_VALUE);
    return Stream.of(
        bad(KOMATSU, "/send/order", "", 400),
        bad(KOMATSU, "/send/order", order("from=nobody"), 400),
        bad(KOMATSU, "/send/order", order("from=Asia-Komatsu/nobody00"), 403),
        bad(KOMATSU, "/send/order", order("from=" + town.b), 422),
        bad(KOMATSU, "/send/order", order("to=Asia-Kanazawa/nobody00"), 404),
        bad(KOMATSU, "/send/order", order("to=Mars-Base/abcdefgh"), 422),
        bad(KOMATSU, "/send/order", order("sum=1"), 400),
        bad(KOMATSU, "/send/order", order("sum=-1.00"), 422),
        bad(KOMATSU, "/send/order", order("sum=99999999.00"), 422),
        bad(KOMATSU, "/send/order", order("valid_until="), 400),
        bad(KOMATSU, "/send/order", order("valid_until=-1"), 400),
        bad(KOMATSU, "/send/order", order("valid_until=253402300800000"), 400),
        bad(KOMATSU, "/send/order", order("valid_until=" + far), 400),
        bad(KOMATSU, "/send/order", order("valid_until=253402300799000"), 422),
        bad(KOMATSU, "/send/order", order("id=12"), 400),
        bad(KOMATSU, "/send/order", order("memo=%FF%00"), 400),
        bad(KOMATSU, "/send/order", "from=%zz", 400),
        bad(KOMATSU, "/send/order", "x=" + "y".repeat(20_000), 413),
        bad(KOMATSU, "/send/confirm", "", 422),
        bad(KOMATSU, "/send/confirm", confirm("&valid_until=" + far), 400),
        bad(KOMATSU, "/send/confirm", confirm("&valid_until=x"), 400),
        bad(KOMATSU, "/send/confirm", confirm("&id=12"), 400));
  }

  @TestFactory
  Stream<DynamicTest> receives() {
    String transfer = "&transfer=Asia-Komatsu:999999";
    return Stream.of(
        bad(KANAZAWA, "/receive/confirm", "", 400),
        bad(KANAZAWA, "/receive/order", "", 400),
        bad(KANAZAWA, "/receive/order", "account=" + town.b, 400),
        bad(KANAZAWA, "/receive/order", "account=x" + transfer, 400),
        bad(KANAZAWA, "/receive/order", "account=" + town.b + "&transfer=12", 400),
        bad(KANAZAWA, "/receive/order", "account=" + town.b + transfer, 404));
  }

  @TestFactory
  Stream<DynamicTest> accounts() {
    String of = "account=" + town.a + "&id=" + UUID.randomUUID();
    return Stream.of(
        bad(KOMATSU, "/account/who", "", 422),
        bad(KOMATSU, "/account/confirm", "", 400),
        bad(KOMATSU, "/account/confirm", of, 400),
        bad(KOMATSU, "/account/confirm", of + "&act=auto-receive&amount=x", 422),
        bad(KOMATSU, "/account/confirm", "account=" + town.a + "&act=freeze&id=12", 400),
        bad(KOMATSU, "/account/confirm", "account=" + town.b + "&act=freeze", 422),
        bad(KOMATSU, "/account/order", "", 400),
        bad(KOMATSU, "/account/order", of + "&act=issue", 400),
        bad(KOMATSU, "/account/order", of + "&act=auto-receive&amount=5", 400),
        bad(KOMATSU, "/account/order", of + "&act=auto-receive&amount=-1.00", 422),
        bad(KOMATSU, "/account/order", "account=" + town.a + "&act=freeze", 400),
        bad(KOMATSU, "/account/order", of.replace("=" + town.a, "=" + town.b) + "&act=freeze", 422),
        bad(
            KOMATSU,
            "/account/order",
            "account=Asia-Komatsu/nobody00&act=freeze&id=" + UUID.randomUUID(),
            403));
  }

  private DynamicTest bad(String gateway, String path, String body, int status) {
    String name = path + " " + body.substring(0, Math.min(body.length(), 160)) + " is " + status;
    return DynamicTest.dynamicTest(
        name,
        () -> {
          long orders = world.orders();
          Money balance = world.balance(town.a);
          Map<String, String> origin = Map.of("Origin", "http://localhost:" + world.port(gateway));
          World.Reply reply = world.post(gateway, path, FORM, body, origin);
          String page = new String(reply.http().body(), StandardCharsets.UTF_8);
          assertEquals(status, reply.status(), page);
          assertTrue(reply.header("content-type").startsWith("text/html"), page);
          assertTrue(page.contains("<h1"), page);
          assertEquals(orders, world.orders());
          assertEquals(balance, world.balance(town.a));
        });
  }
}
