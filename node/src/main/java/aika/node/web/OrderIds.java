package aika.node.web;

import aika.core.money.OrderId;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Ids for orders: UUID version 7 (RFC 9562), which sort by the time at which they were made. */
final class OrderIds {
  private static final long VERSION = 7L << 12;
  private static final long VARIANT = 0b10L << 62;
  private static final int RANDOM_BITS_HIGH = 0xfff;

  private OrderIds() {}

  /**
   * @param now ms since 1970
   */
  static OrderId next(long now, RandomGenerator random) {
    long high = now << 16 | VERSION | random.nextInt() & RANDOM_BITS_HIGH;
    long low = VARIANT | random.nextLong() >>> 2;
    return new OrderId(new UUID(high, low));
  }
}
