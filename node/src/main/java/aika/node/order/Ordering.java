package aika.node.order;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Orders a shard's entries: each is fsynced by a quorum of the peers, then applied, then answered.
 * Safe for use by many threads; the entries that one thread submits keep their order.
 */
public final class Ordering implements AutoCloseable {
  private static final long CLOSE_WAIT_SECONDS = 30;
  private static final long PEERS_WAIT_SECONDS = 60;
  private static final long HAND_OVER_MILLIS = 3_000;
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Ordering.class);

  static {
    // Ratis tells its life at INFO, in hundreds of lines; a configured level wins.
    if (LoggerFactory.getLogger("org.apache.ratis") instanceof Logger ratis
        && ratis.getLevel() == null) {
      ratis.setLevel(Level.WARN);
    }
    // A peer that is away would fill the log; the node tells of it in its own words.
    if (LoggerFactory.getLogger("org.apache.ratis.grpc") instanceof Logger grpc
        && grpc.getLevel() == null) {
      grpc.setLevel(Level.ERROR);
    }
  }

  private final RaftServer server;
  private final RaftGroupId group;
  private final ClientId submitter;
  private final InFlight inFlight;
  private final ReplicatedMachine machine;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean left = new AtomicBoolean();

  /** Done when it has left. */
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  /** Below zero, so that they are never taken for an entry's. */
  private final AtomicLong adminCalls = new AtomicLong();

  // One thread: answers come in order. Not the applying one: what hangs on them may take its time.
  private final ExecutorService answers =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("ordering-answers").factory());

  private Ordering(OrderingSettings settings, Replicated replicated, Runnable roleChanged)
      throws IOException {
    submitter = ClientId.randomId();
    group = RaftGroupId.valueOf(settings.groupId());
    inFlight = new InFlight(settings);
    CheckpointFile checkpoint = new CheckpointFile(settings.directory());
    machine =
        new ReplicatedMachine(
            replicated,
            inFlight,
            submitter,
            checkpoint,
            StartChecks.standing(settings, replicated.appliedIndex(), checkpoint.read()),
            settings.snapshotEntries(),
            roleChanged);
    if (!settings.isAlone()) {
      machine.needed(this::neededFrom);
      machine.whenStopped(this::leave);
    }
    server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(settings.peer()))
            .setGroup(
                RaftGroup.valueOf(
                    group, settings.first().stream().map(Ordering::ratisPeer).toList()))
            .setStateMachine(machine)
            .setOption(StartupOption.RECOVER)
            .setProperties(RatisSettings.of(settings))
            .setParameters(RatisSettings.parameters(settings))
            .build();
    if (!settings.isAlone()) {
      // Ratis keeps the first address of a peer that it hears. The log may begin with an old one:
      // that of a peer that was alone, which nobody could reach.
      server
          .getServerRpc()
          .addRaftPeers(settings.peers().stream().map(Ordering::ratisPeer).toList());
    }
  }

  /**
   * Starts, replaying what the replicated state lacks. A peer that is alone leads when this
   * returns; among several, {@link #leading} tells.
   *
   * @throws OrderingException when the port is taken, the directory is in use or damaged, log and
   *     state do not fit, or the state cannot apply an entry
   */
  public static Ordering start(OrderingSettings settings, Replicated replicated) {
    return start(settings, replicated, () -> {});
  }

  /**
   * @param roleChanged called when {@link #leads} may have changed; must not block
   */
  static Ordering start(OrderingSettings settings, Replicated replicated, Runnable roleChanged) {
    @Nullable Ordering ordering = null;
    try {
      StartChecks.checkFree(settings);
      ordering = new Ordering(settings, replicated, roleChanged);
      ordering.server.start();
      if (settings.isAlone()) {
        ordering.checkAlone();
        ordering.ready().join();
      }
      return ordering;
    } catch (IOException | RuntimeException thrown) {
      if (ordering != null) {
        ordering.inFlight.fail("did not start", thrown);
        ordering.close();
      }
      throw explain(settings, thrown);
    }
  }

  private static OrderingException explain(OrderingSettings settings, Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof OrderingException ours) {
        return OrderingException.refused(ours.getMessage(), thrown);
      }
    }
    return OrderingException.refused(
        "cannot order shard " + settings.shard() + " in " + settings.directory() + ": " + thrown,
        thrown);
  }

  /**
   * Orders one entry. Waits while too much is in flight; never throws.
   *
   * @param entry 1 to {@link OrderingSettings#entryBytesMax} bytes, not to be changed afterwards
   * @return what {@link Replicated#apply} answered, or an {@link OrderingException} that says
   *     whether the entry may have been ordered all the same
   */
  public CompletableFuture<byte[]> submit(byte[] entry) {
    Submission submission;
    try {
      submission = inFlight.enter(entry);
    } catch (OrderingException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    CompletableFuture<byte[]> answer =
        submission.answer().thenApplyAsync(Function.identity(), answers);
    try {
      // Returns when the entry stands in the log (not yet on disk): this keeps a thread's order.
      var _ =
          server
              .submitClientRequestAsync(request(submission))
              .whenComplete((reply, thrown) -> replied(submission, reply, thrown));
    } catch (IOException | RuntimeException thrown) {
      submission.fail("could not be ordered: " + thrown, thrown);
    } finally {
      submission.returned().complete(null);
    }
    return answer;
  }

  private RaftClientRequest request(Submission submission) {
    return RaftClientRequest.newBuilder()
        .setClientId(submitter)
        .setServerId(server.getId())
        .setGroupId(group)
        .setCallId(submission.number())
        .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(submission.entry())))
        .setType(RaftClientRequest.writeRequestType())
        .build();
  }

  /** Success is answered when applied; here only failures count. */
  private static void replied(
      Submission submission, @Nullable RaftClientReply reply, @Nullable Throwable thrown) {
    Throwable problem = thrown != null || reply == null ? thrown : reply.getException();
    if (problem != null) {
      Throwable cause =
          problem instanceof CompletionException && problem.getCause() != null
              ? problem.getCause()
              : problem;
      submission.fail("could not be ordered: " + cause.getMessage(), cause);
    }
  }

  /** Done when this peer first leads; fails when the ordering stops before. */
  CompletableFuture<Void> ready() {
    return machine.ready();
  }

  /** Whether this peer orders now; others refuse entries. */
  public boolean leading() {
    try {
      return failure().isEmpty()
          && !closing.get()
          && server.getDivision(group).getInfo().isLeaderReady();
    } catch (IOException unavailable) {
      return false;
    }
  }

  /** Whether this peer leads, as far as it knows, and has applied all that came before. */
  boolean leads() {
    return leadingTerm() != ReplicatedMachine.NONE;
  }

  /** The term in which this peer {@linkplain #leads leads}, {@code -1} when it does not. */
  long leadingTerm() {
    long term = machine.readyTerm();
    return term != ReplicatedMachine.NONE && leading() && machine.readyTerm() == term
        ? term
        : ReplicatedMachine.NONE;
  }

  /** The index of the last entry applied, -1 before the first. */
  public long lastApplied() {
    return machine.lastApplied();
  }

  /** Why this ordering has stopped for good; empty while it is well. */
  public Optional<OrderingException> failure() {
    return inFlight.failure();
  }

  /**
   * Refuses new entries, waits for those in flight, checkpoints and stops; up to a second when
   * idle, half a minute when entries hang. An interrupt does not cut it short.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      inFlight.close(CLOSE_WAIT_SECONDS);
      if (left.get()) {
        gone.join();
      }
      server.close();
    } catch (IOException thrown) {
      throw OrderingException.refused("closing failed: " + thrown, thrown);
    } finally {
      // What is queued is still answered. Not waited for: this may run on that very thread.
      answers.shutdown();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * The last entry that every peer is known to have. It must not go either: the leader has to name
   * it when it sends the next one. Of a peer that was not heard since the start nothing is known.
   */
  private long neededFrom() {
    RaftServer.Division division;
    try {
      division = server.getDivision(group);
    } catch (IOException starting) {
      return 0;
    }
    Map<RaftPeerId, Long> commits = new HashMap<>();
    for (CommitInfoProto info : division.getCommitInfos()) {
      commits.put(RaftPeerId.valueOf(info.getServer().getId()), info.getCommitIndex());
    }
    return division.getRaftConf().getCurrentPeers().stream()
        .mapToLong(peer -> commits.getOrDefault(peer.getId(), 0L))
        .min()
        .orElse(0);
  }

  /** The peers that have a vote, as this one knows them. */
  List<PeerState> peers() {
    if (left.get()) {
      return List.of();
    }
    RaftServer.Division division = division();
    Map<String, Long> commits = new HashMap<>();
    for (CommitInfoProto info : division.getCommitInfos()) {
      commits.put(info.getServer().getId().toStringUtf8(), info.getCommitIndex());
    }
    commits.keySet().removeAll(away(division));
    RaftPeerId leader = division.getInfo().getLeaderId();
    long newest = commits.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return division.getRaftConf().getCurrentPeers().stream()
        .map(peer -> {
          String id = peer.getId().toString();
          Long commit = commits.get(id);
          return new PeerState(
              id,
              peer.getAddress(),
              peer.getId().equals(leader),
              peer.getId().equals(server.getId()),
              commit == null ? OptionalLong.empty() : OptionalLong.of(newest - commit));
        })
        .sorted(Comparator.comparing(PeerState::id))
        .toList();
  }

  /**
   * Those of which nobody knows now how far they are, though it was known before: whoever has not
   * answered the peer that leads for a while, and all of them where no peer that leads is heard.
   */
  private static Set<String> away(RaftServer.Division division) {
    RoleInfoProto role = division.getInfo().getRoleInfoProto();
    if (role.hasLeaderInfo()) {
      return role.getLeaderInfo().getFollowerInfoList().stream()
          .filter(Ordering::isSilent)
          .map(peer -> peer.getId().getId().toStringUtf8())
          .collect(Collectors.toSet());
    }
    boolean follows =
        role.hasFollowerInfo()
            && division.getInfo().getLeaderId() != null
            && !isSilent(role.getFollowerInfo().getLeaderInfo());
    return follows
        ? Set.of()
        : division.getRaftConf().getCurrentPeers().stream()
            .map(peer -> peer.getId().toString())
            .collect(Collectors.toSet());
  }

  private static boolean isSilent(ServerRpcProto peer) {
    return peer.getLastRpcElapsedTimeMs() > RatisSettings.AWAY_MILLIS;
  }

  /** The id of the peer that leads as far as this one knows; empty while none is known. */
  Optional<String> leader() {
    return left.get()
        ? Optional.empty()
        : Optional.ofNullable(division().getInfo().getLeaderId()).map(RaftPeerId::toString);
  }

  /** Whether the last entry that was executed here is of the newest term: its leader orders. */
  boolean isOrdered() {
    return machine.lastTerm() == division().getInfo().getCurrentTerm();
  }

  /**
   * Makes these the peers that have a vote; returns when all of them know it. Only a leader can.
   *
   * @throws OrderingException when it was not done, or not in time
   */
  void setPeers(List<OrderingSettings.Peer> peers) {
    SetConfigurationRequest request =
        new SetConfigurationRequest(
            submitter,
            server.getId(),
            group,
            adminCalls.decrementAndGet(),
            peers.stream().map(Ordering::ratisPeer).toList());
    try {
      RaftClientReply reply =
          server
              .setConfigurationAsync(request)
              .orTimeout(PEERS_WAIT_SECONDS, TimeUnit.SECONDS)
              .join();
      if (!reply.isSuccess()) {
        throw OrderingException.unknown(
            "the peers stay as they are: " + reply.getException(), reply.getException());
      }
    } catch (IOException | CompletionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw OrderingException.unknown("the peers may not have changed: " + cause, cause);
    }
  }

  /**
   * Lets another peer lead, the one that is least behind; whether one does. Of several the next one
   * after this, so that all have their turn where none but one may order.
   */
  boolean handOver() {
    String self = server.getId().toString();
    Optional<PeerState> next =
        peers().stream()
            .filter(peer -> !peer.self() && peer.behind().isPresent())
            .min(
                Comparator.comparingLong((PeerState peer) -> peer.behind().orElse(Long.MAX_VALUE))
                    .thenComparing(peer -> peer.id().compareTo(self) < 0)
                    .thenComparing(PeerState::id));
    return next.isPresent() && handOver(next.get().id());
  }

  /** Lets this peer lead; whether it does. */
  boolean handOver(String peer) {
    TransferLeadershipRequest request =
        new TransferLeadershipRequest(
            submitter,
            server.getId(),
            group,
            adminCalls.decrementAndGet(),
            RaftPeerId.valueOf(peer),
            HAND_OVER_MILLIS);
    try {
      return server
          .transferLeadershipAsync(request)
          .orTimeout(2 * HAND_OVER_MILLIS, TimeUnit.MILLISECONDS)
          .join()
          .isSuccess();
    } catch (IOException | CompletionException failed) {
      LOG.info("no other peer takes over: {}", failed.toString());
      return false;
    }
  }

  /**
   * Leaves the others when this ordering has stopped for good: a peer that cannot execute must not
   * lead, and those that can are more than half without it.
   */
  private void leave() {
    if (closing.get() || !left.compareAndSet(false, true)) {
      return;
    }
    try {
      server.close();
    } catch (IOException | RuntimeException failed) {
      LOG.warn("leaving the other peers: {}", failed.getMessage());
    } finally {
      gone.complete(null);
    }
  }

  /** Whether this peer asks the others for their votes now. */
  boolean isCandidate() {
    return !left.get() && division().getInfo().isCandidate();
  }

  /** Whether this ordering has stopped for good and left the other peers. */
  boolean hasLeft() {
    return left.get();
  }

  /** Without the others it would wait for their votes for ever. */
  private void checkAlone() {
    List<String> others =
        division().getRaftConf().getCurrentPeers().stream()
            .filter(peer -> !peer.getId().equals(server.getId()))
            .map(RaftPeer::toString)
            .sorted()
            .toList();
    if (!others.isEmpty()) {
      throw OrderingException.refused(
          "this machine is one of several peers, the others are %s; put its peers.yaml back"
              .formatted(others));
    }
  }

  /** Keeps the log from what is durable now; see {@link ReplicatedMachine#hold}. */
  void hold(Duration time) {
    machine.hold(time);
  }

  /** The term of an entry that is in the log, or was the last one of a checkpoint. */
  long termOf(long index) {
    TermIndex logged = division().getRaftLog().getTermIndex(index);
    TermIndex found = logged == null ? machine.durable(index) : logged;
    if (found == null) {
      throw OrderingException.refused("entry " + index + " is not in the log");
    }
    return found.getTerm();
  }

  private RaftServer.Division division() {
    try {
      return server.getDivision(group);
    } catch (IOException closed) {
      throw OrderingException.refused("the ordering is closed", closed);
    }
  }

  private static RaftPeer ratisPeer(OrderingSettings.Peer peer) {
    return RaftPeer.newBuilder()
        .setId(peer.id())
        .setAddress(peer.host() + ":" + peer.port())
        .build();
  }
}
