package aika.sim;

import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leaders lose their disks, and their nodes are built again from what others hold of their chains.
 * What was accepted and neither approved nor signed by somebody else is gone then: who ordered it
 * orders it again, and it happens once.
 */
final class LostDisks extends Actor implements Lasting {
  private static final int BEGINS_MILLIS = 2_000;
  private static final int STEP_MILLIS = 60;
  private static final int BETWEEN_MILLIS = 6_000;
  private static final int TIMES_EACH = 2;

  /** So many leaves it waits for, but not longer than this. */
  private static final int LEAVES_MIN = 10;

  private static final int WAIT_MILLIS_MAX = 5_000;

  private final List<Shard> left = new ArrayList<>();
  private final long share;
  private @Nullable Shard victim;
  private long since;

  /**
   * @param towns shards that have only these may lose their disks
   */
  LostDisks(World world, List<ChainId> towns) {
    super(world, "lost disks");
    Set<ChainId> all = Set.copyOf(towns);
    for (Shard shard : world.shards()) {
      if (all.containsAll(shard.ids())) {
        shard.mayLose();
        for (int i = 0; i < TIMES_EACH; i++) {
          left.add(shard);
        }
      }
    }
    share = left.isEmpty() ? 0 : world.settings().transfers() / 8 / left.size();
  }

  @Override
  public boolean over() {
    return left.isEmpty() && victim == null;
  }

  @Override
  void started() {
    world.keepBack(share * left.size());
    after(BEGINS_MILLIS, () -> every(STEP_MILLIS, this::step));
  }

  @Override
  void crashed() {}

  private void step() {
    Shard next = victim;
    if (next != null && next.up()) {
      boolean waits = world.now() < since + WAIT_MILLIS_MAX;
      if (!waits || next.unapproved() >= LEAVES_MIN) {
        victim = null;
        lose(next);
      }
    } else if (next == null && !left.isEmpty() && world.now() > since + BETWEEN_MILLIS) {
      victim = left.remove(random.nextInt(left.size()));
      since = world.now();
      world.keepBack(-share); // residents are busy then
    }
  }

  /** So long that nothing is under way any more that it has said before. */
  private void lose(Shard shard) {
    world.diary().happens(world, this, "take " + shard);
    world.counts().did("disks: lost");
    shard.crash();
    long millis = world.settings().faults().lateMillisMax() + 1_000L + random.nextInt(2_000);
    world
        .timeline()
        .after(
            millis,
            () -> {
              shard.rebuild();
              shard.restart();
            });
  }
}
