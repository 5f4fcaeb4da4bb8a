package aika.sim;

import java.util.List;

/**
 * One leader's clock is hours ahead and another one's hours behind. What the first stamps is not
 * approved before its time has come; the second lets its chain's time stand still. Begins when no
 * partition is under way, so that each shows what it does.
 */
final class WrongClocks extends Actor implements Lasting {
  private static final int LOOK_MILLIS = 1_000;
  private static final int BEGINS_MILLIS = 3_500;
  private static final int WRONG_MILLIS = 75_000;
  private static final int AFTERWARDS_MILLIS = 10_000;
  private static final long HOUR_MILLIS = 60L * 60 * 1000;
  private static final int HOURS_MAX = 5;

  private final long share;
  private boolean begun;
  private boolean over;

  WrongClocks(World world) {
    super(world, "wrong clocks");
    share = world.settings().transfers() / 5;
  }

  @Override
  public boolean over() {
    return over;
  }

  @Override
  void started() {
    world.keepBack(2 * share);
    after(BEGINS_MILLIS, () -> every(LOOK_MILLIS, this::look));
  }

  @Override
  void crashed() {}

  private void look() {
    boolean partition = world.settings().adversaries().contains(Adversary.PARTITION);
    if (!begun && (!partition || world.wasCut())) {
      begun = true;
      begin();
    }
  }

  private void begin() {
    List<Shard> shards = world.shards();
    int number = random.nextInt(shards.size());
    Shard ahead = shards.get(number);
    Shard behind = shards.get((number + 1) % shards.size());
    long offset = HOUR_MILLIS + random.nextLong((HOURS_MAX - 1) * HOUR_MILLIS);
    behind.holdClock(-offset);
    ahead.holdClock(offset);
    world.clocksAreWrong(true);
    world.keepBack(-share);
    world.counts().did("clocks: minutes wrong", offset / (60 * 1000));
    after(
        WRONG_MILLIS,
        () -> {
          ahead.releaseClock();
          behind.releaseClock();
          after(AFTERWARDS_MILLIS, () -> world.setPace(World.CALM));
          after(offset + AFTERWARDS_MILLIS, this::end);
        });
  }

  private void end() {
    over = true;
    world.setPace(1);
    world.clocksAreWrong(false);
    world.keepBack(-share);
  }
}
