package aika.core.follow;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.transfer.TestFederation;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** [NBR-16, HTTP-63] Who has made offers to whom, up to which leaf. */
final class PartnersTest {
  private final TestFederation fed = TestFederation.standard();
  private final FollowedFederation chains = new FollowedFederation(fed);
  private final Partners partners = new Partners(chains, chains.rows);
  private final AccountId a = fed.open(KOMATSU, "aaaa", "1000.00");
  private final AccountId neighbour = fed.open(KOMATSU, "aabb");
  private final AccountId b = fed.open(KANAZAWA, "bbbb", "1000.00");
  private final AccountId p = fed.open(PARIS, "pppp", "1000.00");

  private Partners.Read read(ChainId chain) {
    chains.approve(chain);
    Partners.Read read = partners.read(chain);
    assertNotNull(read);
    assertNull(partners.read(chain), "all of it");
    return read;
  }

  private static Partners.Head head(TransferId last, ChainId to) {
    return new Partners.Head(last.origin(), to, last.index() + 1);
  }

  @Test
  void theLastOfferToEachChainIsItsHead() {
    fed.send(a, b, "1.00");
    TransferId second = fed.send(a, b, "1.00");
    fed.send(a, neighbour, "1.00");
    assertNull(partners.read(KOMATSU), "nothing is approved");
    assertEquals(List.of(head(second, KANAZAWA)), read(KOMATSU).heads());
    TransferId paris = fed.send(a, p, "1.00");
    assertEquals(List.of(head(paris, PARIS)), read(KOMATSU).heads());
    assertEquals(List.of(head(second, KANAZAWA), head(paris, PARIS)), partners.from(KOMATSU));
    assertEquals(List.of(), partners.from(KANAZAWA));

    TransferId third = fed.send(a, b, "1.00");
    read(KOMATSU);
    assertEquals(List.of(head(third, KANAZAWA), head(paris, PARIS)), partners.from(KOMATSU));
    long time = fed.chain(KOMATSU).entries().get((int) third.index()).leaf().time();
    assertEquals(time, partners.time(head(third, KANAZAWA)));
  }

  @Test
  void thoseWhoSentAreInTheirOrderFromAnyOn() {
    Partners.Head komatsu = head(fed.send(a, b, "1.00"), KANAZAWA);
    Partners.Head paris = head(fed.send(p, b, "1.00"), KANAZAWA);
    fed.send(b, a, "1.00");
    List.of(KOMATSU, PARIS, KANAZAWA).forEach(this::read);
    assertEquals(List.of(komatsu, paris), partners.to(KANAZAWA, null, 10));
    assertEquals(List.of(komatsu), partners.to(KANAZAWA, null, 1));
    assertEquals(List.of(paris), partners.to(KANAZAWA, KOMATSU, 10));
    assertEquals(List.of(), partners.to(KANAZAWA, PARIS, 10));
    assertEquals(List.of(), partners.to(PARIS, null, 10));
  }

  @Test
  void whatAChainHasRecordedIsTold() {
    fed.send(p, b, "1.00");
    chains.record(KANAZAWA, PARIS);
    Partners.Read read = read(KANAZAWA);
    assertEquals(Set.of(PARIS), read.recorded());
    assertEquals(List.of(), read.heads());
  }
}
