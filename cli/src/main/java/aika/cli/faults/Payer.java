package aika.cli.faults;

import aika.client.AikaClient;
import aika.client.ClientException;
import aika.client.ClientSettings;
import aika.client.Result;
import aika.client.Transfer;
import aika.client.Wallet;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Somebody with a phone who pays somebody else again and again, by signed orders through the SDK,
 * each until it has an answer. Remembers what was acknowledged, and for how long nothing was.
 */
final class Payer implements AutoCloseable {
  static final Money AMOUNT = Money.of("0.50");

  private static final long PAUSE_MILLIS = 100;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final int ATTEMPTS = 4;

  private final Wallet wallet;
  private final AccountId to;
  private final AikaClient client;
  private final Set<TransferId> acknowledged = new ConcurrentSkipListSet<>();
  private final AtomicInteger again = new AtomicInteger();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean finishing;
  private volatile long answeredNanos;
  private final AtomicLong silentNanos = new AtomicLong();
  private volatile @Nullable String failure;
  private @Nullable Thread paying;

  /**
   * @param gateways of the own municipality, one for each machine of its node
   */
  Payer(List<URI> gateways, Wallet wallet, AccountId to) {
    this.wallet = wallet;
    this.to = to;
    client = new AikaClient(settings(gateways));
  }

  /** Several machines are asked as often as the SDK does it by itself. */
  private static ClientSettings settings(List<URI> gateways) {
    ClientSettings standard = ClientSettings.of(gateways);
    return standard.others().isEmpty()
        ? new ClientSettings(standard.gateway(), ANSWER_MAX, ATTEMPTS, FIRST_PAUSE)
        : new ClientSettings(
            standard.gateway(),
            standard.others(),
            ANSWER_MAX,
            standard.attempts(),
            standard.firstPause());
  }

  AikaClient client() {
    return client;
  }

  AccountId account() {
    return wallet.account();
  }

  AccountId to() {
    return to;
  }

  /** The sends that were answered as accepted. */
  Set<TransferId> acknowledged() {
    return acknowledged;
  }

  /** Orders that had to be handed in again although the SDK had tried several times. */
  int again() {
    return again.get();
  }

  /** The longest time in which nothing was acknowledged, since it was asked last. */
  Duration silent() {
    return Duration.ofNanos(silentNanos.getAndSet(0));
  }

  /** What was refused and should not have been; null while all is well. */
  @Nullable String failure() {
    return failure;
  }

  void start() {
    answeredNanos = System.nanoTime();
    paying = Thread.ofVirtual().name("payer " + wallet.account()).start(this::pay);
  }

  private void pay() {
    try {
      while (!finishing && failure == null) {
        acknowledged(wallet.send(to, AMOUNT));
        boolean _ = stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      failure = wallet.account() + ": " + broken;
    }
  }

  /** An order that may have been accepted is handed in again until it is known. */
  private void acknowledged(SignedOrder order) throws InterruptedException {
    while (stopped.getCount() > 0) {
      switch (submit(order)) {
        case Result.Accepted accepted -> {
          acknowledged.add(accepted.transfer().id());
          long now = System.nanoTime();
          silentNanos.accumulateAndGet(now - answeredNanos, Math::max);
          answeredNanos = now;
          return;
        }
        case Result.Refused refused when !refused.problem().isPassing() -> {
          failure = wallet.account() + ": " + refused.problem();
          return;
        }
        case Result.Refused _, Result.Unknown _ -> again.incrementAndGet();
      }
      boolean _ = stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private Result submit(SignedOrder order) {
    try {
      return client.submit(order);
    } catch (ClientException nobody) {
      return new Result.Unknown(order, nobody.toString());
    }
  }

  /** Waits until one more is acknowledged than now; false when not in time. */
  boolean goesOn(Duration most) throws InterruptedException {
    int before = acknowledged.size();
    long deadline = System.nanoTime() + most.toNanos();
    while (acknowledged.size() == before && failure == null) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      boolean _ = stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
    return failure == null;
  }

  /** Begins nothing new, and waits until what was begun is known. */
  void finish() throws InterruptedException {
    finishing = true;
    Thread thread = paying;
    if (thread != null) {
      thread.join();
    }
  }

  boolean isComplete(TransferId id) {
    Transfer transfer = client.transfer(id);
    return transfer.status().equals("complete");
  }

  @Override
  public void close() {
    finishing = true;
    stopped.countDown();
    Thread thread = paying;
    if (thread != null) {
      thread.interrupt();
    }
    client.close();
  }
}
