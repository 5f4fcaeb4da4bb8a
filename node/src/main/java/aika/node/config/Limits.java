package aika.node.config;

import aika.core.ledger.Order;
import aika.core.money.Money;
import java.time.Duration;

/**
 * What a chain of the federation accepts at most.
 *
 * @param unapprovedLeaves leaves without approval before the chain answers "busy"
 * @param openHoldsPerAccount sends of one account that wait for their receiver
 * @param exposurePerCounterpart net amount accepted from one other municipality until cleared
 * @param exposureSum net amount accepted from all other municipalities together
 * @param crossChainMin smallest amount that may leave for another chain
 * @param validUntilStandard how long a send waits when its sender does not say
 * @param validUntilMax how long a send may wait
 * @param notAfterStandard how long an order that a wallet makes may be delivered
 * @param issued what a municipality may have issued and not redeemed
 */
public record Limits(
    int unapprovedLeaves,
    int openHoldsPerAccount,
    Money exposurePerCounterpart,
    Money exposureSum,
    Money crossChainMin,
    Duration validUntilStandard,
    Duration validUntilMax,
    Duration notAfterStandard,
    Money issued) {
  public static final int UNAPPROVED_LEAVES_MAX = 1_000_000;
  public static final int OPEN_HOLDS_PER_ACCOUNT_MAX = 10_000;

  /** Far above any community currency, and ten of them still fit a {@link Money}. */
  public static final Money EXPOSURE_MAX = Money.ofMinor(100_000_000_000_000_00L);

  public static final int EXPOSURE_SUM_FACTOR = 10;
  public static final Money EXPOSURE_SUM_MAX =
      Money.ofMinor(EXPOSURE_MAX.minor() * EXPOSURE_SUM_FACTOR);
  public static final Duration VALID_UNTIL_MIN = Duration.ofMinutes(1);
  public static final Duration VALID_UNTIL_MAX = Duration.ofDays(90);
  public static final Duration NOT_AFTER_MIN = Duration.ofSeconds(10);
  public static final Duration NOT_AFTER_MAX = Duration.ofMillis(Order.NOT_AFTER_MILLIS_MAX);

  public static final Limits STANDARD =
      new Limits(
          25_000,
          100,
          Money.of("1000000.00"),
          Money.of("10000000.00"),
          Money.of("0.01"),
          Duration.ofDays(60),
          Duration.ofDays(90),
          Duration.ofMinutes(2),
          Money.of("10000000000.00"));
}
