package aika.node.gateway;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.OrderId;
import aika.node.config.Federation;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.OrderingException;
import aika.node.order.OutcomeUnknownException;
import aika.node.order.Shard;
import aika.node.register.Rate;
import aika.node.register.RateLimit;
import aika.node.wallet.RepeatGuard;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes orders, hands them to the shard and says what became of them. */
final class Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(Ordered.class);
  private static final long SECOND_MILLIS = 1_000;

  /** Orders of one account. A large shop needs some a second; the chain takes thousands. */
  static final Rate RATE = new Rate(200, 2_000, 50_000);

  /**
   * What is refused before it is ordered, also in the name of somebody who has not signed it: it
   * does not count against the account.
   */
  private static final Set<Reason> NOT_ORDERED =
      Set.of(Reason.BAD_SIGNATURE, Reason.UNKNOWN_ACCOUNT, Reason.UNKNOWN_CHAIN, Reason.BUSY);

  /** Beyond the time in which a repeated request gets the same order again. */
  private static final long NOT_AFTER_MILLIS_MIN = RepeatGuard.WINDOW_MILLIS + 30 * SECOND_MILLIS;

  private final Federation federation;
  private final Shard shard;
  private final Meters meters;
  private final LongSupplier clock;
  private final SecureRandom random;
  private final RateLimit limit;

  /**
   * @param limit of each account's orders
   */
  Ordered(
      Federation federation,
      Shard shard,
      RateLimit limit,
      Meters meters,
      LongSupplier clock,
      SecureRandom random) {
    this.limit = limit;
    this.federation = federation;
    this.shard = shard;
    this.meters = meters;
    this.clock = clock;
    this.random = random;
  }

  /** An order's leaf. */
  record Done(long index, boolean repeated) {}

  /** An order on its way. */
  record Sent(SignedOrder order, CompletableFuture<Answer> answer, long startNanos) {}

  /** A header with this id, or a new one. */
  Order.Header header(@Nullable OrderId id) {
    long millis = Math.max(federation.limits().notAfterStandard().toMillis(), NOT_AFTER_MILLIS_MIN);
    return new Order.Header(
        federation.id(), id == null ? newId() : id, fromNow(Duration.ofMillis(millis)));
  }

  /** This far from now, in whole seconds, rounded up. */
  long fromNow(Duration ahead) {
    long time = clock.getAsLong() + ahead.toMillis();
    return Math.ceilDiv(time, SECOND_MILLIS) * SECOND_MILLIS;
  }

  /** A UUID of version 7 (RFC 9562). */
  private OrderId newId() {
    long high = clock.getAsLong() << 16 | 0x7000 | random.nextInt(0x1000);
    long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
    return new OrderId(new UUID(high, low));
  }

  /** The leaf of the same order, if it was accepted before; {@code ID_REUSED} for another one. */
  @Nullable Done earlier(SignedOrder order) {
    Chain chain = shard.find(order.order().chain());
    Order.Header header = order.order().header();
    Row.Ordered row =
        chain == null ? null : chain.get(new Key.OfOrder(order.order().account(), header.id()));
    if (row == null) {
      return null;
    }
    if (!row.content().equals(order.content())) {
      throw refused(order, Refusal.of(Reason.ID_REUSED, header.id().toString()));
    }
    meters.order(order.order().kind(), "repeated", 0);
    return new Done(row.index(), true);
  }

  /**
   * Whether this order was not accepted and never will be: the chain has refused it, since its own
   * time is past the order's not-after. The clock of this node tells nothing of that.
   */
  boolean isDead(SignedOrder order, Refusal refusal) {
    return refusal.reason() == Reason.STALE && earlier(order) == null;
  }

  Done submit(SignedOrder order, Action.@Nullable Citation citation) {
    return await(send(order, citation));
  }

  Sent send(SignedOrder order, Action.@Nullable Citation citation) {
    String account = order.order().account().toString();
    boolean urgent = isUrgent(order.order());
    if (!urgent && limit.isSpent(account)) {
      meters.order(order.order().kind(), "refused", 0);
      throw refused(order, Refusal.of(Reason.TOO_MANY_REQUESTS, "orders of this account"));
    }
    Sent sent = new Sent(order, shard.submitAsync(order, citation), System.nanoTime());
    if (!urgent && counts(sent)) {
      boolean _ = limit.take(account);
    }
    return sent;
  }

  /** What saves an account from somebody who uses it up must not wait for that somebody. */
  private static boolean isUrgent(Order order) {
    return order instanceof Order.Freeze freeze && freeze.frozen()
        || order instanceof Order.RecoverKey
        || order instanceof Order.VetoRecovery;
  }

  /** A note that is too old can be shown again by anybody who has seen it. */
  private boolean counts(Sent sent) {
    boolean old = sent.order.order().header().notAfter() < clock.getAsLong();
    boolean refused =
        sent.answer.state() == Future.State.SUCCESS
            && sent.answer.resultNow() instanceof Answer.Refused(Refusal refusal)
            && NOT_ORDERED.contains(refusal.reason());
    return !old && !refused;
  }

  /** Waits until the order is durable and executed. */
  Done await(Sent sent) {
    String kind = sent.order.order().kind();
    try {
      Answer answer = shard.await(sent.answer);
      long nanos = System.nanoTime() - sent.startNanos;
      return switch (answer) {
        case Answer.Accepted accepted -> {
          meters.order(kind, "accepted", nanos);
          yield new Done(accepted.index(), false);
        }
        case Answer.Repeated repeated -> {
          meters.order(kind, "repeated", nanos);
          yield new Done(repeated.index(), true);
        }
        case Answer.Refused refused -> {
          meters.order(kind, "refused", nanos);
          throw refused(sent.order, refused.refusal());
        }
      };
    } catch (OutcomeUnknownException unknown) {
      if (unknown.getCause() instanceof OrderingException ordering && !ordering.maybeOrdered()) {
        meters.order(kind, "not-ordered", System.nanoTime() - sent.startNanos);
        throw refused(sent.order, Refusal.of(Reason.BUSY, "the order could not be ordered"));
      }
      LOG.atWarn()
          .addKeyValue("account", sent.order.order().account())
          .addKeyValue("order", sent.order.order().header().id())
          .setCause(unknown)
          .log("the outcome of an order is unknown");
      meters.order(kind, "unknown", System.nanoTime() - sent.startNanos);
      throw refused(sent.order, Refusal.of(Reason.OUTCOME_UNKNOWN, "no answer in time"));
    }
  }

  static RefusedException refused(SignedOrder order, Refusal refusal) {
    AccountId account = order.order().account();
    if (account.isOwn()) {
      return new RefusedException(refusal);
    }
    OrderId id = order.order().header().id();
    return new RefusedException(refusal, new RefusedException.Lookup(account, id));
  }
}
