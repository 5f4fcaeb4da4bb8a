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
 */
public record Policy(
    int blockEntries,
    int openHoldsMax,
    long validMillisMax,
    Money crossChainMin,
    Money exposureMax,
    Money exposureSumMax) {
  public static final int BLOCK_ENTRIES_MAX = 1_000;

  /**
   * What a chain may have issued, a transfer may carry, and the exposure limits may be: so
   * small that no sum of a chain comes near the end of a {@code long}.
   */
  public static final Money MONEY_MAX = Money.ofMinor(1_000_000_000_000_000_000L);

  public Policy {
    if (blockEntries < 1 || blockEntries > BLOCK_ENTRIES_MAX) {
      throw new IllegalArgumentException("block.entries is 1 to " + BLOCK_ENTRIES_MAX);
    }
    if (openHoldsMax < 1 || validMillisMax < 1 || crossChainMin.isNegative()) {
      throw new IllegalArgumentException("limits are positive");
    }
    if (beyond(exposureMax) || beyond(exposureSumMax)) {
      throw new IllegalArgumentException("exposure limits are 0.00 to " + MONEY_MAX);
    }
  }

  private static boolean beyond(Money limit) {
    return limit.isNegative() || limit.compareTo(MONEY_MAX) > 0;
  }

  /** The defaults: 500 leaves, 100 holds, 90 days, 0.01, 1,000,000.00 and ten times that. */
  public static Policy standard() {
    return new Policy(
        500,
        100,
        90L * 24 * 60 * 60 * 1000,
        Money.ofMinor(1),
        Money.ofMinor(100_000_000),
        Money.ofMinor(1_000_000_000));
  }
}
