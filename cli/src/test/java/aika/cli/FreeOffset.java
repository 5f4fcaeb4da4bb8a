package aika.cli;

import aika.core.TestJvm;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds port offsets at which a whole federation's ports are free. Of two JVMs that test at the
 * same time, each has every other one.
 */
final class FreeOffset {
  /** The node ports, 20,000 above, stay below those that a system gives to whoever connects. */
  private static final int FIRST = 11_000;

  private static final int STEP = 50;
  private static final int FORKS = 2;
  private static final int COUNT = 16 / FORKS;
  private static final AtomicInteger NEXT = new AtomicInteger();

  private FreeOffset() {}

  /** Each in turn, so that those of tests that have just ended come last. */
  static int find() {
    for (int tried = 0; tried < COUNT; tried++) {
      int own = Math.floorMod(NEXT.getAndIncrement(), COUNT);
      int offset = FIRST + (FORKS * own + TestJvm.number(FORKS)) * STEP;
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
