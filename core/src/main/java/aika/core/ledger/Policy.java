package aika.core.ledger;

import aika.core.money.Money;

/**
 * The limits that a chain executes by; its genesis leaf logs them, so that everybody executes
 * alike.
 *
 * @param blockEntries leaves after which a block is sealed, the seal not counted; 1 to 1,000
 * @param openHoldsMax transfers that one account may have waiting
 * @param validMillisMax how far ahead a send's valid-until may lie, ms
 * @param crossChainMin smallest amount that may leave for another chain
 * @param exposureMax what a chain accepts net from one counterpart municipality
 * @param exposureSumMax the same, summed over all counterparts
 * @param issuedMax what a chain may have issued and not redeemed
 * @param term how long representatives sit and how many there are
 */
public record Policy(
    int blockEntries,
    int openHoldsMax,
    long validMillisMax,
    Money crossChainMin,
    Money exposureMax,
    Money exposureSumMax,
    Money issuedMax,
    Term term) {
  public static final int BLOCK_ENTRIES_MAX = 1_000;

  /**
   * What a chain may have issued, a transfer may carry, and the exposure limits may be: so
   * small that no sum of a chain comes near the end of a {@code long}.
   */
  public static final Money MONEY_MAX = Money.ofMinor(1_000_000_000_000_000_000L);

  /** What residents of a chain may have together, so that no sum leaves a {@code long}. */
  public static final Money BALANCES_MAX = Money.ofMinor(4_000_000_000_000_000_000L);

  private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

  public Policy {
    if (blockEntries < 1 || blockEntries > BLOCK_ENTRIES_MAX) {
      throw new IllegalArgumentException("block.entries is 1 to " + BLOCK_ENTRIES_MAX);
    }
    if (openHoldsMax < 1 || validMillisMax < 1 || crossChainMin.isNegative()) {
      throw new IllegalArgumentException("limits are positive");
    }
    if (beyond(exposureMax) || beyond(exposureSumMax) || beyond(issuedMax)) {
      throw new IllegalArgumentException("limits of money are 0.00 to " + MONEY_MAX);
    }
  }

  /** With the default for what a chain may have issued, and for terms. */
  public Policy(
      int blockEntries,
      int openHoldsMax,
      long validMillisMax,
      Money crossChainMin,
      Money exposureMax,
      Money exposureSumMax) {
    this(
        blockEntries,
        openHoldsMax,
        validMillisMax,
        crossChainMin,
        exposureMax,
        exposureSumMax,
        Money.ofMinor(1_000_000_000_000L),
        Term.STANDARD);
  }

  /**
   * The representatives' terms.
   *
   * @param seats how many are elected: 1, 4, 5 or 7
   * @param blocks after so many blocks a term ends; 0 when the calendar decides
   * @param millis how long a term lasts, ms; 0 when blocks are counted
   */
  public record Term(int seats, long blocks, long millis) {
    /** Five seats for 90 days. */
    public static final Term STANDARD = new Term(5, 0, 90 * DAY_MILLIS);

    public Term {
      if (seats < 1 || seats > Seats.SEATS_MAX) {
        throw new IllegalArgumentException("a term has 1 to " + Seats.SEATS_MAX + " seats");
      }
      if (blocks < 0 || millis < 0 || (blocks == 0) == (millis == 0)) {
        throw new IllegalArgumentException("a term ends by blocks or by the calendar");
      }
    }
  }

  private static boolean beyond(Money limit) {
    return limit.isNegative() || limit.compareTo(MONEY_MAX) > 0;
  }

  /**
   * The defaults: 500 leaves, 100 holds, 90 days, 0.01, 1,000,000.00 and ten times that,
   * 10,000,000,000.00 issued, five seats for 90 days.
   */
  public static Policy standard() {
    return new Policy(
        500,
        100,
        90 * DAY_MILLIS,
        Money.ofMinor(1),
        Money.ofMinor(100_000_000),
        Money.ofMinor(1_000_000_000));
  }

  /** The same with other terms. */
  public Policy with(Term other) {
    return with(issuedMax, other);
  }

  /** The same with another bound of what may be issued. */
  public Policy withIssuedMax(Money other) {
    return with(other, term);
  }

  private Policy with(Money otherIssuedMax, Term otherTerm) {
    return new Policy(
        blockEntries,
        openHoldsMax,
        validMillisMax,
        crossChainMin,
        exposureMax,
        exposureSumMax,
        otherIssuedMax,
        otherTerm);
  }
}
