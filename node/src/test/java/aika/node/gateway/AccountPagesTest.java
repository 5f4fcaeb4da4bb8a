package aika.node.gateway;

import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.note.CanonicalBase64;
import aika.core.note.Signer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is done about accounts at the counter's pages, and what everybody is told of them. */
@ExtendWith(SharedWorld.class)
class AccountPagesTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final World world;
  private final SharedWorld.Town town;

  AccountPagesTest(SharedWorld.Town town) {
    this.town = town;
    world = town.world;
  }

  private World.Reply form(String path, Map<String, String> headers, String body) throws Exception {
    Map<String, String> all = new HashMap<>(headers);
    all.putIfAbsent("Origin", "http://localhost:" + world.port(KOMATSU));
    all.put("Accept-Language", "en");
    return world.post(KOMATSU, path, FORM, body, all);
  }

  private World.Reply form(String path, String body) throws Exception {
    return form(path, Map.of(), body);
  }

  private static String order(AccountId account, String act, String amount) {
    return "account=%s&act=%s&amount=%s&id=%s"
        .formatted(
            URLEncoder.encode(account.toString(), StandardCharsets.UTF_8),
            act,
            amount,
            UUID.randomUUID());
  }

  /** Does it, and gets the account's page, which says so. */
  private String done(AccountId account, String act, String amount) throws Exception {
    World.Reply moved = form("/account/order", order(account, act, amount));
    assertEquals(303, moved.status(), text(moved));
    return page(moved.header("location"));
  }

  private String page(String path) throws Exception {
    World.Reply page = world.get(KOMATSU, path, Map.of("Accept-Language", "en"));
    assertEquals(200, page.status(), text(page));
    return text(page);
  }

  private static String text(World.Reply reply) {
    return new String(reply.http().body(), StandardCharsets.UTF_8);
  }

  private World.Reply json(AccountId account) throws Exception {
    return world.get(KANAZAWA, "/accounts/" + account).expect(200);
  }

  /** [HTTP-34] */
  @Test
  void aStrangersKeyIsSeenEverywhereAndStoppedAtTheCounter() throws Exception {
    AccountId account = world.person(KOMATSU, "Careful");
    World.Reply before = json(account);
    assertFalse(before.json().containsKey("announced_key"));
    assertEquals(CanonicalBase64.encode(world.row(account).publicKey()), before.text("key"));
    Signer other = world.announce(account);
    World.Reply told = json(account);
    assertEquals(CanonicalBase64.encode(other.publicKey()), told.text("announced_key", "key"));
    assertTrue(told.text("announced_key", "since").endsWith("Z"));

    String notice = "A new key was announced for this account";
    assertTrue(page("/account?account=" + account).contains(notice));
    assertTrue(page("/receive?account=" + account).contains(notice));
    String send =
        "sender=Careful&sender_municipality=Asia-Komatsu&receiver=B"
            + "&receiver_municipality=Asia-Kanazawa&amount=&memo=";
    assertTrue(text(form("/send/check", send)).contains(notice));
    String confirm = text(form("/account/confirm", order(account, "veto-recovery", "")));
    assertTrue(confirm.contains("Stop the new key?"), confirm);

    String after = done(account, "veto-recovery", "0.00");
    assertTrue(after.contains("The new key was stopped"), after);
    assertFalse(after.contains(notice));
    assertFalse(json(account).json().containsKey("announced_key"));
    long orders = world.orders();
    World.Reply nothing = form("/account/order", order(account, "veto-recovery", "0.00"));
    assertEquals(409, nothing.status());
    assertTrue(text(nothing).contains("NO_RECOVERY"));
    World.Reply late = form("/account/confirm", order(account, "veto-recovery", ""));
    assertEquals(303, late.status());
    assertEquals(orders, world.orders());
  }

  @Test
  void aFrozenAccountSaysSoBeforeAnythingIsSent() throws Exception {
    AccountId account = world.person(KOMATSU, "Worried");
    world.issue(account, "10.00");
    String body = order(account, "freeze", "0.00");
    World.Reply first = form("/account/order", body);
    assertEquals(303, first.status(), text(first));
    long orders = world.orders();
    World.Reply again = form("/account/order", body);
    assertEquals(303, again.status(), "the same form again is the same order");
    assertEquals(first.header("location"), again.header("location"));
    assertEquals(orders, world.orders());
    assertEquals(true, json(account).at("frozen"));
    String page = page(first.header("location"));
    assertTrue(page.contains("This account is frozen"), page);
    assertFalse(page.contains("/account/confirm"), "nothing more can be done here");
    assertEquals(409, form("/account/order", order(account, "freeze", "0.00")).status());

    String send =
        "sender=Worried&sender_municipality=Asia-Komatsu&receiver=B"
            + "&receiver_municipality=Asia-Kanazawa&amount=1&memo=";
    World.Reply refused = form("/send/confirm", send);
    assertEquals(422, refused.status());
    assertTrue(text(refused).contains("The account is frozen."));
    String json =
        "{\"sender\":\"Worried\",\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\",\"amount\":1}";
    assertEquals("ACCOUNT_FROZEN", world.post(KOMATSU, "/send", json).text("code"));
    assertEquals(Money.of("10.00"), world.balance(account));
  }

  @Test
  void aShopReceivesByItself() throws Exception {
    AccountId account = world.person(KOMATSU, "Shop");
    String confirm = text(form("/account/confirm", order(account, "auto-receive", "%EF%BC%95")));
    assertTrue(confirm.contains("5.00"), confirm);
    World.Reply wrong = form("/account/confirm", order(account, "auto-receive", "-1"));
    assertEquals(422, wrong.status());
    assertTrue(text(wrong).contains("aria-invalid"));
    String page = done(account, "auto-receive", "5.00");
    assertTrue(page.contains("Automatic receiving was changed"), page);
    assertEquals("5.00", json(account).text("auto_receive"));
    done(account, "auto-receive", "0.00");
    assertEquals("0.00", json(account).text("auto_receive"));
  }

  /** [CW-12, CW-13] */
  @Test
  void anAccountWithANewKeySendsAsBefore() throws Exception {
    AccountId account = world.person(KOMATSU, "Renewed");
    world.issue(account, "10.00");
    String old = json(account).text("key");
    Map<String, String> token =
        Map.of("Authorization", "Bearer " + world.node.tokens().issue(account), "Via", "proxy");
    String page = done(account, "rotate-key", "0.00");
    assertTrue(page.contains("The key was changed"), page);
    String late = order(account, "auto-receive", "5.00");
    assertEquals(403, form("/account/order", token, late).status(), "the token outlived the key");
    assertFalse(old.equals(json(account).text("key")));
    String json =
        "{\"sender\":\"Renewed\",\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\",\"amount\":3}";
    world.post(KOMATSU, "/send", json).expect(200);
    assertEquals(Money.of("7.00"), world.balance(account));
  }

  /** [CW-5, CW-6] */
  @Test
  void onlyWhoeverMayActDoesAnything() throws Exception {
    AccountId account = world.person(KOMATSU, "Quiet");
    long orders = world.orders();
    String freeze = order(account, "freeze", "0.00");
    // The key of this one is with its holder.
    String own = page("/account?account=" + town.holder.account());
    assertFalse(own.contains("/account/confirm"));
    assertTrue(own.contains("Nothing can be signed for this account here"));
    assertEquals(
        403, form("/account/order", order(town.holder.account(), "freeze", "0.00")).status());
    String token = "Bearer " + world.node.tokens().issue(town.a);
    assertEquals(403, form("/account/order", Map.of("Authorization", token), freeze).status());
    Map<String, String> elsewhere = Map.of("Origin", "http://evil.example");
    assertEquals(403, form("/account/order", elsewhere, freeze).status());
    assertEquals(403, form("/account/order", Map.of("Via", "proxy"), freeze).status());
    World.Reply forwarded =
        world.get(KOMATSU, "/account?account=" + account, Map.of("Via", "proxy"));
    assertFalse(text(forwarded.expect(200)).contains("/account/confirm"));
    assertEquals(orders, world.orders());
    String mine = "Bearer " + world.node.tokens().issue(account);
    Map<String, String> by = Map.of("Authorization", mine, "Via", "proxy");
    assertEquals(303, form("/account/order", by, freeze).status());
    assertEquals(true, json(account).at("frozen"));
  }

  @Test
  void anAddressCannotMakeUpWhatWasDone() throws Exception {
    AccountId account = world.person(KOMATSU, "Honest");
    String page = page("/account?account=" + account + "&done=" + UUID.randomUUID());
    assertFalse(page.contains("notice done"), page);
    World.Reply beginning = world.get(KOMATSU, "/account/order");
    assertEquals("/account", beginning.header("location"));
    assertNull(json(account).at("announced_key"));
  }
}
