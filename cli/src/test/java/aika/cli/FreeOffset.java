package aika.cli;

import java.util.concurrent.atomic.AtomicInteger;

/** Finds port offsets at which a whole federation's ports are free. */
final class FreeOffset {
  private static final int FIRST = 12_100;
  private static final int STEP = 1_100;
  private static final int COUNT = 16;
  private static final AtomicInteger NEXT = new AtomicInteger();

  private FreeOffset() {}

  /** Each in turn, so that those of tests that have just ended come last. */
  static int find() {
    for (int tried = 0; tried < COUNT; tried++) {
      int offset = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT) * STEP;
      try {
        FreePorts.check(null, "127.0.0.1", offset);
        return offset;
      } catch (CommandException taken) {
        System.out.println(taken.en());
      }
    }
    throw new IllegalStateException("no free ports on this machine");
  }
}
