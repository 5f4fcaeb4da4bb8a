package aika.node.order;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import aika.node.tls.PeerTls;
import java.util.List;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Our settings in Ratis' terms. What is not set here is Ratis' default on purpose. */
final class RatisSettings {
  private static final int WRITE_BUFFER_BYTES_MIN = 1 << 20;
  private static final int QUEUE_SLACK_BYTES = 16 << 20;
  private static final int QUEUE_SLACK_ENTRIES = 1024;
  private static final int PREALLOCATED_BYTES_MAX = 4 << 20;

  /** How long a follower hears nothing before it asks for votes. */
  private static final int SILENCE_MILLIS_MIN = 600;

  private static final int SILENCE_MILLIS_MAX = 1_000;

  /** How long a peer answers nothing until it counts as away. */
  static final int AWAY_MILLIS = 2 * SILENCE_MILLIS_MAX;

  private RatisSettings() {}

  static RaftProperties of(OrderingSettings settings) {
    RaftProperties ratis = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(ratis, List.of(settings.directory().toFile()));
    log(ratis, settings);
    checkpoints(ratis, settings);
    // The retry cache serves clients that ask again over a network; ours is in-process.
    RaftServerConfigKeys.RetryCache.setExpiryTime(ratis, TimeDuration.valueOf(1, SECONDS));
    // A laptop that slept must not find its ordering closed.
    RaftServerConfigKeys.setCloseThreshold(ratis, TimeDuration.valueOf(3650, DAYS));
    if (settings.isAlone()) {
      alone(ratis);
    } else {
      GrpcConfigKeys.Server.setHost(ratis, settings.self().host());
      GrpcConfigKeys.Server.setPort(ratis, settings.self().port());
      several(ratis);
    }
    return ratis;
  }

  private static void log(RaftProperties ratis, OrderingSettings settings) {
    int entry = settings.entryBytesMax() + OrderingSettings.ENTRY_OVERHEAD_BYTES_MAX;
    SizeInBytes segment = SizeInBytes.valueOf(settings.segmentBytes());
    Log.setSegmentSizeMax(ratis, segment);
    Log.setPreallocatedSize(
        ratis, SizeInBytes.valueOf(Math.min(settings.segmentBytes(), PREALLOCATED_BYTES_MAX)));
    Log.setWriteBufferSize(
        ratis, SizeInBytes.valueOf(Math.max(WRITE_BUFFER_BYTES_MIN, entry + Long.BYTES)));
    Log.Appender.setBufferByteLimit(ratis, SizeInBytes.valueOf(entry));
    // Applied entries are never read again, so two closed segments in memory are plenty.
    Log.setSegmentCacheNumMax(ratis, 2);
    Log.setSegmentCacheSizeMax(ratis, SizeInBytes.valueOf(2L * settings.segmentBytes()));
    // Ratis' own limits lie above ours: we make submitters wait, Ratis would refuse them.
    SizeInBytes queue = SizeInBytes.valueOf(settings.inFlightBytesMax() + QUEUE_SLACK_BYTES);
    int entries = settings.inFlightMax() + QUEUE_SLACK_ENTRIES;
    Log.setQueueByteLimit(ratis, queue);
    Log.setQueueElementLimit(ratis, entries);
    RaftServerConfigKeys.Write.setByteLimit(ratis, queue);
    RaftServerConfigKeys.Write.setElementLimit(ratis, entries);
    // Would log an entry of its own for each commit, to know the commit index before an election.
    Log.setLogMetadataEnabled(ratis, false);
  }

  private static void checkpoints(RaftProperties ratis, OrderingSettings settings) {
    Snapshot.setAutoTriggerEnabled(ratis, true);
    Snapshot.setAutoTriggerThreshold(ratis, settings.snapshotEntries());
    Snapshot.setTriggerWhenStopEnabled(ratis, true);
    Snapshot.setCreationGap(ratis, 1);
    Log.setPurgeGap(ratis, 1);
  }

  /**
   * A leader that is gone is missed after a second at most; less would take a pause of a busy
   * machine for a loss. One that has no quorum any more gives up after two.
   */
  private static void several(RaftProperties ratis) {
    TimeDuration min = TimeDuration.valueOf(SILENCE_MILLIS_MIN, MILLISECONDS);
    TimeDuration max = TimeDuration.valueOf(SILENCE_MILLIS_MAX, MILLISECONDS);
    Rpc.setTimeoutMin(ratis, min);
    Rpc.setTimeoutMax(ratis, max);
    Rpc.setFirstElectionTimeoutMin(ratis, min);
    Rpc.setFirstElectionTimeoutMax(ratis, max);
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
        ratis, TimeDuration.valueOf(AWAY_MILLIS, MILLISECONDS));
    // Its standard waits five seconds with a peer that was away for long, and then comes back.
    Log.Appender.setRetryPolicy(ratis, "10ms,20, 500ms,1000000");
    // Nothing of the state goes through the log's network; see ReplicatedMachine.
    Log.Appender.setInstallSnapshotEnabled(ratis, false);
  }

  static Parameters parameters(OrderingSettings settings) {
    Parameters parameters = new Parameters();
    OrderingSettings.Network network = settings.network();
    PeerTls tls = network == null ? null : network.tls();
    if (tls != null) {
      GrpcConfigKeys.TLS.setConf(
          parameters, new GrpcTlsConfig(tls.showing(), tls.believing(), true));
    }
    return parameters;
  }

  /** Elects itself at once at the start, and never has a reason to step down. */
  private static void alone(RaftProperties ratis) {
    RaftConfigKeys.Rpc.setType(ratis, new AloneRpc());
    Rpc.setFirstElectionTimeoutMin(ratis, TimeDuration.valueOf(1, MILLISECONDS));
    Rpc.setFirstElectionTimeoutMax(ratis, TimeDuration.valueOf(2, MILLISECONDS));
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
        ratis, TimeDuration.valueOf(3650, DAYS));
  }
}
