package aika.node.gossip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Measures how soon many members have heard a checkpoint, and what that and quiet cost:
 *
 * <pre>java -cp … aika.node.gossip.GossipMeasurement 200</pre>
 */
public final class GossipMeasurement {
  private static final int CHECKPOINT_BYTES = 270;
  private static final int RUNS = 10;

  /** Below those that connections get. */
  private static final int PORT_FIRST = 12_000;

  /** Two hundred at once on one machine measure how fast it serializes. */
  private static final long JOIN_MILLIS = 200;

  private static final long QUIET_MILLIS = 20_000;

  private final List<Stranger> members = new ArrayList<>();

  private GossipMeasurement() {}

  /**
   * @param args how many members, and how many bytes a rumour has
   */
  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    int bytes = args.length > 1 ? Integer.parseInt(args[1]) : CHECKPOINT_BYTES;
    new GossipMeasurement().measure(count, bytes);
  }

  private static double millis(long since) {
    return (System.nanoTime() - since) / 1e6;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + 180_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("timed out");
      }
      Thread.sleep(1);
    }
  }

  private long sent() {
    return members.stream().mapToLong(Stranger::sentBytes).sum();
  }

  private void measure(int count, int bytes) throws Exception {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ports.add(PORT_FIRST + i);
    }
    int first = ports.getFirst();
    long start = System.nanoTime();
    for (int port : ports) {
      members.add(new Stranger("measured", port, Set.of("localhost:" + first)));
      Thread.sleep(JOIN_MILLIS);
    }
    await(() -> members.stream().allMatch(one -> one.members() == count));
    System.out.printf("%d members see each other after %.0f ms%n", count, millis(start));

    Thread.sleep(QUIET_MILLIS); // until what was told of the joins is over
    long before = sent();
    Thread.sleep(QUIET_MILLIS);
    System.out.printf(
        "quiet: %.0f bytes per member and second%n",
        (sent() - before) * 1_000.0 / QUIET_MILLIS / count);

    double[] times = new double[RUNS];
    for (int run = 0; run < RUNS; run++) {
      members.forEach(one -> one.heard.clear());
      long told = System.nanoTime();
      Stranger teller = members.get(run * count / RUNS);
      teller.tell("checkpoint", "Asia", new byte[bytes]);
      await(() -> members.stream().filter(one -> !one.heard.isEmpty()).count() >= count - 1);
      times[run] = millis(told);
      Thread.sleep(2_000);
    }
    Arrays.sort(times);
    System.out.printf(
        "all have heard: median %.0f ms, slowest %.0f ms of %d%n",
        times[RUNS / 2], times[RUNS - 1], RUNS);

    int rumours = 100;
    before = sent();
    for (int i = 0; i < rumours; i++) {
      members.get(i % count).tell("checkpoint", "Asia", new byte[bytes]);
      Thread.sleep(100);
    }
    Thread.sleep(5_000);
    double seconds = 0.1 * rumours + 5;
    double all = (double) (sent() - before) / count;
    System.out.printf(
        "10 rumours of %d bytes a second: %.0f bytes per member and second, %.0f per rumour%n",
        bytes, all / seconds, all / rumours);
    members.parallelStream().forEach(Stranger::close);
  }
}
