package aika.bench;

import aika.core.note.Ed25519;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures the {@link VerifyRate}, in short rounds between the stages of a load: the machine's
 * clock and its neighbours change within a minute, and both measurements should meet the same ones.
 */
final class VerifyMeter implements AutoCloseable {
  /** As long as an order of the load. */
  private static final int MESSAGE_BYTES = 330;

  private static final int KEYS = 1_024;
  private static final int CHECKS_BETWEEN_CLOCKS = 64;

  private record Signed(byte[] key, byte[] message, byte[] signature) {}

  private final Ed25519 ed25519;
  private final Workers workers;
  private final List<Signed> signed = new ArrayList<>(KEYS);
  private final AtomicLong checked = new AtomicLong();
  private final AtomicLong cpuNanos = new AtomicLong();
  private double seconds;

  VerifyMeter(Ed25519 ed25519, int threads) {
    this.ed25519 = ed25519;
    workers = new Workers("verify-", threads);
    for (int i = 0; i < KEYS; i++) {
      AccountKey key = AccountKey.generate();
      byte[] message =
          "x"
              .repeat(MESSAGE_BYTES - 8)
              .concat("%08d".formatted(i))
              .getBytes(StandardCharsets.US_ASCII);
      signed.add(new Signed(key.publicKey(), message, key.sign(message)));
    }
  }

  /** Checks signatures on all threads for a while. */
  void round(double length) {
    long start = System.nanoTime();
    long end = start + (long) (length * 1e9);
    workers.run(thread -> {
      long cpu = CpuTimes.ownNanos();
      long count = 0;
      while (System.nanoTime() < end) {
        for (int i = 0; i < CHECKS_BETWEEN_CLOCKS; i++) {
          Signed one = signed.get((int) ((thread + count++) % KEYS));
          if (!ed25519.verify(one.key, one.message, one.signature)) {
            throw new BenchException("a right signature was refused");
          }
        }
      }
      checked.addAndGet(count);
      cpuNanos.addAndGet(CpuTimes.ownNanos() - cpu);
    });
    seconds += (System.nanoTime() - start) / 1e9;
  }

  /** Begins anew, when the JIT has had its turn. */
  void clear() {
    checked.set(0);
    cpuNanos.set(0);
    seconds = 0;
  }

  /** Of all rounds. */
  VerifyRate rate() {
    return new VerifyRate(checked.get() / seconds, cpuNanos.get() / 1e3 / checked.get());
  }

  @Override
  public void close() {
    workers.close();
  }
}
