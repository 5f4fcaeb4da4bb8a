package aika.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Crashes actors, cuts them off and turns their clocks, here and there, now and then. */
final class Chaos extends Actor {
  private static final int BETWEEN_MILLIS_MIN = 2;
  private static final int TOGETHER_MILLIS = 20;
  private static final int CLOCK_MILLIS_MAX = 4_000;
  private static final int SEAT_CLOCK_MILLIS_MAX = 6 * 60 * 60 * 1000;

  private final List<Actor> victims = new ArrayList<>();

  /**
   * @param victims who may crash
   */
  Chaos(World world, List<? extends Actor> victims) {
    super(world, "chaos");
    this.victims.addAll(victims);
  }

  @Override
  void started() {
    Faults faults = world.settings().faults();
    if (faults.crashMillis() > 0) {
      often(1, faults.crashMillis(), victims.size(), this::crashSomebody);
      often(2, faults.crashMillis(), victims.size(), this::cutSomebodyOff);
    }
    if (faults.clockMillis() > 0) {
      often(1, faults.clockMillis(), world.shards().size(), this::turnAClock);
    }
  }

  /** To one of so many actors at a time, so that each has its turn about every so many ms. */
  private void often(int slower, int eachMillis, int actors, Runnable what) {
    int between = eachMillis / actors;
    if (between >= BETWEEN_MILLIS_MIN) {
      every(slower * between, what);
    } else { // there are thousands: several at once
      int atOnce = Math.ceilDiv(actors * TOGETHER_MILLIS, slower * eachMillis);
      every(TOGETHER_MILLIS, () -> IntStream.range(0, atOnce).forEach(each -> what.run()));
    }
  }

  @Override
  void crashed() {}

  private void crashSomebody() {
    if (world.faulty()) {
      world.crashForAWhile(somebody());
    }
  }

  private void cutSomebodyOff() {
    if (world.faulty()) {
      somebody().cutOff(random.nextInt(world.settings().faults().downMillisMax()));
    }
  }

  private Actor somebody() {
    return victims.get(random.nextInt(victims.size()));
  }

  private void turnAClock() {
    if (world.faulty()) {
      List<Shard> shards = world.shards();
      int offset = random.nextInt(2 * CLOCK_MILLIS_MAX) - CLOCK_MILLIS_MAX;
      shards.get(random.nextInt(shards.size())).setClock(offset);
      turnASeatsClock();
    }
  }

  /** A cosigner's clock may be wrong by hours: it signs late then, or not. */
  private void turnASeatsClock() {
    List<Representative> seats = world.representatives();
    Representative seat = seats.get(random.nextInt(seats.size()));
    boolean right = random.nextBoolean();
    seat.setClock(right ? 0 : random.nextInt(2 * SEAT_CLOCK_MILLIS_MAX) - SEAT_CLOCK_MILLIS_MAX);
  }
}
