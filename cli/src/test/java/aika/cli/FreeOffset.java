package aika.cli;

import java.util.concurrent.atomic.AtomicInteger;

/** Finds port offsets at which a whole federation's ports are free. */
final class FreeOffset {
  private static final int STEP = 1_100;
  private static final int MAX = 29_000;
  private static final AtomicInteger NEXT = new AtomicInteger(11_000);

  private FreeOffset() {}

  static int find() {
    while (true) {
      int offset = NEXT.addAndGet(STEP);
      if (offset > MAX) {
        throw new IllegalStateException("no free ports on this machine");
      }
      try {
        FreePorts.check(null, "127.0.0.1", offset);
        return offset;
      } catch (CommandException taken) {
        System.out.println(taken.en());
      }
    }
  }
}
