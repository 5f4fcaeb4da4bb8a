package aika.core.ledger;

import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One row of a chain's state. All of them together are a function of the chain's leaves. */
public sealed interface Row {
  Key<?> key();

  /**
   * The chain itself.
   *
   * @param size leaves so far
   * @param time the latest leaf's time; it never goes back
   * @param height sealed blocks so far
   * @param blockStart index of the open block's first leaf
   * @param issued the own account {@code ~issued}: minus what was issued, plus what was redeemed
   * @param balances sum of all persons' balances
   * @param holds sum of all holds
   * @param clearing sum of all clearing accounts
   * @param exposure sum of what counterparts owe this chain, each counted when positive
   */
  record Head(
      ChainId chain,
      Hash federationFile,
      Policy policy,
      Hash seats,
      long term,
      long size,
      long time,
      long height,
      long blockStart,
      Money issued,
      Money balances,
      Money holds,
      Money clearing,
      Money exposure)
      implements Row {
    @Override
    public Key<Head> key() {
      return new Key.OfHead();
    }

    /** Leaves in the open block. */
    public long blockLeaves() {
      return size - blockStart;
    }

    /** Whether every leaf so far is below a seal. */
    public boolean sealed() {
      return size == blockStart;
    }

    /** The conservation rule of one chain: nothing appears and nothing is lost. */
    public boolean conserved() {
      return balances.plus(holds).plus(clearing).plus(issued).equals(Money.ZERO);
    }
  }

  /**
   * A person's account.
   *
   * @param publicKey raw Ed25519 key, 32 bytes
   * @param openHolds transfers of this account that have not ended
   */
  record Account(AccountId id, byte[] publicKey, Money balance, int openHolds) implements Row {
    @Override
    public Key<Account> key() {
      return new Key.OfAccount(id);
    }

    public boolean hasKey(byte @Nullable [] candidate) {
      return Arrays.equals(publicKey, candidate);
    }

    Account with(Money newBalance) {
      return new Account(id, publicKey, newBalance, openHolds);
    }

    public Account withHolds(int change) {
      return new Account(id, publicKey, balance, openHolds + change);
    }
  }

  /** What this chain owes a counterpart (positive) or is owed by it (negative). */
  record Clearing(ChainId counterpart, Money balance) implements Row {
    @Override
    public Key<Clearing> key() {
      return new Key.OfClearing(counterpart);
    }
  }

  /** Money on its way: taken from the sender, waiting for the receiver's chain to decide. */
  record Hold(Offer offer, Status status, long cancelIndex) implements Row {
    /** No cancel order stands on this chain. */
    public static final long NOT_CANCELLED = -1;

    public enum Status {
      HELD,
      SETTLED,
      REFUNDED
    }

    /** Whether the sender asked for it back. */
    public boolean cancelAsked() {
      return cancelIndex != NOT_CANCELLED;
    }

    @Override
    public Key<Hold> key() {
      return new Key.OfHold(offer.transfer().index());
    }
  }

  /**
   * How a transfer to this chain ended.
   *
   * @param index leaf of this chain that decided it
   * @param sendLeaf leaf hash of the send that was decided
   */
  record Outcome(TransferId transfer, OutcomeKind kind, long index, Hash sendLeaf) implements Row {
    @Override
    public Key<Outcome> key() {
      return new Key.OfOutcome(transfer);
    }
  }

  /** An approved checkpoint of another chain that this chain recorded. */
  record Recorded(ChainId origin, long size, Hash root) implements Row {
    @Override
    public Key<Recorded> key() {
      return new Key.OfRecorded(origin, size);
    }
  }

  /** The largest recorded checkpoint of a chain, and the leaf that recorded it. */
  record Latest(ChainId origin, long size, Hash root, long index) implements Row {
    @Override
    public Key<Latest> key() {
      return new Key.OfLatest(origin);
    }
  }

  /**
   * An accepted order, so that a retry finds its first answer.
   *
   * @param content SHA-256 of the signed text
   * @param index the order's leaf
   */
  record Ordered(AccountId account, OrderId id, Hash content, long index, long notAfter)
      implements Row {
    @Override
    public Key<Ordered> key() {
      return new Key.OfOrder(account, id);
    }
  }
}
