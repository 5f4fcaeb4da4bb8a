package aika.node.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.node.wallet.CounterRules.Verdict;
import aika.node.wallet.CounterRules.Way;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CounterRulesTest {
  private static final AccountId A = AccountId.of("Asia-Komatsu/k3v9q2mw");
  private static final AccountId B = AccountId.of("Asia-Komatsu/p8d1x7aa");

  private final CounterRules rules = new CounterRules(2001);

  /** Headers as {@code Name: value; Name: value}, in place of or beside a plain JSON request's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          192.0.2.7   |                                                   | own machine
          10.0.0.1    |                                                   | own machine
          ::2         |                                                   | own machine
          127.0.0.1   | Forwarded: for=192.0.2.7                          | (forwarded)
          127.0.0.1   | X-Forwarded-For: 127.0.0.1                        | (x-forwarded-for)
          127.0.0.1   | x-forwarded-host: localhost:2001                  | (x-forwarded-host)
          127.0.0.1   | X-Forwarded-Anything: 1                           | (x-forwarded-anything)
          127.0.0.1   | X-Forwarded: 1                                    | (x-forwarded)
          127.0.0.1   | X-Real-IP: 127.0.0.1                              | (x-real-ip)
          127.0.0.1   | VIA: 1.1 proxy                                    | (via)
          127.0.0.1   | Host: -                                           | Host
          127.0.0.1   | Host: localhost                                   | Host
          127.0.0.1   | Host: localhost:2000                              | Host
          127.0.0.1   | Host: localhost:20010                             | Host
          127.0.0.1   | Host: evil.example:2001                           | Host
          127.0.0.1   | Host: localhost.evil.example:2001                 | Host
          127.0.0.1   | Host: 127.0.0.2:2001                              | Host
          127.0.0.1   | Host: ::1:2001                                    | Host
          127.0.0.1   | Host: localhost:2001; Host: localhost:2001        | Host
          127.0.0.1   | Origin: http://evil.example                       | another origin
          127.0.0.1   | Origin: null                                      | another origin
          127.0.0.1   | Origin: http://localhost:2000                     | another origin
          127.0.0.1   | Origin: http://127.0.0.1:2001                     | another origin
          127.0.0.1   | Origin: http://localhost:2001.evil.example        | another origin
          127.0.0.1   | Origin: file://localhost:2001                     | another origin
          127.0.0.1   | Origin: http://localhost:2001; Origin: null       | another origin
          127.0.0.1   | Sec-Fetch-Site: cross-site                        | another site
          127.0.0.1   | Sec-Fetch-Site: same-site                         | another site
          127.0.0.1   | Sec-Fetch-Site: none; Sec-Fetch-Site: none        | another site
          127.0.0.1   | Content-Type: -                                   | neither
          127.0.0.1   | Content-Type: text/plain                          | neither
          127.0.0.1   | Content-Type: multipart/form-data                 | neither
          127.0.0.1   | Content-Type: application/jsonp                   | neither
          127.0.0.1   | Content-Type: text/plain; Content-Type: application/json | neither
          127.0.0.1   | Content-Type: application/x-www-form-urlencoded   | without an Origin
          127.0.0.1   | Content-Type: application/x-www-form-urlencoded; Origin: null | another origin
          127.0.0.1   | Content-Type: application/x-www-form-urlencoded; Sec-Fetch-Site: none | without an Origin
          """)
  void refused(String remote, String headers, String detail) {
    assertRefused(detail, rules.decide(request(remote, headers), A, true, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          127.0.0.1   |
          127.8.9.1   |
          ::1         | Host: [::1]:2001
          ::ffff:127.0.0.1 |
          127.0.0.1   | Host: LocalHost:2001
          127.0.0.1   | Host: 127.0.0.1:2001; Origin: http://127.0.0.1:2001
          127.0.0.1   | Origin: http://localhost:2001; Sec-Fetch-Site: same-origin
          127.0.0.1   | Sec-Fetch-Site: none
          127.0.0.1   | Content-Type: Application/JSON
          127.0.0.1   | Content-Type: application/x-www-form-urlencoded; Origin: http://localhost:2001
          127.0.0.1   | Content-Type: application/x-www-form-urlencoded; Origin: http://localhost:2001; Sec-Fetch-Site: same-origin
          """)
  void permittedAtTheCounter(String remote, String headers) {
    assertEquals(
        new Verdict.Permitted(Way.COUNTER), rules.decide(request(remote, headers), A, true, null));
  }

  @Test
  void parametersOfTheMediaTypeDoNotMatter() {
    Map<String, List<String>> headers =
        Map.of(
            "host", List.of("localhost:2001"),
            "content-type", List.of("application/json ; charset=utf-8"));
    UnsignedRequest request = new UnsignedRequest(InetAddress.getLoopbackAddress(), headers);
    assertEquals(new Verdict.Permitted(Way.COUNTER), rules.decide(request, A, true, null));
  }

  @Test
  void onPort80BrowsersLeaveThePortOut() {
    UnsignedRequest request = request("127.0.0.1", "Host: localhost; Origin: http://localhost");
    assertEquals(
        new Verdict.Permitted(Way.COUNTER), new CounterRules(80).decide(request, A, true, null));
  }

  @Test
  void aTokenPermitsItsAccountFromAnywhere() {
    for (String remote : new String[] {"192.0.2.7", "127.0.0.1"}) {
      UnsignedRequest request =
          request(remote, "Authorization: Bearer x; X-Forwarded-For: 192.0.2.7; Host: a.example");
      assertEquals(new Verdict.Permitted(Way.TOKEN), rules.decide(request, A, true, A));
      assertRefused("token", rules.decide(request, A, true, B));
      assertRefused("token", rules.decide(request, A, true, null));
    }
  }

  @Test
  void aWrongTokenIsRefusedAlsoAtTheCounter() {
    UnsignedRequest request = request("127.0.0.1", "Authorization: Bearer x");
    assertRefused("token", rules.decide(request, A, true, null));
  }

  @Test
  void twoTokensAreRefused() {
    UnsignedRequest request =
        request("127.0.0.1", "Authorization: Bearer x; authorization: Bearer y");
    assertRefused("more than one", rules.decide(request, A, true, A));
  }

  @Test
  void anAccountWithAKeyOfItsOwnMustSign() {
    assertRefused("counter wallet", rules.decide(request("127.0.0.1", ""), A, false, null));
    UnsignedRequest withToken = request("192.0.2.7", "Authorization: Bearer x");
    assertRefused("counter wallet", rules.decide(withToken, A, false, A));
  }

  @Test
  void strangersAreRefusedBeforeANameIsLookedUp() {
    UnsignedRequest stranger = request("192.0.2.7", "");
    UnsignedRequest withToken = request("192.0.2.7", "Authorization: Bearer x");
    assertTrue(rules.refusedAnyway(stranger, null).isPresent());
    assertTrue(rules.refusedAnyway(withToken, null).isPresent());
    assertTrue(rules.refusedAnyway(withToken, A).isEmpty());
    assertTrue(rules.refusedAnyway(request("127.0.0.1", ""), null).isEmpty());
  }

  @Test
  void aRequestIsShownWithoutItsToken() {
    UnsignedRequest request = request("127.0.0.1", "Authorization: Bearer secret");
    assertFalse(request.toString().contains("secret"));
  }

  private static UnsignedRequest request(String remote, String text) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String one : text == null ? new String[0] : text.split("; ")) {
      if (!one.isBlank()) {
        int colon = one.indexOf(": ");
        headers
            .computeIfAbsent(one.substring(0, colon), name -> new ArrayList<>())
            .add(one.substring(colon + 2).strip());
      }
    }
    headers.putIfAbsent("Host", List.of("localhost:2001"));
    headers.putIfAbsent("Content-Type", List.of("application/json"));
    headers.values().removeIf(values -> values.equals(List.of("-")));
    return new UnsignedRequest(InetAddress.ofLiteral(remote), headers);
  }

  private static void assertRefused(String detail, Verdict verdict) {
    Refusal refusal = assertInstanceOf(Verdict.Refused.class, verdict).refusal();
    assertEquals(Reason.UNSIGNED_REFUSED, refusal.reason());
    assertTrue(refusal.detail().contains(detail), refusal.detail());
  }
}
