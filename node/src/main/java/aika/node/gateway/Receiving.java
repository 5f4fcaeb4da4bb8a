package aika.node.gateway;

import aika.core.ledger.Action;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import aika.node.follow.Evidencing;
import aika.node.follow.Waiting;
import aika.node.order.Chain;
import aika.node.order.OutcomeUnknownException;
import aika.node.order.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Receives and declines: finds what waits, its evidence, and orders the decision of each. */
final class Receiving {
  /** Transfers in one answer. */
  static final int AT_ONCE_MAX = 100;

  /** How long a receive waits for the approval of a send that was just made. */
  private static final long APPROVAL_WAIT_MILLIS = 5_000;

  private final Shard shard;
  private final Waiting waiting;
  private final Evidencing evidencing;
  private final Transfers transfers;
  private final Ordered ordered;
  private final Signing signing;
  private final LongSupplier clock;

  Receiving(
      Shard shard,
      Waiting waiting,
      Evidencing evidencing,
      Transfers transfers,
      Ordered ordered,
      Signing signing,
      LongSupplier clock) {
    this.shard = shard;
    this.waiting = waiting;
    this.evidencing = evidencing;
    this.transfers = transfers;
    this.ordered = ordered;
    this.signing = signing;
    this.clock = clock;
  }

  /** Receives whatever waits for this account; one that is refused does not stop the others. */
  Received everything(AccountId receiver, People.Right right) {
    Waiting.Found found = waiting.sent(receiver, clock.getAsLong(), AT_ONCE_MAX + 1);
    long deadline = deadline();
    List<Attempt> attempts =
        found.offers().stream()
            .limit(AT_ONCE_MAX)
            .map(offer -> attempt(receiver, offer.transfer(), true, deadline))
            .toList();
    List<Received.Result> results = new ArrayList<>();
    for (Attempt attempt : attempts) {
      try {
        results.add(new Received.Taken(view(attempt, right)));
      } catch (RefusedException refused) {
        results.add(new Received.Refused(attempt.transfer, refused.refusal()));
      }
    }
    return new Received(receiver, results, found.offers().size() > AT_ONCE_MAX, found.incomplete());
  }

  /** Receives or declines one transfer; doing so again gets the first answer. */
  TransferView one(AccountId receiver, TransferId transfer, boolean receive, People.Right right) {
    return view(attempt(receiver, transfer, receive, deadline()), right);
  }

  /** Executes a signed receive or reject. */
  Ordered.Done signed(SignedOrder order, Order.Decide decide) {
    Ordered.Done earlier = ordered.earlier(order);
    if (earlier != null) {
      return earlier;
    }
    Chain chain = transfers.served(decide.account().chain());
    if (transfers.lacks(decide.transfer().origin())) {
      seek(order, decide);
    }
    return switch (evidence(chain, decide.transfer(), deadline())) {
      case Evidencing.Found.Citation found -> ordered.submit(order, found.citation());
      case Evidencing.Found.Missing missing -> throw new RefusedException(missing.refusal());
    };
  }

  /** Strangers must not have other nodes asked by orders that nobody has signed. */
  private void seek(SignedOrder order, Order.Decide decide) {
    Refusal refusal = shard.refusal(order);
    if (refusal != null) {
      throw Ordered.refused(order, refusal);
    }
    transfers.seek(decide.transfer(), decide.account().chain());
  }

  /** What came of one transfer so far: decided before, refused already, or on its way. */
  private record Attempt(
      TransferId transfer,
      boolean repeated,
      @Nullable Refusal refusal,
      Ordered.@Nullable Sent sent) {}

