package aika.sim;

import java.util.SplittableRandom;

/** Carries messages: late, twice, in another order, or not at all. */
final class Network {
  private static final int MILLIS_MIN = 1;
  private static final int MILLIS_SPREAD = 30;

  private final Timeline timeline;
  private final Counts counts;
  private final SplittableRandom random;
  private Faults faults;

  Network(Timeline timeline, Counts counts, SplittableRandom random, Faults faults) {
    this.timeline = timeline;
    this.counts = counts;
    this.random = random;
    this.faults = faults;
  }

  /** From now on messages only take their time. */
  void heal() {
    faults = Faults.none();
  }

  void carry(Actor from, Actor to, Runnable what) {
    counts.messages++;
    boolean cut = from.cutOff() || to.cutOff();
    if (cut || random.nextDouble() < faults.loss()) {
      counts.lost++;
      return;
    }
    deliver(to, what);
    if (random.nextDouble() < faults.duplicate()) {
      counts.duplicated++;
      deliver(to, what);
    }
  }

  private void deliver(Actor to, Runnable what) {
    long delay = (long) MILLIS_MIN + random.nextInt(MILLIS_SPREAD);
    if (random.nextDouble() < faults.late()) {
      delay += random.nextInt(faults.lateMillisMax());
    }
    timeline.after(
        delay,
        () -> {
          if (to.up()) {
            what.run();
          } else {
            counts.lost++;
          }
        });
  }
}
