package aika.node.gateway;

import aika.core.follow.Event;
import aika.core.follow.OfferList;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.node.approve.Approved;
import aika.node.follow.PendingList;
import aika.node.gateway.TransferView.Actor;
import aika.node.gateway.TransferView.Decider;
import aika.node.gateway.TransferView.Next;
import aika.node.gateway.TransferView.Step;
import aika.node.mirror.ReadableChains;
import aika.node.order.Chain;
import aika.node.store.Seal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tells the story of a transfer from the two chains' leaves (docs/spec/http.md, HTTP-30 ff.). */
final class Transfers {
  private final ReadableChains chains;
  private final PendingList pending;
  private final Holds holds;
  private final People people;
  private final LongSupplier clock;

  Transfers(
      ReadableChains chains, PendingList pending, Holds holds, People people, LongSupplier clock) {
    this.chains = chains;
    this.pending = pending;
    this.holds = holds;
    this.people = people;
    this.clock = clock;
  }

  /** The chain, which must be served here. */
  Chain served(ChainId id) {
    Chain chain = chains.shard().find(id);
    if (chain == null) {
      throw new ElsewhereException(id);
    }
    return chain;
  }

  /** The chain's leaves as far as they are known here. */
  Chain readable(ChainId id) {
    Chain chain = chains.find(id);
    if (chain == null) {
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, id + " is not served here");
    }
    return chain;
  }

  /** Whether another node serves this chain, and nothing of it is copied here. */
  boolean lacks(ChainId id) {
    return chains.lacks(id);
  }

  /** Has it found out whether the transfer's chain is to be copied for its receiver's sake. */
  void seek(TransferId id, ChainId receiver) {
    chains.seek(id.origin(), receiver);
  }

  /** The hold that a transfer's send made. */
  Row.Hold hold(TransferId id) {
    Chain origin = chains.find(id.origin());
    Row.Hold hold = origin == null ? null : origin.get(new Key.OfHold(id.index()));
    if (hold == null) {
      Reason reason = isBehind(id) ? Reason.NOT_LISTED_YET : Reason.UNKNOWN_TRANSFER;
      throw RefusedException.of(reason, id.toString());
    }
    return hold;
  }

  /**
   * Whether this transfer may be there although the copy of its chain does not tell of it yet, or
   * was not begun: another node serves the chain.
   */
  boolean isBehind(TransferId id) {
    Chain copy = chains.serves(id.origin()) ? null : chains.find(id.origin());
    boolean further = copy == null ? lacks(id.origin()) : id.index() >= copy.size();
    return further && id.origin().municipal();
  }

  /**
   * How the receiver's chain decided; null while nothing of that is known here. What it decided
   * about another send of this number, in a history that was given up, is for this one a
   * cancellation [E-9].
   */
  Row.@Nullable Outcome outcome(Offer offer) {
    Chain receiver = chains.find(offer.to().chain());
    Row.Outcome outcome =
        receiver == null ? null : receiver.get(new Key.OfOutcome(offer.transfer()));
    return outcome == null || outcome.sendLeaf().equals(offer.sendLeaf())
        ? outcome
        : new Row.Outcome(
            offer.transfer(), OutcomeKind.CANCELLED, outcome.index(), offer.sendLeaf());
  }

  TransferView view(TransferId id, People.Right right) {
    Row.Hold hold = hold(id);
    Offer offer = hold.offer();
    boolean named = right.sees(offer.from(), offer.to());
    Chain origin = readable(id.origin());
    Entry entry = origin.entry(id.index());
    Event.Sent sent = sent(origin.id(), entry);
    List<Step> history = new ArrayList<>();
    Step executed = step(TransferState.SEND_PENDING, sent.time(), origin, id.index());
    history.add(step(TransferState.SEND, sent.arrived(), origin, id.index()));
    history.add(executed);
    pending.listed(id).map(this::listed).ifPresent(history::add);
    if (hold.cancelAsked()) {
      long index = hold.cancelIndex();
      history.add(step(Step.CANCEL, origin.entry(index).leaf().time(), origin, index));
    }
    Row.Outcome outcome = outcome(offer);
    Step ended = outcome == null ? ended(hold, origin) : null;
    if (outcome != null) {
      history.addAll(decided(offer, outcome));
    } else if (ended != null) {
      history.add(ended);
    }
    TransferState state =
        ended != null
            ? TransferState.valueOf(ended.what().toUpperCase(Locale.ROOT))
            : outcome == null
                ? TransferState.SEND_PENDING
                : state(outcome.kind(), history.getLast().approvedAt() != null);
    return new TransferView(
        id,
        sent.order(),
        people.party(offer.from(), named, id, offer.to()),
        people.party(offer.to(), named, id, offer.from()),
        offer.amount(),
        state,
        hold.status(),
        history,
        next(hold, state, executed, history.getLast()),
        Refunds.refundOf(entry),
        offer.validUntil(),
        state == TransferState.SEND_PENDING && clock.getAsLong() >= offer.validUntil(),
        false,
        named ? people.memo(offer.to(), memoHash(entry)) : null);
  }

  /**
   * How the sender's own chain says that the transfer ended, while the receiver's cannot be read;
   * null while it has not. Who decided it is told as far as it follows from that.
   */
  private @Nullable Step ended(Row.Hold hold, Chain origin) {
    if (hold.status() == Row.Hold.Status.HELD) {
      return null;
    }
    Settlement end = Settlement.of(hold.offer(), origin);
    Step step = step(state(end.kind(), true), end.time(), origin, end.leaf());
    Decider by = decider(end.kind(), hold.cancelAsked());
    return by == null ? step : step.decidedBy(by);
  }

  private static @Nullable Decider decider(OutcomeKind kind, boolean cancelAsked) {
    return switch (kind) {
      case RECEIVED, REJECTED -> null;
      case CANCELLED -> cancelAsked ? null : Decider.GIVEN_UP_HISTORY;
      case EXPIRED -> Decider.DEADLINE;
    };
  }

  /** Who made a leaf decide as it does about this very send. */
  private static Decider decider(Leaf leaf, Offer offer) {
    Leaf.Decision decision = Objects.requireNonNull(leaf.decision());
    if (!decision.sendLeaf().equals(offer.sendLeaf())) {
      return Decider.GIVEN_UP_HISTORY;
    }
    if (leaf instanceof Leaf.Executed) {
      return Decider.RECEIVER;
    }
    return switch (decision.kind()) {
      case RECEIVED -> Decider.STANDING_ORDER;
      case REJECTED -> Decider.CLOSED;
      case CANCELLED -> Decider.SENDER;
      case EXPIRED -> Decider.DEADLINE;
    };
  }

  private static Event.Sent sent(ChainId chain, Entry entry) {
    for (Event event : Event.of(chain, entry)) {
      if (event instanceof Event.Sent sent) {
        return sent;
      }
    }
    throw RefusedException.of(Reason.UNKNOWN_TRANSFER, chain + ":" + entry.index());
  }

  private static @Nullable Hash memoHash(Entry entry) {
    return entry.leaf() instanceof Leaf.Executed executed
            && executed.order().order() instanceof Order.Send send
        ? send.memoHash()
        : null;
  }

  private static TransferState state(OutcomeKind kind, boolean approved) {
    return switch (kind) {
      case RECEIVED -> approved ? TransferState.COMPLETE : TransferState.RECEIVE_PENDING;
      case REJECTED -> TransferState.REJECTED;
      case CANCELLED -> TransferState.CANCELLED;
      case EXPIRED -> TransferState.EXPIRED;
    };
  }

  private List<Step> decided(Offer offer, Row.Outcome outcome) {
    Chain receiver = readable(offer.to().chain());
    long index = outcome.index();
    Leaf leaf = receiver.entry(index).leaf();
    Decider by = decider(leaf, offer);
    if (outcome.kind() != OutcomeKind.RECEIVED) {
      Step ended = step(state(outcome.kind(), false), leaf.time(), receiver, index);
      return List.of(ended.decidedBy(by));
    }
    List<Step> steps = new ArrayList<>();
    Step executed = step(TransferState.RECEIVE_PENDING, leaf.time(), receiver, index);
    long arrived =
        leaf instanceof Leaf.Executed order ? Math.min(order.arrived(), leaf.time()) : leaf.time();
    steps.add(step(TransferState.RECEIVE, arrived, receiver, index));
    steps.add(executed.decidedBy(by));
    if (executed.approvedAt() != null) {
      long time = Math.max(executed.approvedAt(), executed.time());
      steps.add(step(TransferState.COMPLETE, time, receiver, index));
    }
    return steps;
  }

  private Step step(TransferState state, long time, Chain chain, long index) {
    return step(state.text(), time, chain, index);
  }

  private Step step(String what, long time, Chain chain, long index) {
    Seal seal = chain.sealAfter(index);
    SignedCheckpoint approval = chain.approvalOf(index);
    Approved approved = approval == null ? null : Approved.of(approval);
    List<String> approvers = approved == null ? List.of() : approved.seats();
    Long approvedAt = approved == null ? null : (Long) approved.time();
    Long height = seal == null ? null : (Long) seal.height();
    return new Step(what, time, chain.id(), height, index, approvers, approvedAt, null);
  }

  private Step listed(OfferList.Listed listed) {
    return step(Step.LISTED, listed.time(), readable(listed.continent()), listed.index());
  }

  private Next next(Row.Hold hold, TransferState state, Step sent, Step last) {
    Offer offer = hold.offer();
    ChainId origin = offer.from().chain();
    ChainId receiver = offer.to().chain();
    return switch (state) {
      case SEND, SEND_PENDING -> {
        boolean late = clock.getAsLong() >= offer.validUntil();
        yield sent.approvedAt() == null
            ? new Next(Actor.REPRESENTATIVES, origin, null)
            : hold.cancelAsked() || late
                ? new Next(Actor.REPRESENTATIVES, receiver, null)
                : new Next(Actor.RECEIVER, receiver, offer.validUntil());
      }
      case RECEIVE, RECEIVE_PENDING -> new Next(Actor.REPRESENTATIVES, receiver, null);
      case COMPLETE -> new Next(Actor.NOBODY, null, null);
      case REJECTED, CANCELLED, EXPIRED ->
          last.approvedAt() == null
              ? new Next(Actor.REPRESENTATIVES, receiver, null)
              : hold.status() == Row.Hold.Status.HELD
                  ? new Next(Actor.REPRESENTATIVES, origin, null)
                  : new Next(Actor.NOBODY, null, null);
    };
  }

  /** What an account has sent and its chain still holds, the oldest first. */
  List<Offer> holdsOf(Row.Account account) {
    return holds.of(account, served(account.id().chain()));
  }
}
