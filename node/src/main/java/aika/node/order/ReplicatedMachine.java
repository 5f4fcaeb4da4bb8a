package aika.node.order;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' view of the {@link Replicated}. A snapshot copies nothing: the implementation's own
 * durable state is the snapshot, and its index is all that Ratis learns.
 */
final class ReplicatedMachine extends BaseStateMachine {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicatedMachine.class);

  /** In the place of a term. */
  static final long NONE = -1;

  private final Replicated replicated;
  private final InFlight inFlight;
  private final ClientId submitter;
  private final CheckpointFile checkpointFile;
  private final Runnable roleChanged;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private volatile long readyTerm = NONE;
  private long configuredTerm = NONE;
  private final int checkpointEntries;
  private volatile LongSupplier neededFrom = () -> Long.MAX_VALUE;
  private volatile Runnable whenStopped = () -> {};
  private volatile long held = Long.MAX_VALUE;
  private volatile long heldUntilNanos = System.nanoTime();
  private long purged;
  private volatile @Nullable TermIndex durable;
  private volatile TermIndex lastEntry;
  private CompletableFuture<Void> checkpoint = CompletableFuture.completedFuture(null);

  /**
   * @param checkpointEntries entries between two checkpoints
   * @param roleChanged called when {@link #readyTerm} may have changed; must not block
   */
  ReplicatedMachine(
      Replicated replicated,
      InFlight inFlight,
      ClientId submitter,
      CheckpointFile checkpointFile,
      Optional<TermIndex> standing,
      int checkpointEntries,
      Runnable roleChanged) {
    this.checkpointEntries = checkpointEntries;
    this.roleChanged = roleChanged;
    this.replicated = replicated;
    this.inFlight = inFlight;
    this.submitter = submitter;
    this.checkpointFile = checkpointFile;
    durable = standing.orElse(null);
    lastEntry = standing.orElse(TermIndex.INITIAL_VALUE);
    setLastAppliedTermIndex(lastEntry);
    purged = durableIndex();
  }

  /** Done when this peer leads and everything committed earlier is applied. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /**
   * The term that this peer leads, with everything committed earlier applied; {@link #NONE} when it
   * does not. It may have been deposed without having heard of it.
   */
  long readyTerm() {
    return readyTerm;
  }

  /**
   * @param stopped is called once, on a thread of its own, when nothing can be applied any more
   */
  void whenStopped(Runnable stopped) {
    whenStopped = stopped;
  }

  /**
   * @param first is asked for the first entry that another peer may need from this one's log
   */
  void needed(LongSupplier first) {
    neededFrom = first;
  }

  /**
   * Keeps the log from here on, for whoever gets a copy of the state now and comes with it later.
   */
  synchronized void hold(Duration time) {
    long now = System.nanoTime();
    long from = Math.max(0, durableIndex());
    held = now < heldUntilNanos ? Math.min(held, from) : from; // another copy may be on its way
    heldUntilNanos = now + time.toNanos();
  }

  /** The last checkpoint, when this is its entry. */
  @Nullable TermIndex durable(long index) {
    TermIndex known = durable;
    return known != null && known.getIndex() == index ? known : null;
  }

  long lastApplied() {
    return lastEntry.getIndex();
  }

  /** Of the last entry executed, also before the start. */
  long lastTerm() {
    return lastEntry.getTerm();
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
    Submission submission = inFlight.find(request.getCallId());
    if (submission == null || !submitter.equals(request.getClientId())) {
      throw new IOException("entries are submitted by the ordering's own process only");
    }
    submission.aboutToBeLogged();
    return super.startTransaction(request);
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto log = transaction.getLogEntry();
    StateMachineLogEntryProto logged = log.getStateMachineLogEntry();
    // Found by number, not by the transaction: Ratis may apply an entry before it has noted whose
    // request it was.
    Submission submission =
        submitter.toByteString().equals(logged.getClientId())
            ? inFlight.find(logged.getCallId())
            : null;
    byte[] entry = submission == null ? logged.getLogData().toByteArray() : submission.entry();
    Optional<byte[]> answer = apply(TermIndex.valueOf(log), entry);
    updateLastAppliedTermIndex(log.getTerm(), log.getIndex());
    if (submission == null) {
      return CompletableFuture.completedFuture(Message.EMPTY);
    }
    answer.ifPresent(submission.answer()::complete);
    // Ratis forgets the request when this completes, which must not be before it noted it.
    return submission.returned().thenApply(nothing -> Message.EMPTY);
  }

  /**
   * Empty once the ordering has stopped. Nothing is thrown: Ratis would close itself half-way,
   * while it is of use until the log is closed in order.
   */
  private Optional<byte[]> apply(TermIndex at, byte[] entry) {
    if (inFlight.failure().isPresent()) {
      return Optional.empty();
    }
    try {
      if (at.getIndex() <= lastEntry.getIndex()) {
        throw new IllegalStateException("entry " + at + " came after " + lastEntry);
      }
      byte[] answer = replicated.apply(at.getIndex(), at.getTerm(), entry);
      lastEntry = at;
      return Optional.of(answer);
    } catch (Throwable broken) {
      stop("applying entry " + at.getIndex() + " failed: " + broken, broken);
      return Optional.empty();
    }
  }

  /**
   * The index up to which the log may go: that of the last checkpoint that is done. Another is
   * begun meanwhile, and waited for only when closing, so that execution never waits for the disk.
   * Does not move any more once stopped.
   */
  @Override
  public long takeSnapshot() {
    boolean closing = inFlight.isClosed();
    if (inFlight.failure().isEmpty()) {
      if (closing) {
        checkpoint.join();
      }
      if (checkpoint.isDone() && (closing || isCheckpointDue())) {
        checkpoint = checkpoint();
      }
      if (closing) {
        checkpoint.join();
      }
    }
    long deletable = Math.min(durableIndex(), keptFrom() - 1);
    if (deletable < purged) { // Ratis would take it for a fault of its own
      return -1;
    }
    purged = deletable;
    return purged;
  }

  /** Ratis asks again and again while the log is kept for somebody. */
  private boolean isCheckpointDue() {
    long durableNow = durableIndex();
    return keptFrom() > durableNow || lastEntry.getIndex() - durableNow >= checkpointEntries;
  }

  private long durableIndex() {
    TermIndex known = durable;
    return known == null ? -1 : known.getIndex();
  }

  /** The first entry that somebody may still need. */
  private synchronized long keptFrom() {
    long needed = neededFrom.getAsLong();
    return System.nanoTime() < heldUntilNanos ? Math.min(needed, held) : needed;
  }

  private CompletableFuture<Void> checkpoint() {
    TermIndex expected = lastEntry;
    CompletableFuture<Long> begun;
    try {
      begun = replicated.checkpoint();
    } catch (RuntimeException | Error broken) { // told like one that fails later
      begun = CompletableFuture.failedFuture(broken);
    }
    return begun
        .thenAccept(index -> checkpointed(expected, index))
        .exceptionally(broken -> {
          Throwable cause = broken.getCause() == null ? broken : broken.getCause();
          stop("the checkpoint failed: " + cause, cause);
          return null;
        });
  }

  private void checkpointed(TermIndex expected, long index) {
    if (index != expected.getIndex()) {
      throw new IllegalStateException(
          "checkpoint() says " + index + ", applied was " + expected.getIndex());
    }
    if (index < 0) {
      return;
    }
    try {
      checkpointFile.write(expected);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    durable = expected;
  }

  @Override
  public @Nullable SnapshotInfo getLatestSnapshot() {
    TermIndex known = durable;
    return known == null ? null : new StateItself(known);
  }

  /** The first entry of each leader is one, and the last one before it is {@code ready}. */
  @Override
  public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto now) {
    configuredTerm = term;
  }

  @Override
  public void notifyLeaderReady() {
    readyTerm = configuredTerm;
    if (inFlight.failure().isPresent()) { // stopped in the meantime
      readyTerm = NONE;
    }
    ready.complete(null);
    roleChanged.run();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    readyTerm = NONE;
    roleChanged.run();
  }

  /** The leader's log begins after this state: nothing can bring it up to date but a copy. */
  @Override
  public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
      RoleInfoProto role, TermIndex firstInLog) {
    String why =
        "this peer stands at entry %d, and the others' logs begin at %d; it must be replaced"
            .formatted(lastApplied(), firstInLog.getIndex());
    stop(why, null);
    return CompletableFuture.failedFuture(OrderingException.refused(why));
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    stop("writing the log failed: " + cause, cause);
  }

  @Override
  public void close() {
    if (!inFlight.isClosed()) {
      stop("the replication engine stopped by itself", null);
    }
  }

  private void stop(String why, @Nullable Throwable cause) {
    boolean first = inFlight.fail(why, cause);
    readyTerm = NONE;
    if (first) {
      LOG.error("the ordering has stopped: {}", why, cause);
      Runnable stopped = whenStopped;
      var _ = Thread.ofPlatform().daemon().name("ordering-stopped").start(stopped);
    }
    inFlight.failure().ifPresent(ready::completeExceptionally);
  }

  private record StateItself(TermIndex last) implements SnapshotInfo {
    @Override
    public TermIndex getTermIndex() {
      return last;
    }

    @Override
    public List<FileInfo> getFiles() {
      return List.of();
    }
  }
}
