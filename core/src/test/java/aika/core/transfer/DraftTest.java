package aika.core.transfer;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Leaf;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Seats;
import aika.core.ledger.TestKeys;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What no command may do, should a rule before it be wrong. */
final class DraftTest {
  private final TestFederation fed = TestFederation.standard();
  private final AccountId account = fed.open(KOMATSU, "aaaa", "10.00");

  private Draft draft() {
    TestChain chain = fed.chain(KOMATSU);
    return new Draft(new Turn(chain.state(), chain.head(), fed.now()));
  }

  private void add(Draft draft) {
    Leaf.Cited cited = new Leaf.Cited(1, 2, Hash.of(TestKeys.seed("send")));
    TransferId transfer = new TransferId(KANAZAWA, 1);
    draft.add(new Leaf.Concluded(fed.now(), transfer, OutcomeKind.EXPIRED, cited));
  }

  private static void breaks(String what, Runnable step) {
    BrokenInvariantException broken = assertThrows(BrokenInvariantException.class, step::run);
    assertTrue(String.valueOf(broken.getMessage()).contains(what), broken::getMessage);
  }

  @Test
  void moneyDoesNotAppear() {
    Draft draft = draft();
    draft.postPerson(account, Money.of("1.00"));
    breaks("do not balance", () -> add(draft));
  }

  @Test
  void moneyDoesNotVanish() {
    Draft draft = draft();
    draft.postPerson(account, Money.of("-1.00"));
    draft.postHolds(Money.of("0.99"));
    breaks("do not balance", () -> add(draft));
  }

  @Test
  void noBalanceIsNegative() {
    Draft draft = draft();
    draft.postPerson(account, Money.of("-10.00"));
    breaks("negative balance", () -> draft.postPerson(account, Money.of("-0.01")));
  }

  @Test
  void noMoreIsHeldThanThereIs() {
    Draft draft = draft();
    draft.postHolds(Money.of("2.00"));
    draft.postHolds(Money.of("-2.00"));
    breaks("negative holds", () -> draft.postHolds(Money.of("-0.01")));
  }

  @Test
  void noElectionIsWrittenThatNobodyCanRead() {
    Draft draft = draft();
    Seats seats = fed.directory().entry(KOMATSU).seats();
    Leaf.Ranked negative = new Leaf.Ranked("aika.example/Asia-Komatsu/seat1", -1, Money.ZERO);
    Leaf elected = new Leaf.Elected(fed.now(), seats, List.of(negative));
    breaks("cannot be read", () -> draft.add(elected));
  }

  @Test
  void nobodyIsPaidWhoIsNotThere() {
    Draft draft = draft();
    AccountId nobody = new AccountId(KOMATSU, "zzzz");
    breaks("no account", () -> draft.postPerson(nobody, Money.of("1.00")));
    assertEquals(0, draft.postings().size());
  }
}
