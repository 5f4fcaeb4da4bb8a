package aika.core.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import aika.core.log.Merkle;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MemoryStateTest {
  private static final AccountId A = AccountId.of("Asia-Komatsu/aaaa");
  private static final AccountId B = AccountId.of("Asia-Kanazawa/bbbb");

  private final MemoryState state = new MemoryState();

  private static Row.Hold hold(long index, Row.Hold.Status status) {
    TransferId transfer = new TransferId(A.chain(), index);
    Offer offer = new Offer(transfer, A, B, Money.ofMinor(1), 1_000, Merkle.EMPTY_ROOT);
    return new Row.Hold(offer, status, Row.Hold.NOT_CANCELLED);
  }

  private static Row.Ordered ordered(long number, long notAfter) {
    OrderId id = new OrderId(new UUID(0, number));
    return new Row.Ordered(A, id, Merkle.EMPTY_ROOT, number, notAfter);
  }

  @Test
  void forgetsWhatNoRuleReadsAgainAndNothingElse() {
    Row.Outcome outcome =
        new Row.Outcome(new TransferId(B.chain(), 1), OutcomeKind.RECEIVED, 9, Merkle.EMPTY_ROOT);
    state.write(
        List.of(
            hold(1, Row.Hold.Status.HELD),
            hold(2, Row.Hold.Status.SETTLED),
            hold(3, Row.Hold.Status.REFUNDED),
            ordered(4, 4_999),
            outcome));
    state.forget();
    assertNotNull(state.get(new Key.OfHold(1)));
    assertNull(state.get(new Key.OfHold(2)));
    assertNull(state.get(new Key.OfHold(3)));
    assertNotNull(state.get(ordered(4, 0).key()), "an id is never free again");
    assertNotNull(state.get(outcome.key()));
    assertEquals(3, state.size());
  }

  @Test
  void aCopyGoesItsOwnWay() {
    state.write(List.of(hold(1, Row.Hold.Status.HELD)));
    MemoryState copy = state.copy();
    copy.write(List.of(hold(2, Row.Hold.Status.HELD)));
    state.write(List.of(hold(1, Row.Hold.Status.SETTLED)));
    assertEquals(1, state.size());
    assertEquals(2, copy.size());
    assertEquals(hold(1, Row.Hold.Status.HELD), copy.get(new Key.OfHold(1)));
  }
}
