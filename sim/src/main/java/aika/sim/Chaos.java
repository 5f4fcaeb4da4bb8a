package aika.sim;

import java.util.List;

/** Crashes actors and turns clocks, here and there, now and then. */
final class Chaos extends Actor {
  private static final int CLOCK_MILLIS_MAX = 4_000;

  Chaos(World world) {
    super(world, "chaos");
  }

  @Override
  void started() {
    Faults faults = world.settings().faults();
    if (faults.crashMillis() > 0) {
      every(faults.crashMillis(), this::crashSomebody);
    }
    if (faults.clockMillis() > 0) {
      every(faults.clockMillis(), this::turnAClock);
    }
  }

  @Override
  void crashed() {}

  private void crashSomebody() {
    if (!world.faulty()) {
      return;
    }
    List<? extends Actor> group =
        switch (random.nextInt(4)) {
          case 0 -> world.shards();
          case 1 -> world.followers();
          case 2 -> world.continents();
          default -> world.representatives();
        };
    world.crashForAWhile(group.get(random.nextInt(group.size())));
  }

  private void turnAClock() {
    if (world.faulty()) {
      List<Shard> shards = world.shards();
      int offset = random.nextInt(2 * CLOCK_MILLIS_MAX) - CLOCK_MILLIS_MAX;
      shards.get(random.nextInt(shards.size())).setClock(offset);
    }
  }
}
