package aika.bench;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.node.follow.Evidencing;
import aika.node.order.Answer;
import aika.node.order.Chain;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Transfers that are sent at a steady rate, received as soon as they are approved, and watched
 * until they are settled.
 */
final class FreshTransfers {
  private static final long END_SECONDS_MAX = 120;
  private static final long NOT_YET = -1;

  private final BenchNode node;
  private final Residents residents;
  private final SplittableRandom random;
  private final Queue<Fresh> sent = new ConcurrentLinkedQueue<>();
  private final List<Fresh> waiting = new ArrayList<>();
  private final List<Fresh> settled = new ArrayList<>();
  private int begun;
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

  /** One of them. */
  private static final class Fresh {
    final int receiver;
    final long due;
    final TransferId id;
    boolean received;
    volatile long receiveLeaf = NOT_YET;
    long completeNanos;
    long settledNanos;

    Fresh(int receiver, long due, TransferId id) {
      this.receiver = receiver;
      this.due = due;
      this.id = id;
    }
  }

  /**
   * How long they took from when their sends were due, ns, in the order in which they were settled.
   *
   * @param complete until the receive was approved
   * @param settled until the sender's chain had settled
   */
  record Times(long[] complete, long[] settled) {}

  FreshTransfers(BenchNode node, Residents residents, long seed) {
    this.node = node;
    this.residents = residents;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Sends so many, or fewer once {@code enough} says so, and waits until all are settled.
   *
   * @param perSecond sends a second
   */
  Times run(int count, int perSecond, BooleanSupplier enough) {
    long start = System.nanoTime();
    int next = 0;
    boolean sending = true;
    try {
      while (sending || settled.size() < begun) {
        check();
        long version = node.shard().changes().version();
        long now = System.nanoTime();
        while (sending && next < count && Load.due(start, next, perSecond) <= now) {
          send(next, Load.due(start, next, perSecond));
          next++;
          begun++;
        }
        sending = sending && next < count && !enough.getAsBoolean();
        watch();
        if (now - start > 1e9 * (count / (double) perSecond + END_SECONDS_MAX)) {
          throw new BenchException("fresh transfers were not settled");
        }
        node.shard().changes().await(version, sending ? 1 : 20);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", stop);
    }
    return new Times(
        settled.stream().mapToLong(one -> one.completeNanos).toArray(),
        settled.stream().mapToLong(one -> one.settledNanos).toArray());
  }

  /** Sent, and not known to be settled. */
  int open() {
    return begun - settled.size();
  }

  private void send(int number, long due) {
    int from = number % residents.count();
    int to = (from + 1 + random.nextInt(residents.count() - 1)) % residents.count();
    ChainId origin = residents.id(from).chain();
    submit(
        SignedOrder.parse(residents.send(from, to)),
        null,
        index -> sent.add(new Fresh(to, due, new TransferId(origin, index))));
  }

  private void submit(
      SignedOrder order, Action.@Nullable Citation citation, LongConsumer accepted) {
    var _ =
        node.shard()
            .submitAsync(order, citation)
            .whenComplete((answer, failed) -> {
              if (answer instanceof Answer.Accepted done) {
                accepted.accept(done.index());
              } else {
                failure.compareAndSet(null, "not accepted: " + answer + ' ' + failed);
              }
            });
  }

  private void watch() {
    for (Fresh one = sent.poll(); one != null; one = sent.poll()) {
      waiting.add(one);
    }
    waiting.removeIf(this::isSettled);
  }

  /** Receives it when that is possible, and notes the times. */
  private boolean isSettled(Fresh one) {
    Chain receiver = node.shard().chain(residents.id(one.receiver).chain());
    Chain sender = node.shard().chain(one.id.origin());
    if (!one.received && sender.approvedSize() > one.id.index()) {
      receive(one, receiver);
    }
    long leaf = one.receiveLeaf;
    if (leaf == NOT_YET || receiver.approvedSize() <= leaf) {
      return false;
    }
    if (one.completeNanos == 0) {
      one.completeNanos = System.nanoTime() - one.due;
    }
    if (!ended(sender, one.id)) {
      return false;
    }
    one.settledNanos = System.nanoTime() - one.due;
    settled.add(one);
    return true;
  }

  private static boolean ended(Chain sender, TransferId id) {
    Row.Hold hold = sender.get(new Key.OfHold(id.index()));
    return hold == null || hold.status() == Row.Hold.Status.SETTLED;
  }

  private void receive(Fresh one, Chain receiver) {
    if (node.evidencing().citation(receiver, one.id) instanceof Evidencing.Found.Citation found) {
      one.received = true;
      submit(
          SignedOrder.parse(residents.receive(one.receiver, one.id)),
          found.citation(),
          index -> one.receiveLeaf = index);
    }
  }

  private void check() {
    String failed = failure.get();
    if (failed != null) {
      throw new BenchException(failed);
    }
  }
}
