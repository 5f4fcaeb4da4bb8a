package aika.core.ledger;

import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
   * @param incumbency the term that sits now
   * @param closed whether the recovery quorum has closed the chain
   */
  record Head(
      ChainId chain,
      Hash federationFile,
      Policy policy,
      Incumbency incumbency,
      long size,
      long time,
      long height,
      long blockStart,
      Totals totals,
      boolean closed)
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

    public long term() {
      return incumbency.term;
    }

    public Hash seats() {
      return incumbency.seats;
    }

    public Money issued() {
      return totals.issued;
    }

    public Money balances() {
      return totals.balances;
    }

    public Money holds() {
      return totals.holds;
    }

    public Money clearing() {
      return totals.clearing;
    }

    public Money exposure() {
      return totals.exposure;
    }
  }

  /**
   * Who sits since when.
   *
   * @param seats hash of the set
   * @param height blocks that were sealed before the term
   * @param since time of the leaf with which it began, ms
   */
  record Incumbency(long term, Hash seats, long height, long since) {
    /** Whether a block that is sealed as {@code height} at this time ends the term. */
    public boolean endsWith(Policy.Term rule, long sealHeight, long time) {
      return rule.blocks() > 0
          ? sealHeight - height >= rule.blocks()
          : time - since >= rule.millis();
    }
  }

  /**
   * A chain's sums.
   *
   * @param issued the own account {@code ~issued}: minus what was issued, plus what was redeemed
   * @param balances sum of all persons' balances
   * @param holds sum of all holds
   * @param clearing sum of all clearing and cleared accounts
   * @param exposure sum of what counterparts owe this chain, each counted when positive
   */
  record Totals(Money issued, Money balances, Money holds, Money clearing, Money exposure) {
    public static final Totals ZERO =
        new Totals(Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO);

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
   * @param standing what is usual of few accounts only
   */
  record Account(AccountId id, byte[] publicKey, Money balance, int openHolds, Standing standing)
      implements Row {
    /** How long a recovered key waits for a veto of the old one. */
    public static final long RECOVERY_MILLIS = 7L * 24 * 60 * 60 * 1000;

    public Account(AccountId id, byte[] publicKey, Money balance, int openHolds) {
      this(id, publicKey, balance, openHolds, Standing.USUAL);
    }

    @Override
    public Key<Account> key() {
      return new Key.OfAccount(id);
    }

    public boolean hasKey(byte @Nullable [] candidate) {
      return Arrays.equals(publicKey, candidate);
    }

    public Account with(Money newBalance) {
      return new Account(id, publicKey, newBalance, openHolds, standing);
    }

    public Account withHolds(int change) {
      return new Account(id, publicKey, balance, openHolds + change, standing);
    }

    public Account with(Standing other) {
      return new Account(id, publicKey, balance, openHolds, other);
    }

    public Account withKey(byte[] key) {
      return new Account(id, key, balance, openHolds, standing);
    }

    /** The account at a time: a recovery that nobody vetoed has taken effect. */
    public Account at(long time) {
      NewKey recovery = standing.recovery;
      return recovery == null || time < recovery.due
          ? this
          : withKey(recovery.publicKey).with(standing.recovered());
    }
  }

  /**
   * What is usual of few accounts only.
   *
   * @param frozen whether nothing may be ordered in the account's name
   * @param closed whether it has ended for good
   * @param autoReceive the largest transfer that is received by the standing order; zero for none
   * @param candidacy the last term in which the holder stood; 0 for none
   * @param recovery a key that was announced and is not in force yet
   */
  record Standing(
      boolean frozen,
      boolean closed,
      Money autoReceive,
      long candidacy,
      @Nullable NewKey recovery) {
    public static final Standing USUAL = new Standing(false, false, Money.ZERO, 0, null);

    public Standing frozen(boolean now) {
      return new Standing(now, closed, autoReceive, candidacy, recovery);
    }

    public Standing ended() {
      return new Standing(frozen, true, Money.ZERO, candidacy, null);
    }

    public Standing receiving(Money limit) {
      return new Standing(frozen, closed, limit, candidacy, recovery);
    }

    public Standing standingIn(long term) {
      return new Standing(frozen, closed, autoReceive, term, recovery);
    }

    public Standing recovering(@Nullable NewKey announced) {
      return new Standing(frozen, closed, autoReceive, candidacy, announced);
    }

    Standing recovered() {
      return new Standing(false, closed, autoReceive, candidacy, null);
    }
  }

  /**
   * A new key that waits.
   *
   * @param due when it is in force unless vetoed, ms
   */
  record NewKey(byte[] publicKey, long due) {
    @Override
    public boolean equals(Object other) {
      return other instanceof NewKey that
          && due == that.due
          && Arrays.equals(publicKey, that.publicKey);
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(due) + Arrays.hashCode(publicKey);
    }
  }

  /**
   * The accounts with a counterpart.
   *
   * @param balance what this chain owes it (positive) or is owed by it (negative)
   * @param cleared what was settled outside, with the opposite sign
   */
  record Clearing(ChainId counterpart, Money balance, Money cleared) implements Row {
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

  /**
   * A term of this chain.
   *
   * @param first size of the log when it began: checkpoints beyond are approved by these seats
   * @param recovered whether the recovery quorum seated them: nobody may approve what was before
   */
  record Term(Seats seats, long first, boolean recovered) implements Row {
    @Override
    public Key<Term> key() {
      return new Key.OfTerm(seats.term());
    }
  }

  /**
   * Whose approval of another chain's checkpoints counts here.
   *
   * @param conflict whether these seats, or some from whom they descend by elections, have approved
   *     two histories: nothing of theirs is recorded
   * @param line the term from which they descend by elections: the first one, or the last one that
   *     the recovery quorum seated
   * @param earlier who sat before them in this line and can still be convicted, the oldest first
   */
  record Sitting(ChainId origin, Seats seats, boolean conflict, long line, List<Replaced> earlier)
      implements Row {
    /** How long those who were replaced can be convicted, by this chain's time. */
    public static final long EARLIER_MILLIS = 30L * 24 * 60 * 60 * 1000;

    /** How many sets that were replaced are kept. */
    public static final int EARLIER_MAX = 8;

    public Sitting {
      earlier = List.copyOf(earlier);
    }

    /** Seats that no election seated. */
    public static Sitting of(ChainId origin, Seats seats) {
      return new Sitting(origin, seats, false, seats.term(), List.of());
    }

    /** What is known of a chain; those of the federation file when there is no row. */
    public static Sitting of(@Nullable Sitting row, Directory.Entry origin) {
      return row == null ? of(origin.id(), origin.seats()) : row;
    }

    @Override
    public Key<Sitting> key() {
      return new Key.OfSitting(origin);
    }

    /** The seats of a term that can be convicted; null when there are none. */
    public @Nullable Seats convictable(long term, long time) {
      return convictable(time).stream().filter(one -> one.term() == term).findFirst().orElse(null);
    }

    /** All that can be convicted, those who sit first. */
    public List<Seats> convictable(long time) {
      List<Seats> found = new ArrayList<>();
      found.add(seats);
      kept(time).forEach(one -> found.add(one.seats));
      return found;
    }

    private List<Replaced> kept(long time) {
      return earlier.stream().filter(one -> time - one.until < EARLIER_MILLIS).toList();
    }

    /**
     * Those who were elected sit. Who goes on with the same keys is not kept twice. When there are
     * too many the oldest stay: who can forge one election can forge many.
     */
    public Sitting elected(Seats next, long time) {
      List<Replaced> kept = new ArrayList<>(kept(time));
      if (kept.size() < EARLIER_MAX && !next.hash().equals(seats.hash())) {
        kept.add(new Replaced(seats, time));
      }
      return new Sitting(origin, next, conflict, line, kept);
    }

    public Sitting inConflict() {
      return new Sitting(origin, seats, true, line, earlier);
    }
  }

  /**
   * Seats that gave way to others by an election.
   *
   * @param until when this chain recorded it, ms
   */
  record Replaced(Seats seats, long until) {}

  /** Who stands in a term, in the order in which they stood. */
  record Candidates(long term, List<AccountId> accounts) implements Row {
    public static final int MAX = 100;

    public Candidates {
      accounts = List.copyOf(accounts);
    }

    @Override
    public Key<Candidates> key() {
      return new Key.OfCandidates();
    }
  }

  /**
   * Who stands, and what counts for it.
   *
   * @param index leaf of the order to stand
   * @param counterparties distinct accounts with which it completed transfers since
   * @param total what these transfers moved
   */
  record Candidate(
      AccountId account, long term, VerifierKey seat, long index, long counterparties, Money total)
      implements Row {
    /** Most distinct counterparties, then what was moved, then the account's id. */
    public static final Comparator<Candidate> BEST_FIRST =
        Comparator.comparingLong(Candidate::counterparties)
            .thenComparing(Candidate::total)
            .reversed()
            .thenComparing(Candidate::account);

    /** The same with so many counterparties. */
    public Candidate counting(long others) {
      return new Candidate(account, term, seat, index, others, total);
    }

    @Override
    public Key<Candidate> key() {
      return new Key.OfCandidate(account);
    }
  }

  /** The last term in which a candidate completed a transfer with this account. */
  record Met(AccountId candidate, AccountId other, long term) implements Row {
    @Override
    public Key<Met> key() {
      return new Key.OfMet(candidate, other);
    }
  }

  /** An approved checkpoint of another chain that this chain recorded. */
  record Recorded(ChainId origin, long size, Hash root) implements Row {
    @Override
    public Key<Recorded> key() {
      return new Key.OfRecorded(origin, size);
    }
  }

  /**
   * The checkpoint of a chain that was recorded last: the largest, but for those of a branch that
   * its recovery quorum gave up.
   *
   * @param index leaf that recorded it
   * @param countedTerm the recording chain's term in which {@code countedFrom} was noted
   * @param countedFrom size that was recorded when that term began, and not more than any since
   */
  record Latest(
      ChainId origin, long size, Hash root, long index, long countedTerm, long countedFrom)
      implements Row {
    /** How many leaves were recorded in this term of the recording chain. */
    public long leavesIn(long term) {
      return countedTerm == term ? size - countedFrom : 0;
    }

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
