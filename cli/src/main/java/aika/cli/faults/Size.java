package aika.cli.faults;

/**
 * How large a laboratory is.
 *
 * @param towns municipalities
 * @param peers machines that are the first municipality's node together
 */
public record Size(int towns, int peers) {
  public static final int TOWNS_MIN = 2;
  public static final int TOWNS_MAX = 5;

  /** As many as there are when there is more than one. */
  public static final int PEERS = 3;

  public Size {
    if (!isPossible(towns, peers)) {
      throw new IllegalArgumentException(towns + " towns, " + peers + " peers");
    }
  }

  /** The municipalities' machines. */
  int machines() {
    return towns + peers - 1;
  }

  /** Whether there can be such a laboratory. */
  public static boolean isPossible(int towns, int peers) {
    return towns >= TOWNS_MIN && towns <= TOWNS_MAX && (peers == 1 || peers == PEERS);
  }
}
