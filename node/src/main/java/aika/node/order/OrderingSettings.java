package aika.node.order;

import aika.node.tls.PeerTls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How one peer of one shard orders.
 *
 * @param directory where this shard's log lives, and nothing else; one ordering at a time may use
 *     it
 * @param shard the shard's name, the same on all its peers
 * @param peer this peer's id, one of {@code peers}
 * @param peers all peers of the shard, as far as this one knows; the log knows better
 * @param snapshotEntries entries between two checkpoints; bounds the log kept and what a restart
 *     replays
 * @param segmentBytes size of a log file; whole files are deleted after a checkpoint
 * @param entryBytesMax largest entry
 * @param inFlightMax entries submitted and not yet answered; further submits wait
 * @param inFlightBytesMax their bytes; further submits wait
 * @param network null for a peer that is alone and opens no port at all
 */
public record OrderingSettings(
    Path directory,
    String shard,
    String peer,
    List<Peer> peers,
    int snapshotEntries,
    int segmentBytes,
    int entryBytesMax,
    int inFlightMax,
    int inFlightBytesMax,
    @Nullable Network network) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /** What a peer is called that has always been alone. */
  public static final String ALONE = "1";

  /** Room that the log needs in a segment beside the entry itself. */
  static final int ENTRY_OVERHEAD_BYTES_MAX = KIB;

  /**
   * How peers reach each other.
   *
   * @param begins whether this one may begin a group that has no log anywhere, with the peers that
   *     the settings name. Otherwise only its log tells it who they are, and until the log does it
   *     waits: entries come before it is one of them, so to have some is not to have a vote
   * @param joining whether its state may come from another peer, without the log
   * @param tls null for plain TCP
   */
  public record Network(boolean begins, boolean joining, @Nullable PeerTls tls) {}

  /** Among several peers by plain TCP, or alone. */
  public OrderingSettings(
      Path directory,
      String shard,
      String peer,
      List<Peer> peers,
      int snapshotEntries,
      int segmentBytes,
      int entryBytesMax,
      int inFlightMax,
      int inFlightBytesMax) {
    this(
        directory,
        shard,
        peer,
        peers,
        snapshotEntries,
        segmentBytes,
        entryBytesMax,
        inFlightMax,
        inFlightBytesMax,
        peers.size() == 1 ? null : new Network(true, false, null));
  }

  /** A peer's address, used only between peers. */
  public record Peer(String id, String host, int port) {
    /** Refuses an empty id or host and a port outside 0 … 65535. */
    public Peer {
      require(!id.isBlank(), "a peer needs an id");
      require(!host.isBlank(), "peer " + id + " needs a host");
      require(port >= 0 && port <= 65_535, "peer " + id + " has no valid port: " + port);
    }
  }

  /** Refuses settings that contradict each other. */
  public OrderingSettings {
    peers = List.copyOf(peers);
    String self = peer;
    require(!shard.isBlank(), "a shard needs a name");
    require(network != null || peers.size() == 1, "several peers need a network");
    require(
        peers.stream().filter(p -> p.id().equals(self)).count() == 1,
        "peer " + peer + " must stand once among the peers of shard " + shard);
    require(
        peers.stream().map(Peer::id).distinct().count() == peers.size(),
        "two peers of shard " + shard + " have the same id");
    require(snapshotEntries > 0, "snapshotEntries must be positive");
    require(entryBytesMax > 0, "entryBytesMax must be positive");
    require(
        segmentBytes >= entryBytesMax + ENTRY_OVERHEAD_BYTES_MAX,
        "segmentBytes must hold an entry of entryBytesMax and " + ENTRY_OVERHEAD_BYTES_MAX);
    require(inFlightMax > 0, "inFlightMax must be positive");
    require(inFlightBytesMax >= entryBytesMax, "inFlightBytesMax must hold an entry");
  }

  /** One peer alone, with the sizes that suit entries of 64 to 200 KiB. */
  public static OrderingSettings alone(Path directory, String shard) {
    return new OrderingSettings(
        directory,
        shard,
        ALONE,
        List.of(new Peer(ALONE, "localhost", 0)),
        ShardSettings.Log.STANDARD.snapshotEntries(),
        ShardSettings.Log.STANDARD.segmentBytes(),
        MIB,
        256,
        32 * MIB);
  }

  boolean isJoining() {
    return network != null && network.joining;
  }

  /** Whom the log begins with when there is none: nobody, unless this peer may begin. */
  List<Peer> first() {
    return network == null || network.begins ? peers : List.of();
  }

  boolean isAlone() {
    return network == null;
  }

  Peer self() {
    return peers.stream().filter(p -> p.id().equals(peer)).findFirst().orElseThrow();
  }

  /** The group's id: a function of the shard's name, so that all peers agree without talking. */
  UUID groupId() {
    return UUID.nameUUIDFromBytes(("aika/shard/" + shard).getBytes(StandardCharsets.UTF_8));
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
