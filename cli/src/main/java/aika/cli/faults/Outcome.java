package aika.cli.faults;

import java.time.Duration;

/**
 * What came of a fault after which every rule held.
 *
 * @param where what was done to whom
 * @param payments that were acknowledged
 * @param again orders that the SDK alone could not bring through
 * @param silent the longest time in which a payer whom the fault concerns got no answer
 * @param end from the end of the fault until the last payment was complete
 */
public record Outcome(
    Fault fault, String where, int payments, int again, Duration silent, Duration end) {}
