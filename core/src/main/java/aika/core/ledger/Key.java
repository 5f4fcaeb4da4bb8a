package aika.core.ledger;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.OrderId;
import aika.core.money.TransferId;

/** Names a row of a chain's state. Equality is written out for speed, as in {@link ChainId}. */
public sealed interface Key<R extends Row> {
  record OfHead() implements Key<Row.Head> {}

  record OfAccount(AccountId account) implements Key<Row.Account> {
    @Override
    public boolean equals(Object other) {
      return other instanceof OfAccount that && account.equals(that.account);
    }

    @Override
    public int hashCode() {
      return account.hashCode();
    }
  }

  record OfClearing(ChainId counterpart) implements Key<Row.Clearing> {
    @Override
    public boolean equals(Object other) {
      return other instanceof OfClearing that && counterpart.equals(that.counterpart);
    }

    @Override
    public int hashCode() {
      return 31 + counterpart.hashCode();
    }
  }

  /** A hold by the index of its send leaf. */
  record OfHold(long index) implements Key<Row.Hold> {
    @Override
    public boolean equals(Object other) {
      return other instanceof OfHold that && index == that.index;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(index);
    }
  }

  record OfOutcome(TransferId transfer) implements Key<Row.Outcome> {
    @Override
    public boolean equals(Object other) {
      return other instanceof OfOutcome that && transfer.equals(that.transfer);
    }

    @Override
    public int hashCode() {
      return transfer.hashCode();
    }
  }

  record OfRecorded(ChainId origin, long size) implements Key<Row.Recorded> {
    @Override
    public boolean equals(Object other) {
      return other instanceof OfRecorded that && size == that.size && origin.equals(that.origin);
    }

    @Override
    public int hashCode() {
      return 31 * origin.hashCode() + Long.hashCode(size);
    }
  }

  record OfLatest(ChainId origin) implements Key<Row.Latest> {
    @Override
    public boolean equals(Object other) {
      return other instanceof OfLatest that && origin.equals(that.origin);
    }

    @Override
    public int hashCode() {
      return 63 + origin.hashCode();
    }
  }

  /** A term of this chain. */
  record OfTerm(long number) implements Key<Row.Term> {}

  /** Whom this chain believes when another chain's checkpoint is to be recorded. */
  record OfSitting(ChainId origin) implements Key<Row.Sitting> {}

  record OfCandidates() implements Key<Row.Candidates> {}

  record OfCandidate(AccountId account) implements Key<Row.Candidate> {}

  /** Whether a candidate has dealt with somebody in this term. */
  record OfMet(AccountId candidate, AccountId other) implements Key<Row.Met> {}

  record OfOrder(AccountId account, OrderId id) implements Key<Row.Ordered> {
    @Override
    public boolean equals(Object other) {
      return other instanceof OfOrder that
          && id.value().equals(that.id.value())
          && account.equals(that.account);
    }

    @Override
    public int hashCode() {
      return 31 * account.hashCode() + id.value().hashCode();
    }
  }
}
