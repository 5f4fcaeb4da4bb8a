package aika.bench;

/**
 * What {@link GossipBench} does.
 *
 * @param members nodes, each in the name of one municipality
 * @param delayMillis of each message between two of them
 * @param rumourBytes of a checkpoint with the log's signature
 * @param rumours told one after another
 * @param quietSeconds measured while nobody tells anything, after as long to settle
 */
public record GossipSettings(
    int members, int delayMillis, int rumourBytes, int rumours, int quietSeconds) {
  private static final int MEMBERS_MAX = 1_000;
  private static final int BYTES_MAX = 65_536;
  private static final int COUNT_MAX = 1_000;

  /** Refuses what cannot be measured. */
  public GossipSettings {
    require(members >= 2 && members <= MEMBERS_MAX, "members: 2 to 1,000");
    require(delayMillis >= 0 && delayMillis <= COUNT_MAX, "ms of delay: 0 to 1,000");
    require(rumourBytes >= Integer.BYTES && rumourBytes <= BYTES_MAX, "bytes: 4 to 65,536");
    require(rumours >= 1 && rumours <= COUNT_MAX, "rumours: 1 to 1,000");
    require(quietSeconds >= 1 && quietSeconds <= COUNT_MAX, "seconds: 1 to 1,000");
  }

  /** 200 municipalities, 10 ms apart. */
  public static GossipSettings standard() {
    return new GossipSettings(200, 10, 270, 30, 20);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