  private Attempt attempt(AccountId receiver, TransferId transfer, boolean receive, long deadline) {
    try {
      transfers.seek(transfer, receiver.chain());
      boolean _ = asked(() -> transfers.isBehind(transfer), behind -> behind, deadline);
      Offer offer = transfers.hold(transfer).offer();
      if (!offer.to().equals(receiver)) {
        return refused(transfer, Refusal.of(Reason.NOT_YOURS, transfer.toString()));
      }
      Chain chain = transfers.served(receiver.chain());
      Row.Outcome outcome = transfers.outcome(offer);
      if (outcome != null) {
        return outcome.kind() == wanted(receive)
            ? new Attempt(transfer, true, null, null)
            : refused(transfer, Refusal.of(Reason.ALREADY_DECIDED, outcome.kind().text()));
      }
      Order order = new Order.Decide(ordered.header(null), receiver, transfer, receive);
      return switch (evidence(chain, transfer, deadline)) {
        case Evidencing.Found.Citation found -> sent(order, found.citation());
        case Evidencing.Found.Missing missing -> refused(transfer, missing.refusal());
      };
    } catch (RefusedException refused) {
      return refused(transfer, refused.refusal());
    }
  }

  private Attempt sent(Order order, Action.Citation citation) {
    TransferId transfer = ((Order.Decide) order).transfer();
    return new Attempt(transfer, false, null, ordered.send(signing.sign(order), citation));
  }

  private static Attempt refused(TransferId transfer, Refusal refusal) {
    return new Attempt(transfer, false, refusal, null);
  }

  private TransferView view(Attempt attempt, People.Right right) {
    if (attempt.refusal != null) {
      throw new RefusedException(attempt.refusal);
    }
    boolean repeated =
        attempt.sent == null ? attempt.repeated : awaited(attempt.sent, attempt.transfer);
    return transfers.view(attempt.transfer, right).asRepeated(repeated);
  }

  /** Whether it was done before: also when another request of the same person was faster. */
  private boolean awaited(Ordered.Sent sent, TransferId transfer) {
    try {
      return ordered.await(sent).repeated();
    } catch (RefusedException refused) {
      if (refused.refusal().reason() == Reason.ALREADY_DECIDED
          && sent.order().order() instanceof Order.Decide decide
          && asWanted(decide, transfer)) {
        return true;
      }
      throw refused;
    }
  }

  private boolean asWanted(Order.Decide decide, TransferId transfer) {
    Row.Outcome outcome = transfers.outcome(transfers.hold(transfer).offer());
    return outcome != null && outcome.kind() == wanted(decide.receive());
  }

  private static OutcomeKind wanted(boolean receive) {
    return receive ? OutcomeKind.RECEIVED : OutcomeKind.REJECTED;
  }

  /** The evidence; waits for it while the send or its approval is on the way. */
  private Evidencing.Found evidence(Chain receiver, TransferId transfer, long deadlineNanos) {
    return asked(
        () -> cited(receiver, transfer),
        found ->
            found instanceof Evidencing.Found.Missing missing
                && comesSoon(missing.refusal().reason()),
        deadlineNanos);
  }

  /** The first answer that is not expected to change soon, or the one when time is up. */
  private <T> T asked(Supplier<T> question, Predicate<T> changesSoon, long deadlineNanos) {
    while (true) {
      long seen = shard.changes().version();
      T answer = question.get();
      long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      if (!changesSoon.test(answer) || left <= 0) {
        return answer;
      }
      try {
        shard.changes().await(seen, left);
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        return answer;
      }
    }
  }

  /**
   * Nothing of the person's order has been sent yet, so a late answer here is no doubt about it.
   */
  private Evidencing.Found cited(Chain receiver, TransferId transfer) {
    try {
      return evidencing.citation(receiver, transfer);
    } catch (OutcomeUnknownException late) {
      return new Evidencing.Found.Missing(
          Refusal.of(Reason.BUSY, "the evidence could not be recorded in time"));
    }
  }

  private static boolean comesSoon(Reason reason) {
    return reason == Reason.NOT_LISTED_YET || reason == Reason.EVIDENCE_MISSING;
  }

  private static long deadline() {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(APPROVAL_WAIT_MILLIS);
  }
}
