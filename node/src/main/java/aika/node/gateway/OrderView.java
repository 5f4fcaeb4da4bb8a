package aika.node.gateway;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.OrderId;
import java.util.List;

/**
 * An accepted order.
 *
 * @param kind {@code send}, {@code receive} …
 * @param index its leaf on {@code chain}; a batch's first
 * @param time the leaf's, ms since 1970
 * @param transfers that it is about: none, one, or a batch's in the order of its payments
 * @param repeated whether this answers a request that had been accepted before
 */
public record OrderView(
    AccountId account,
    OrderId id,
    String kind,
    ChainId chain,
    long index,
    long time,
    List<TransferView> transfers,
    boolean repeated) {
  static final String BATCH = "send-batch";

  public OrderView {
    transfers = List.copyOf(transfers);
  }

  /** Whether it may be about several transfers. */
  boolean isBatch() {
    return kind.equals(BATCH);
  }
}
