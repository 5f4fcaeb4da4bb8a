package aika.node.gateway;

import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of a transfer.
 *
 * @param order the id that the sender gave the send order
 * @param hold where the money is: held for the receiver, settled, or refunded
 * @param history in the order of the states
 * @param refundOf the transfer whose money this one gives back, as its sender says; null for none
 * @param validUntil it can be received before this time, ms since 1970
 * @param overdue whether that time has come and nothing is known to be decided
 * @param repeated whether this answers a request that had been accepted before
 * @param memo the sender's line for the receiver; null when there is none here or not for this
 *     caller
 */
public record TransferView(
    TransferId id,
    OrderId order,
    Party sender,
    Party receiver,
    Money amount,
    TransferState state,
    Row.Hold.Status hold,
    List<Step> history,
    Next next,
    @Nullable TransferId refundOf,
    long validUntil,
    boolean overdue,
    boolean repeated,
    @Nullable String memo) {
  public TransferView {
    history = List.copyOf(history);
  }

  /**
   * A state that was reached, the listing on the pending list, or the sender's wish to have it
   * back.
   *
   * @param what the state's word, {@code listed} or {@code cancel}
   * @param time ms since 1970
   * @param height of the block; null while it is open
   * @param index of the leaf; null when there is none
   * @param approvers the seats that approved the block, {@code seat-1}; empty before
   * @param approvedAt when a quorum had, ms since 1970; null before
   * @param by who decided how the transfer ends; null of a step that decides nothing, or when that
   *     is not known here
   */
  public record Step(
      String what,
      long time,
      ChainId chain,
      @Nullable Long height,
      @Nullable Long index,
      List<String> approvers,
      @Nullable Long approvedAt,
      @Nullable Decider by) {
    public static final String LISTED = "listed";
    public static final String CANCEL = "cancel";

    public Step {
      approvers = List.copyOf(approvers);
    }

    Step decidedBy(Decider decider) {
      return new Step(what, time, chain, height, index, approvers, approvedAt, decider);
    }
  }

  /** Who, or what, decided how a transfer ends. */
  public enum Decider {
    /** The receiver's own order. */
    RECEIVER,
    /** The receiver's standing order. */
    STANDING_ORDER,
    /** The sender, who asked for it back in time. */
    SENDER,
    /** Nobody, in time. */
    DEADLINE,
    /** The receiver's chain: it, or the receiver's account, is closed. */
    CLOSED,
    /**
     * Another history of the sender's chain, which was given up: the receiver's chain had decided
     * about that one's transfer of the same number [E-9].
     */
    GIVEN_UP_HISTORY;

    /** The word in answers: {@code standing_order}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Who must act next. */
  public enum Actor {
    SENDER,
    RECEIVER,
    REPRESENTATIVES,
    NOBODY
  }

  /**
   * @param chain whose representatives, or whose person; null for nobody
   * @param until ms since 1970; null when there is no time limit
   */
  public record Next(Actor who, @Nullable ChainId chain, @Nullable Long until) {}

  /** Whether nothing will change any more. */
  public boolean ended() {
    return next.who == Actor.NOBODY;
  }

  /** Whether the sender asked for it back, in time or not. */
  public boolean cancelAsked() {
    return history.stream().anyMatch(step -> step.what.equals(Step.CANCEL));
  }

  /** Who decided how it ends; null while nobody has, or when it is not known here. */
  public @Nullable Decider decidedBy() {
    return history.stream().map(Step::by).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /** Where more is to be had, by name; paths on every gateway. */
  public Map<String, String> links() {
    return Links.of(this);
  }

  TransferView asRepeated(boolean isRepeated) {
    return new TransferView(
        id,
        order,
        sender,
        receiver,
        amount,
        state,
        hold,
        history,
        next,
        refundOf,
        validUntil,
        overdue,
        isRepeated,
        memo);
  }
}
