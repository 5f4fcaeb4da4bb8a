package aika.sim;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Who is against the federation in a run, from soon after its beginning until its faults stop. */
public enum Adversary {
  /**
   * A continent anchors what nobody approved, leaves out anchors, and lists other offers to each.
   */
  CONTINENT,
  /** Municipalities' relays withhold, repeat, forge and swallow what they should carry. */
  RELAY,
  /**
   * The leader and the whole quorum of a municipality let residents spend what they do not have.
   */
  INFLATION,
  /** The whole quorum of a municipality signs two histories; its recovery quorum seats others. */
  SCANDAL,
  /** For days one half of the federation does not reach the other. */
  PARTITION,
  /** Leaders' clocks are hours ahead and hours behind. */
  CLOCKS,
  /** Leaders lose their disks; their chains are built again from what others hold. */
  DISKS;

  private static final String NONE = "none";
  private static final String ALL = "all";

  private String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names, separated by commas, or {@code none}; {@link #of} reads it. */
  public static String text(Set<Adversary> some) {
    return some.isEmpty()
        ? NONE
        : some.stream().sorted().map(Adversary::text).collect(Collectors.joining(","));
  }

  /**
   * Reads names as {@link #text} writes them, {@code none} or {@code all}.
   *
   * @throws IllegalArgumentException when there is no adversary of a name
   */
  public static Set<Adversary> of(String text) {
    EnumSet<Adversary> some = EnumSet.noneOf(Adversary.class);
    if (text.equals(ALL)) {
      some.addAll(EnumSet.allOf(Adversary.class));
    } else if (!text.equals(NONE)) {
      for (String name : text.split(",", -1)) {
        some.add(named(name));
      }
    }
    return Collections.unmodifiableSet(some);
  }

  private static Adversary named(String name) {
    for (Adversary one : values()) {
      if (one.text().equals(name)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "no adversary " + name + ": none, all or some of " + text(EnumSet.allOf(Adversary.class)));
  }

  /** Who takes part when nobody says: in a third of all seeds nobody, in a third everybody. */
  public static Set<Adversary> ofSeed(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    EnumSet<Adversary> some = EnumSet.noneOf(Adversary.class);
    int many = random.nextInt(3);
    for (Adversary one : values()) {
      if (many == 2 || many == 1 && random.nextBoolean()) {
        some.add(one);
      }
    }
    return Collections.unmodifiableSet(some);
  }
}
