package aika.client;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transfer as a gateway tells it (docs/spec/http.md, HTTP-22 and HTTP-30 ff.).
 *
 * @param order the id that the sender gave the send
 * @param status {@code send_pending}, {@code receive_pending}, {@code complete}, {@code rejected},
 *     {@code cancelled} or {@code expired}
 * @param refundOf the transfer whose money this one gives back, as its sender says; null for none
 * @param validUntil it can be received before this time, ms since 1970
 * @param overdue whether that time has come while nothing is known to be decided
 * @param cancelAsked whether its sender asked for it back, in time or not
 * @param decidedBy who decided how it ends: {@code receiver}, {@code standing_order}, {@code
 *     sender}, {@code deadline}, {@code closed} or {@code given_up_history}; null while nobody has,
 *     or when the gateway does not know
 * @param hold where the sender's money is, in the words of the gateway (held by its chain, settled
 *     or refunded); null in the answer to an order
 * @param history as far as reached; empty in the answer to an order
 */
public record Transfer(
    TransferId id,
    OrderId order,
    AccountId sender,
    AccountId receiver,
    Money amount,
    String status,
    @Nullable TransferId refundOf,
    long validUntil,
    boolean overdue,
    boolean cancelAsked,
    @Nullable String decidedBy,
    @Nullable String hold,
    List<Step> history) {
  public Transfer {
    history = List.copyOf(history);
  }

  /**
   * @param state as in the source, or {@code listed}
   * @param time ms since 1970
   * @param leaf null when there is none
   * @param block height; null while it is open
   * @param approvedAt ms since 1970; null before the block is approved
   * @param by who decided, as in {@link #decidedBy}; null of a step that decides nothing
   */
  public record Step(
      String state,
      long time,
      ChainId chain,
      @Nullable Long leaf,
      @Nullable Long block,
      @Nullable Long approvedAt,
      @Nullable String by) {}
}
