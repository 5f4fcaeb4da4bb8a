package aika.core.ledger;

import aika.core.log.ConflictProof;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a chain's log: a readable record of one thing that happened, with the money that it
 * moved. A leaf is a function of the earlier leaves and its command. Its text is defined in
 * docs/spec/leaves.md and written by {@link LeafText}.
 */
public sealed interface Leaf {
  /** Largest leaf: entry bundles of C2SP tlog-tiles have 16-bit lengths. */
  int LEAF_BYTES_MAX = 65_535;

  /** When the leader ordered it, ms since 1970; never before the previous leaf's. */
  long time();

  default List<Posting> postings() {
    return List.of();
  }

  /** Leaf 0: who the chain is and by which limits it executes. */
  record Genesis(
      long time, String federation, ChainId chain, Hash federationFile, Policy policy, Hash seats)
      implements Leaf {}

  /**
   * A person's order was accepted.
   *
   * @param arrived when the order reached the node, ms since 1970; information, never a rule
   * @param cited the send leaf that a receive, reject or cancel is about
   */
  record Executed(
      long time, long arrived, @Nullable Cited cited, List<Posting> postings, SignedOrder order)
      implements Leaf {}

  /**
   * A further payment of a batch, whose order stands in an earlier leaf of the same block.
   *
   * @param batch index of the batch's first leaf, which is its first payment
   * @param number of the payment in the batch, from 2
   * @param order the id that the sender gave the batch
   */
  record Paid(
      long time,
      long batch,
      int number,
      OrderId order,
      AccountId from,
      AccountId to,
      Money amount,
      long validUntil,
      List<Posting> postings)
      implements Leaf {}

  /**
   * The chain itself ended a transfer: nobody received it in time, the sender cancelled it, or the
   * receiver's standing order took it.
   */
  record Concluded(
      long time, TransferId transfer, OutcomeKind kind, Cited cited, List<Posting> postings)
      implements Leaf {
    public Concluded(long time, TransferId transfer, OutcomeKind kind, Cited cited) {
      this(time, transfer, kind, cited, List.of());
    }
  }

  /**
   * An approved checkpoint of another chain; on a continental chain this is an anchor.
   *
   * @param term whose seats approved it
   * @param handover leaf of the origin that seated the next (or, when {@code term} was not known
   *     before, this) term; {@link #NO_HANDOVER} for none
   */
  record Recorded(
      long time, ChainId origin, long size, Hash root, long term, Hash seats, long handover)
      implements Leaf {
    public static final long NO_HANDOVER = -1;

    public Recorded(long time, ChainId origin, long size, Hash root, long term, Hash seats) {
      this(time, origin, size, root, term, seats, NO_HANDOVER);
    }
  }

  /**
   * A term's end: who sits next, and how it came to that. The seal of the term's last block
   * follows.
   *
   * @param seats who sits next
   * @param standings everybody who stood, the first first
   */
  record Elected(long time, Seats seats, List<Ranked> standings) implements Leaf {
    public Elected {
      standings = List.copyOf(standings);
    }

    /** The term that begins. */
    public long term() {
      return seats.term();
    }
  }

  /**
   * A candidate's score.
   *
   * @param seat name of the seat's key
   * @param counted distinct counterparties; on a continental chain, leaves that the candidate's
   *     municipality anchored
   * @param total what the candidate's transfers moved; zero on a continental chain
   */
  record Ranked(String seat, long counted, Money total) {}

  /** The recovery quorum has seated representatives or closed the chain. A seal follows. */
  record Recovered(long time, SignedRecovery recovery) implements Leaf {}

  /** Another chain's seats have approved two histories; nothing of theirs is recorded any more. */
  record Conflicting(long time, ChainId origin, long term, ConflictProof proof) implements Leaf {}

  /**
   * Holds ended, on the evidence of another chain's (or the own) decisions.
   *
   * @param recorded size of the recorded checkpoint that covers all decisions
   */
  record Settled(long time, ChainId from, long recorded, List<Ended> ended, List<Posting> postings)
      implements Leaf {}

  /** A block ends here; the totals are of the chain after all earlier leaves. */
  record Sealed(
      long time,
      long height,
      long first,
      long term,
      Hash seats,
      Hash nextSeats,
      Money issued,
      Money balances,
      Money holds,
      Money clearing)
      implements Leaf {}

  /**
   * What a decision rests on.
   *
   * @param index leaf of the origin chain that was proven: the send, or the cancel order
   * @param recorded size of the origin's recorded checkpoint; 0 when the origin is the own chain
   * @param sendLeaf leaf hash of the send
   */
  record Cited(long index, long recorded, Hash sendLeaf) {}

  /**
   * @param hold index of the send leaf on this chain
   * @param index leaf of the deciding chain
   */
  record Ended(long hold, OutcomeKind kind, long index) {}

  /** How this leaf decided a transfer to its chain, or null when it did not. */
  default @Nullable Decision decision() {
    return switch (this) {
      case Executed e when e.order.order() instanceof Order.Decide d && e.cited != null ->
          new Decision(
              d.transfer(),
              d.receive() ? OutcomeKind.RECEIVED : OutcomeKind.REJECTED,
              e.cited.sendLeaf);
      case Concluded c -> new Decision(c.transfer, c.kind, c.cited.sendLeaf);
      default -> null;
    };
  }

  record Decision(TransferId transfer, OutcomeKind kind, Hash sendLeaf) {}

  /** The offer that this leaf makes, or null when it is not a send. */
  default @Nullable Offer offer(TransferId transfer, Hash leafHash) {
    return switch (this) {
      case Executed e when e.order.order() instanceof Order.Send send ->
          new Offer(transfer, send.from(), send.to(), send.amount(), send.validUntil(), leafHash);
      case Executed e when e.order.order() instanceof Order.SendBatch batch -> {
        Order.Payment first = batch.payments().getFirst();
        yield new Offer(
            transfer, batch.from(), first.to(), first.amount(), batch.validUntil(), leafHash);
      }
      case Paid p -> new Offer(transfer, p.from, p.to, p.amount, p.validUntil, leafHash);
      default -> null;
    };
  }
}
