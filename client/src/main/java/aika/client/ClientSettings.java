package aika.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * @param gateway base of any gateway. A municipality's own takes the orders of its chain only, a
 *     continent's those of every chain of the node
 * @param others the same gateway on the other machines of its node, which answer when the first
 *     does not
 * @param answerWait for one attempt
 * @param attempts for one order, or one question, at each of the machines
 * @param firstPause after the first attempt in vain at all of them; each further one is twice as
 *     long, up to {@link #PAUSE_MAX}, or {@link #PAUSE_AMONG_MAX} among several
 */
public record ClientSettings(
    URI gateway, List<URI> others, Duration answerWait, int attempts, Duration firstPause) {
  public static final Duration PAUSE_MAX = Duration.ofSeconds(15);

  /** The longest pause when there are several machines to ask. */
  public static final Duration PAUSE_AMONG_MAX = Duration.ofMillis(500);

  /** How long a connection may take when there are several machines to ask. */
  public static final Duration CONNECT_AMONG_MAX = Duration.ofMillis(1_500);

  /**
   * 20 s an attempt, seven attempts with pauses of 0.25 s to 8 s, 15.75 s in all: a node that
   * starts again, or whose chain moves to another machine, is there by then.
   */
  public static ClientSettings of(URI gateway) {
    return new ClientSettings(gateway, Duration.ofSeconds(20), 7, Duration.ofMillis(250));
  }

  /**
   * A node of several machines: 20 s an attempt, 30 attempts at each of them with pauses of 0.25 s
   * and {@link #PAUSE_AMONG_MAX}, since another one takes over within seconds.
   */
  public static ClientSettings of(List<URI> machines) {
    return new ClientSettings(
        machines.getFirst(),
        machines.subList(1, machines.size()),
        Duration.ofSeconds(20),
        30,
        Duration.ofMillis(250));
  }

  public ClientSettings(URI gateway, Duration answerWait, int attempts, Duration firstPause) {
    this(gateway, List.of(), answerWait, attempts, firstPause);
  }

  public ClientSettings {
    others = List.copyOf(others);
    if (attempts < 1 || !answerWait.isPositive() || firstPause.isNegative()) {
      throw new IllegalArgumentException("at least one attempt, with some time for an answer");
    }
  }

  /** How long a connection may take: a machine that is off does not refuse one. */
  Duration connectWait() {
    return others.isEmpty() || answerWait.compareTo(CONNECT_AMONG_MAX) < 0
        ? answerWait
        : CONNECT_AMONG_MAX;
  }

  /** Attempts at all machines together. */
  int attemptsInAll() {
    return attempts * (1 + others.size());
  }

  /** After this many attempts in vain; none before all machines were asked. */
  Duration pause(int failed) {
    int machines = 1 + others.size();
    if (failed % machines != 0) {
      return Duration.ZERO;
    }
    Duration pause = firstPause.multipliedBy(1L << Math.min(failed / machines - 1, 20));
    Duration most = others.isEmpty() ? PAUSE_MAX : PAUSE_AMONG_MAX;
    return pause.compareTo(most) > 0 ? most : pause;
  }

  /** The first gateway's address of this path, which begins with a slash. */
  URI at(String path) {
    return at(gateway, path);
  }

  /** The address of this path, which begins with a slash, at a gateway. */
  static URI at(URI gateway, String path) {
    String base = gateway.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }
}
