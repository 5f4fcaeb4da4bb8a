package aika.node.gateway;

import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.node.config.Federation;
import aika.node.config.Limits;
import aika.node.sink.Stores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kanazawa takes 100.00 from a counterpart: what is beyond it is asked to come later, and waits.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExposureOverHttpTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private World world;
  private AccountId b;

  @BeforeAll
  void start(@TempDir Path data) {
    world = new World(data, new Stores(System::currentTimeMillis), ExposureOverHttpTest::capped);
    AccountId a = world.person(KOMATSU, "A");
    b = world.person(KANAZAWA, "B");
    world.issue(a, "1000.00");
  }

  @AfterAll
  void stop() {
    world.close();
  }

  private static Federation capped(Federation demo) {
    Limits usual = demo.limits();
    Limits limits =
        new Limits(
            usual.unapprovedLeaves(),
            usual.openHoldsPerAccount(),
            Money.of("100.00"),
            Money.of("1000.00"),
            usual.crossChainMin(),
            usual.validUntilStandard(),
            usual.validUntilMax(),
            usual.notAfterStandard(),
            usual.issued());
    return new Federation(
        demo.id(),
        demo.root(),
        demo.block(),
        limits,
        demo.term(),
        demo.continents(),
        demo.municipalities());
  }

  private String sent(String amount) throws Exception {
    return world
        .post(
            KOMATSU,
            "/send",
            "{\"sender\":\"A\",\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\","
                + "\"amount\":\""
                + amount
                + "\"}")
        .expect(200)
        .text("transfer");
  }

  private World.Reply receive(String transfer) throws Exception {
    return world.post(
        KANAZAWA, "/receive", "{\"receiver\":\"B\",\"transfer\":\"" + transfer + "\"}");
  }

  @Test
  void theCapAndOnePastIt() throws Exception {
    String beyond = sent("100.01");
    World.Reply later = receive(beyond).expect(503);
    assertEquals("CAP_REACHED", later.text("code"));
    assertEquals("60", later.header("retry-after"));
    assertTrue(later.text("en").contains("for now"), later::toString);
    assertTrue(later.text("ja").contains("上限"), later::toString);
    assertTrue(later.text("next").contains("もう一度"), later::toString);

    World.Reply waits = world.get(KANAZAWA, "/transfers/" + beyond).expect(200);
    assertEquals("send_pending", waits.text("status"));
    assertEquals("held", waits.text("hold"));
    assertEquals("receiver", waits.text("next", "who"));
    assertEquals(Money.ZERO, world.balance(b));

    World.Reply all = world.post(KANAZAWA, "/receive", "{\"receiver\":\"B\"}").expect(200);
    Map<?, ?> refused =
        (Map<?, ?>) ((List<?>) Objects.requireNonNull(all.at("results"))).getFirst();
    assertEquals(beyond, refused.get("transfer"));
    assertEquals(
        "CAP_REACHED", ((Map<?, ?>) Objects.requireNonNull(refused.get("error"))).get("code"));

    Map<String, String> origin = Map.of("Origin", "http://localhost:" + world.port(KANAZAWA));
    String form = "account=" + b + "&transfer=" + beyond;
    for (String language : List.of("ja", "en")) {
      Map<String, String> headers =
          Map.of(
              "Origin", Objects.requireNonNull(origin.get("Origin")), "Accept-Language", language);
      World.Reply page = world.post(KANAZAWA, "/receive/order", FORM, form, headers);
      String html = new String(page.http().body(), StandardCharsets.UTF_8);
      assertEquals(503, page.status(), html);
      assertTrue(html.contains(language.equals("ja") ? "あとで" : "Try again later"), html);
      assertTrue(html.contains("CAP_REACHED"), html);
    }
    assertEquals("send_pending", world.get(KANAZAWA, "/transfers/" + beyond).text("status"));

    String exact = sent("100.00");
    assertEquals("receive_pending", receive(exact).expect(200).text("status"));
    assertEquals(Money.of("100.00"), world.balance(b));
    World.Reply cent = receive(sent("0.01")).expect(503);
    assertEquals("CAP_REACHED", cent.text("code"));

    String metrics = awaitMetric("aika_exposure_owed{");
    assertTrue(
        metrics.contains(
            "aika_exposure_owed{chain=\"Asia-Kanazawa\",counterpart=\"Asia-Komatsu\"} 100.0"),
        metrics);
    assertTrue(
        metrics.contains(
            "aika_exposure_cap{chain=\"Asia-Kanazawa\",counterpart=\"Asia-Komatsu\"} 100.0"),
        metrics);
    assertTrue(metrics.contains("aika_exposure_sum_cap{chain=\"Asia-Kanazawa\"} 1000.0"), metrics);
    assertFalse(metrics.contains("counterpart=\"Asia-Kanazawa\""), metrics);
  }

  private String awaitMetric(String name) throws Exception {
    String[] text = {""};
    world.await(() -> {
      try {
        text[0] = new String(world.bytes(KANAZAWA, "/metrics"), StandardCharsets.UTF_8);
      } catch (Exception failed) {
        throw new IllegalStateException(failed);
      }
      return text[0].contains(name);
    });
    return text[0];
  }
}
