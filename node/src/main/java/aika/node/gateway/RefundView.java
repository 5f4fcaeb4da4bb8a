package aika.node.gateway;

import aika.core.money.Money;
import java.util.List;

/**
 * A transfer and what its receiver has given back of it.
 *
 * @param given by transfers whose money did not come back, the oldest first
 * @param all whether there are no others for certain
 */
public record RefundView(TransferView received, List<TransferView> given, boolean all) {
  public RefundView {
    given = List.copyOf(given);
  }

  public Money sum() {
    return given.stream().map(TransferView::amount).reduce(Money.ZERO, Money::plus);
  }

  /** What can still be given back; not less than nothing. */
  public Money left() {
    Money left = received.amount().minus(sum());
    return left.isNegative() ? Money.ZERO : left;
  }
}
