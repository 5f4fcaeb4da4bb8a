package aika.bench;

import aika.core.note.Ed25519;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many Ed25519 signatures this machine checks a second when it does nothing else.
 *
 * @param perSecond on all cores together, by the clock
 * @param cpuMicros processor time of one check, which other programs hardly change
 */
public record VerifyRate(double perSecond, double cpuMicros) {
  /** As long as an order of the load. */
  private static final int MESSAGE_BYTES = 330;

  private static final int KEYS = 1_024;
  private static final int CHECKS_BETWEEN_CLOCKS = 64;

  private record Signed(byte[] key, byte[] message, byte[] signature) {}

  static VerifyRate measure(Ed25519 ed25519, int threads, double seconds) {
    List<Signed> signed = new ArrayList<>(KEYS);
    for (int i = 0; i < KEYS; i++) {
      AccountKey key = AccountKey.generate();
      byte[] message =
          "x"
              .repeat(MESSAGE_BYTES - 8)
              .concat("%08d".formatted(i))
              .getBytes(StandardCharsets.US_ASCII);
      signed.add(new Signed(key.publicKey(), message, key.sign(message)));
    }
    try (Workers workers = new Workers("verify-", threads)) {
      round(ed25519, signed, workers, seconds / 4); // the JIT's turn
      return round(ed25519, signed, workers, seconds);
    }
  }

  /** The mean of two measurements. */
  VerifyRate with(VerifyRate other) {
    return new VerifyRate((perSecond + other.perSecond) / 2, (cpuMicros + other.cpuMicros) / 2);
  }

  private static VerifyRate round(
      Ed25519 ed25519, List<Signed> signed, Workers workers, double seconds) {
    AtomicLong checked = new AtomicLong();
    AtomicLong cpuNanos = new AtomicLong();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
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
    double elapsed = (System.nanoTime() - start) / 1e9;
    return new VerifyRate(checked.get() / elapsed, cpuNanos.get() / 1e3 / checked.get());
  }
}
