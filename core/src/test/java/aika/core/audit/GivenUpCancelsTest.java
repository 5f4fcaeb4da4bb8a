package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * [AUD-8] Whose transfer was cancelled, when the cancel order is of a history that was given up.
 */
final class GivenUpCancelsTest {
  private final PartedHistories two = new PartedHistories(Policy.standard());
  private final AccountId a = two.open(KOMATSU, "k3v9q2mw", "100.00");
  private final AccountId b = two.open(KANAZAWA, "p8d1x7aa", "50.00");
  private final TransferId common = sentInBoth();

  private TransferId sentInBoth() {
    TransferId _ = two.branch.send(a, b, "5.00");
    TransferId sent = two.fed.send(a, b, "5.00");
    two.part();
    return sent;
  }

  /** The send is in both histories; the one that goes on is shorter than what was recorded. */
  @Test
  void aSendOfBothHistoriesIsLookedUpInTheShorterOne() throws Exception {
    long cancel = two.branch.cancel(a, common).index();
    for (int i = 0; i < 20; i++) {
      AccountId _ = two.branch.open(KOMATSU, "m0re%04d".formatted(i));
    }
    long shown = two.show();
    two.conclude(common, OutcomeKind.CANCELLED, cancel);
    two.convict();
    two.recover();
    assertTrue(two.fed.chain(KOMATSU).head().size() < two.branch.chain(KOMATSU).head().size());
    AuditReport report = two.audit(two.published());
    assertEquals(List.of(), report.findings());
    assertEquals(
        List.of(PartedHistories.at(Finding.Kind.GIVEN_UP, shown)),
        PartedHistories.lines(report.notes()));
  }
}
