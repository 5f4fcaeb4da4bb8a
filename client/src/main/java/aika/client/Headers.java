package aika.client;

import aika.core.ledger.Order;
import aika.core.money.OrderId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/** Begins orders: each has an id of its own, and a time until which it may be delivered. */
final class Headers {
  private static final long SECOND_MILLIS = 1_000;

  private final String federation;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  Headers(String federation, InstantSource clock) {
    this.federation = federation;
    this.clock = clock;
  }

  /** Of an order that may be delivered for so long. */
  Order.Header within(Duration delivery) {
    return new Order.Header(federation, newId(), fromNow(delivery));
  }

  /** A UUID of version 7 (RFC 9562): time and randomness. */
  private OrderId newId() {
    long high = clock.millis() << 16 | 0x7000 | random.nextInt(0x1000);
    long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
    return new OrderId(new UUID(high, low));
  }

  /** In whole seconds, rounded up. */
  long fromNow(Duration ahead) {
    return Math.ceilDiv(clock.millis() + ahead.toMillis(), SECOND_MILLIS) * SECOND_MILLIS;
  }
}
