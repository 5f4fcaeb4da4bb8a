package aika.node.approve;

import aika.core.note.VerifierKey;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** For how long the seats of one chain owe a cosignature. */
final class Silence {
  /** Stands for a seat that owes nothing. */
  private static final long NOTHING = 0;

  /**
   * @param size of the largest checkpoint that it has cosigned, as far as is known here
   * @param since {@link System#nanoTime} when it began to owe, or {@link #NOTHING}
   */
  private record Known(long size, long since) {}

  private final Map<String, Known> seats = new HashMap<>();

  /** Another candidate is shown, or more have cosigned it. */
  synchronized void shown(Candidate candidate) {
    Map<String, Known> now = new HashMap<>();
    for (VerifierKey seat : candidate.seats().keys()) {
      Known known = seats.getOrDefault(seat.name(), new Known(0, NOTHING));
      now.put(
          seat.name(),
          candidate.cosignedBy(seat)
              ? new Known(candidate.size(), NOTHING)
              : new Known(known.size, known.since == NOTHING ? started() : known.since));
    }
    seats.clear();
    seats.putAll(now);
  }

  /** A seat has cosigned this, which may be no candidate any more: it is late, but not silent. */
  synchronized void heard(String seat, long size) {
    Known known = seats.get(seat);
    if (known != null && size > known.size) { // what was cosigned before, anybody can repeat
      seats.put(seat, new Known(size, known.since == NOTHING ? NOTHING : started()));
    }
  }

  private static long started() {
    long now = System.nanoTime();
    return now == NOTHING ? 1 : now;
  }

  synchronized Map<String, Double> seconds() {
    Map<String, Double> seconds = new TreeMap<>();
    long now = System.nanoTime();
    seats.forEach((name, known) ->
        seconds.put(
            name,
            known.since == NOTHING
                ? 0.0
                : TimeUnit.NANOSECONDS.toMillis(now - known.since) / 1_000.0));
    return seconds;
  }
}
