package aika.sim;

import java.util.SplittableRandom;
import java.util.function.BiPredicate;

/** Carries messages: late, twice, in another order, or not at all. */
final class Network {
  private static final int MILLIS_MIN = 1;
  private static final int MILLIS_SPREAD = 30;

  private final Timeline timeline;
  private final Counts counts;
  private final SplittableRandom random;
  private final BiPredicate<Actor, Actor> apart;
  private Faults faults;

  /**
   * @param apart whether no message comes from one actor to another just now
   */
  Network(
      Timeline timeline,
      Counts counts,
      SplittableRandom random,
      Faults faults,
      BiPredicate<Actor, Actor> apart) {
    this.apart = apart;
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
    boolean split = apart.test(from, to);
    if (split) {
      counts.did("partition: messages cut off");
    }
    boolean cut = split || from.cutOff() || to.cutOff();
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
