package aika.node.order;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.Timestamp;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this machine's clock is near the median of the clocks it has heard, its own among them:
 * only then may it stamp orders. When two clocks are in the middle, agreeing with either is enough,
 * so one other machine alone stops nobody: that the two differ is told, and which is wrong a person
 * must see. A machine that has heard no other believes itself. Any thread may ask and tell.
 *
 * <p>A clock that was heard goes on by this machine's steady timer, so that a step of this
 * machine's own clock shows at once.
 */
public final class MedianClock {
  /** How far from the median a clock may be that orders. */
  public static final long APART_MILLIS_MAX = 5_000;

  /**
   * How far a clock that nobody else confirms may be beyond the newest leaf at a start: as long as
   * a key that is announced can be vetoed. Nodes that stop together wait for each other after that.
   */
  public static final long UNCONFIRMED_MILLIS_MAX = 7L * 24 * 60 * 60 * 1000;

  /** How long a clock counts after it was heard. */
  static final long HEARD_MILLIS_MAX = 600_000;

  /** More clocks change little of a median. */
  static final int CLOCKS_MAX = 64;

  private static final Logger LOG = LoggerFactory.getLogger(MedianClock.class);
  private static final Middle NONE = new Middle(0, 0, Long.MIN_VALUE, false);

  private final LongSupplier clock;
  private final LongSupplier steadyNanos;
  private final Map<String, Heard> heard = new HashMap<>();
  private volatile Middle middle = NONE;
  private volatile boolean apart;

  /** Why nothing may be ordered since the others said so. */
  private volatile @Nullable Refusal stopped;

  /** How much a machine's clock is ahead of the steady timer, and when it was heard by it. */
  private record Heard(String machine, long ahead, long at) {}

  /**
   * What the others agree on, until it is too old.
   *
   * @param low how much the lower of the middle clocks is ahead of the steady timer
   * @param decides whether they are enough to tell that this clock is the wrong one
   */
  private record Middle(long low, long high, long until, boolean decides) {}

  /**
   * @param clock ms since 1970
   */
  public MedianClock(LongSupplier clock) {
    this(clock, System::nanoTime);
  }

  MedianClock(LongSupplier clock, LongSupplier steadyNanos) {
    this.clock = clock;
    this.steadyNanos = steadyNanos;
  }

  /** This machine's time, ms since 1970, right or wrong. */
  public long now() {
    return clock.getAsLong();
  }

  private long steady() {
    return TimeUnit.NANOSECONDS.toMillis(steadyNanos.getAsLong());
  }

  /**
   * Another machine has told its time.
   *
   * @param who it is asked for: each has one voice, wherever it moves
   * @param machine its address: several of one machine have one voice together
   * @param time ms since 1970
   */
  public void heard(String who, String machine, long time) {
    synchronized (heard) {
      long at = steady();
      heard.values().removeIf(old -> at - old.at > HEARD_MILLIS_MAX);
      if (heard.size() < CLOCKS_MAX || heard.containsKey(who)) {
        heard.put(who, new Heard(machine, time - at, at));
      }
      middle = middle(at);
    }
    refusal();
  }

  /** Another machine's name for {@link #heard}, by its address; empty for this machine's own. */
  public static String machine(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) == null ? address.getHostAddress() : "";
    } catch (SocketException unknown) {
      return address.getHostAddress();
    }
  }

  /** Of an odd number of others, this clock is beside the middle one, on whichever side suits. */
  private Middle middle(long at) {
    Map<String, Heard> machines = new HashMap<>();
    for (Heard one : heard.values()) {
      machines.merge(one.machine, one, (old, now) -> now.at > old.at ? now : old);
    }
    long[] ahead = machines.values().stream().mapToLong(Heard::ahead).sorted().toArray();
    long until = at + HEARD_MILLIS_MAX;
    if (ahead.length < 2) {
      return ahead.length == 0 ? NONE : new Middle(ahead[0], ahead[0], until, false);
    }
    int low = (ahead.length - 1) / 2 - ahead.length % 2;
    int high = ahead.length / 2 + ahead.length % 2;
    return new Middle(ahead[low], ahead[high], until, true);
  }

  /**
   * How far this clock is ahead of the median, or of the only other clock that is heard, ms;
   * negative when it is behind.
   */
  public long apartMillis() {
    return apartMillis(middle, now());
  }

  private long apartMillis(Middle others, long now) {
    long steady = steady();
    if (steady > others.until) {
      return 0;
    }
    long ahead = now - steady;
    return ahead - Math.clamp(ahead, others.low, others.high);
  }

  /**
   * Why nothing may be ordered now, or null. Once refused it stays so until somebody is heard who
   * agrees: that the others are silent does not make a clock right.
   */
  public @Nullable Refusal refusal() {
    return refusal(now());
  }

  /**
   * The same of one reading: between two the clock may be set.
   *
   * @param now what {@link #now} has just said
   */
  public @Nullable Refusal refusal(long now) {
    Middle others = middle;
    boolean heardNow = steady() <= others.until;
    long millis = apartMillis(others, now);
    boolean wrong = Math.abs(millis) > APART_MILLIS_MAX;
    if (heardNow && wrong != apart) {
      apart = wrong;
      tell(millis, others.decides);
    }
    if (heardNow && !wrong) {
      stopped = null;
    } else if (wrong && (others.decides || stopped != null)) {
      stopped = Refusal.of(Reason.CLOCK_DIFFERS, told(millis, "the others'"));
    }
    return stopped;
  }

  /**
   * Whether somebody who is heard, or was when orders were refused, has another time.
   *
   * @param now what {@link #now} has just said
   */
  public boolean isContradicted(long now) {
    return refusal(now) != null || Math.abs(apartMillis(middle, now)) > APART_MILLIS_MAX;
  }

  /**
   * Why a machine that starts should not believe its clock, or null: the clock is far beyond the
   * newest leaf, as after a year, and no other machine is heard that agrees. Nodes are stopped for
   * so long, but clocks jump, too, and what they stamp stays.
   *
   * @param newest time of the newest leaf, ms since 1970
   */
  public @Nullable Refusal unconfirmed(long newest) {
    Middle others = middle;
    long now = now();
    boolean agrees =
        steady() <= others.until
            && Math.abs(apartMillis(others, now)) <= APART_MILLIS_MAX
            && isConfirmed(now);
    return agrees || now - newest <= UNCONFIRMED_MILLIS_MAX
        ? null
        : Refusal.of(
            Reason.CLOCK_UNCONFIRMED,
            "this machine says %s, and the newest leaf here is of %s"
                .formatted(Timestamp.millis(now), Timestamp.millis(newest)));
  }

  /** Whether a machine that is heard agrees: between two that do not, a clock is the median. */
  private boolean isConfirmed(long now) {
    long steady = steady();
    synchronized (heard) {
      return heard.values().stream()
          .anyMatch(one -> Math.abs(now - steady - one.ahead) <= APART_MILLIS_MAX);
    }
  }

  private void tell(long millis, boolean decides) {
    if (!apart) {
      LOG.info("this machine's clock is right again");
    } else if (decides) {
      LOG.error("nothing is ordered: {}; set this machine's clock", told(millis, "the others'"));
    } else {
      LOG.error(
          "{}; one of the two is wrong, and orders go on: look at both",
          told(millis, "that of the only other machine that is heard"));
    }
  }

  private static String told(long millis, String whose) {
    return "this machine's clock is %d s %s %s"
        .formatted(Math.abs(millis) / 1_000, millis > 0 ? "ahead of" : "behind", whose);
  }
}
