package aika.sim;

import java.util.PriorityQueue;

/** Virtual time: what happens next, in the order of time and then of asking. */
final class Timeline {
  /** 2026-01-01T00:00:00Z. */
  static final long START = 1_767_225_600_000L;

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now = START;
  private long asked;
  private long steps;

  private record Event(long time, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** Virtual time, ms since 1970. */
  long now() {
    return now;
  }

  long steps() {
    return steps;
  }

  void after(long millis, Runnable what) {
    events.add(new Event(now + millis, asked++, what));
  }

  /** Lets the next event happen. */
  void step() {
    Event next = events.poll();
    if (next == null) {
      throw new Violation("nothing is left to happen");
    }
    now = next.time;
    steps++;
    next.what.run();
  }
}
