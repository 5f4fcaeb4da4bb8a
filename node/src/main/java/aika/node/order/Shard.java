package aika.node.order;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.SignatureScheme;
import aika.core.transfer.Authorization;
import aika.node.store.Approvals;
import aika.node.store.PeerStore;
import aika.node.store.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.ratis.server.protocol.TermIndex;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some chains, ordered together by one Raft group and executed by one thread. The way in for
 * everything that changes a ledger.
 */
public final class Shard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shard.class);
  private static final int IN_FLIGHT_MAX = 32;
  private static final long ANSWER_WAIT_SECONDS = 20;
  private static final Duration LOG_KEPT = Duration.ofHours(1);
  private static final String APPROVALS = "approvals";

  /** Actions that may wait to be ordered; then people's orders are answered BUSY. */
  private static final int BACKLOG_MAX = 20_000;

  private final ShardSettings settings;
  private final Hash federationFile;
  private final Authorization authorization;
  private final MedianClock clock;
  private final ShardStore store;
  private final Approvals approvals;
  private final Engine engine;
  private final Executing executing;
  private final Ordering ordering;
  private final Batcher batcher;
  private final Map<ChainId, Chain> hosted = new ConcurrentSkipListMap<>();
  private final Map<ChainId, Chain> chains = new TreeMap<>();
  private final Departure departure = new Departure(this);
  private final Changes changes = new Changes();
  private final List<Consumer<ChainId>> sealListeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("block-timer").factory());

  private final List<Consumer<ChainId>> releaseListeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> roleListeners = new CopyOnWriteArrayList<>();
  private volatile boolean started;
  private volatile long begunTerm = ReplicatedMachine.NONE;

  private Shard(
      ShardSettings settings,
      Directory directory,
      SignatureScheme orderSignatures,
      LongSupplier clock,
      Map<String, PeerStore> beside,
      UnaryOperator<Function<byte[], CompletableFuture<byte[]>>> between) {
    this.settings = settings;
    this.clock = new MedianClock(clock);
    federationFile = directory.fileHash();
    authorization = new Authorization(directory, orderSignatures);
    store = ShardStore.open(settings.directory().resolve("ledger"), settings.store());
    approvals = Approvals.open(settings.directory().resolve("approvals"));
    engine = new Engine(store, directory, settings.chains(), new Executed());
    Map<String, PeerStore> shared = new HashMap<>();
    if (settings.peers() != null) {
      shared.putAll(beside);
      shared.put(APPROVALS, approvals);
    }
    approvals.onTaken(this::checkApproved);
    OrderingSettings how = orderingSettings(settings);
    PeerName name = PeerName.check(settings.directory(), how);
    executing = new Executing(engine, store, directory, shared, name::keep);
    ordering = Ordering.start(how, executing, this::roleChanged);
    for (ChainId chain : settings.chains()) {
      if (engine.released(chain) == null) {
        chains.put(chain, hosted(chain));
      }
    }
    shared.forEach((key, one) -> one.orderBy((term, change) -> order(key, term, change)));
    long firstNumber = RandomGenerator.getDefault().nextLong() >>> 16;
    batcher = new Batcher(between.apply(this::order), engine, this.clock, firstNumber);
  }

  /**
   * Orders nothing more of a chain, which goes on elsewhere, once all of it is sealed and approved.
   *
   * @param move names where it goes: it cannot go a second time by another one
   * @return how many leaves it has; the same at each further call
   * @throws OrderingException when it has not gone; then it goes on here
   */
  public long release(ChainId id, String move, Duration wait) throws InterruptedException {
    return departure.of(hosted(id), move, wait);
  }

  /** Has it ordered that nothing more of it is; whether it had this size, and others are left. */
  boolean orderRelease(ChainId id, long size, String move) {
    OrderedEntry.Beside entry =
        new OrderedEntry.Beside(
            Executing.RELEASE, PeerStore.ANY_TERM, Executing.release(id, size, move));
    try {
      return Executing.isTaken(
          order(entry.encode()).orTimeout(ANSWER_WAIT_SECONDS, TimeUnit.SECONDS).join());
    } catch (CompletionException failed) {
      throw new OutcomeUnknownException("it is not known whether " + id + " has gone", failed);
    }
  }

  /** By which move this chain, which was ordered here, went elsewhere; empty while it has not. */
  public Optional<String> released(ChainId id) {
    return Optional.ofNullable(engine.released(id));
  }

  /** A chain that is ordered here, or was; an empty one when it never was. */
  public Chain hosted(ChainId id) {
    return hosted.computeIfAbsent(
        id, chain -> new Chain(store.log(chain), approvals, () -> engine.halted(chain)));
  }

  private static OrderingSettings orderingSettings(ShardSettings settings) {
    Path directory = settings.directory().resolve("raft");
    OrderingSettings alone = OrderingSettings.alone(directory, settings.name());
    ShardSettings.PeerGroup group = settings.peers();
    OrderingSettings wanted =
        new OrderingSettings(
            alone.directory(),
            alone.shard(),
            group == null ? alone.peer() : group.self(),
            group == null ? alone.peers() : group.peers(),
            settings.log().snapshotEntries(),
            settings.log().segmentBytes(),
            alone.entryBytesMax(),
            IN_FLIGHT_MAX,
            alone.inFlightBytesMax(),
            group == null
                ? null
                : new OrderingSettings.Network(group.mayBegin(), !group.mayBegin(), group.tls()));
    return wanted;
  }

  /**
   * Has all peers take a change of a store beside the ledger; returns when this one has.
   *
   * @param term the only one in which they may take it
   */
  private void order(String beside, long term, byte[] change) {
    try {
      byte[] answer =
          ordering
              .submit(new OrderedEntry.Beside(beside, term, change).encode())
              .orTimeout(ANSWER_WAIT_SECONDS, TimeUnit.SECONDS)
              .join();
      if (!Executing.isTaken(answer)) {
        throw new OutcomeUnknownException(
            "a change of " + beside + " is not taken: this peer has led anew since", null);
      }
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new OutcomeUnknownException(
          "a change of " + beside + " is not confirmed: " + cause.getMessage(), cause);
    }
  }

  /** Nothing before the peers know by which federation file this one executes. */
  private CompletableFuture<byte[]> order(byte[] entry) {
    return settings.peers() == null || begunTerm == ordering.leadingTerm()
        ? ordering.submit(entry)
        : CompletableFuture.failedFuture(OrderingException.refused("this peer does not lead"));
  }

  /**
   * What is approved all have executed alike. A peer that has not must neither lead nor vote: it
   * stops at this entry.
   */
  private void checkApproved(ChainId id, SignedCheckpoint approved) {
    Chain chain = hosted(id);
    Checkpoint seen = approved.checkpoint();
    if (seen.size() > chain.size()
        || !Proofs.root(seen.size(), chain.nodes()).equals(seen.root())) {
      throw new IllegalStateException(
          "the approved %s of %d leaves is not what this peer has executed; it must be replaced"
              .formatted(id, seen.size()));
    }
  }

  private void roleChanged() {
    roleListeners.forEach(Runnable::run);
  }

  /**
   * Opens the shard and replays what its log holds beyond its state. Nothing is ordered before it
   * {@linkplain #begin begins}, not even the seal of a block whose time has come.
   *
   * @param clock ms since 1970
   */
  public static Shard open(
      ShardSettings settings,
      Directory directory,
      SignatureScheme orderSignatures,
      LongSupplier clock) {
    return open(settings, directory, orderSignatures, clock, Map.of());
  }

  /**
   * Opens the shard, as one of several peers when the settings name some. Then it {@linkplain
   * #leads leads} now, later or never.
   *
   * @param beside the stores beside the ledger, by names that stay the same; the peers have them
   *     alike
   */
  public static Shard open(
      ShardSettings settings,
      Directory directory,
      SignatureScheme orderSignatures,
      LongSupplier clock,
      Map<String, PeerStore> beside) {
    return new Shard(settings, directory, orderSignatures, clock, beside, UnaryOperator.identity());
  }

  /** Opens the shard and begins. */
  public static Shard start(
      ShardSettings settings,
      Directory directory,
      SignatureScheme orderSignatures,
      LongSupplier clock) {
    return start(settings, directory, orderSignatures, clock, UnaryOperator.identity());
  }

  /**
   * @param between what stands between the batches and the ordering
   */
  static Shard start(
      ShardSettings settings,
      Directory directory,
      SignatureScheme orderSignatures,
      LongSupplier clock,
      UnaryOperator<Function<byte[], CompletableFuture<byte[]>>> between) {
    Shard shard = new Shard(settings, directory, orderSignatures, clock, Map.of(), between);
    shard.begin();
    return shard;
  }

  /** Starts new chains, and seals the blocks of others in their time. */
  public void begin() {
    if (settings.peers() != null) {
      long term = ordering.leadingTerm();
      order(Executing.FILE, term, federationFile.bytes());
      begunTerm = term;
    }
    started = true;
    for (Chain chain : chains.values()) {
      if (chain.size() == 0) {
        await(submit(chain.id(), new Action.Genesis(federationFile)));
      } else {
        timeSeal(chain.id(), chain.head());
      }
    }
  }

  /**
   * No longer seals blocks, and tells nobody of any: this peer does not lead any more. It may begin
   * again.
   */
  public void rest() {
    started = false;
    sealListeners.clear();
  }

  /** The id of the peer that leads as far as this one knows; empty while none is known. */
  public Optional<String> leader() {
    return ordering.leader();
  }

  /**
   * Whether another peer leads and has {@linkplain #begin begun}: nothing else of its term could
   * have been executed here.
   */
  public boolean isOrderedByAnother() {
    return !ordering.leads() && ordering.leader().isPresent() && ordering.isOrdered();
  }

  /** Whether this peer asks the others for their votes now. */
  boolean isCandidate() {
    return ordering.isCandidate();
  }

  /** Whether this peer leads, and has executed all that was ordered before. */
  public boolean leads() {
    return ordering.leads();
  }

  /**
   * The term in which this peer {@linkplain #leads leads}, which is another one each time that it
   * comes to lead; negative when it does not.
   */
  public long leadingTerm() {
    return ordering.leadingTerm();
  }

  /** {@code listener} is called on the executing thread when a chain has gone elsewhere. */
  public void onRelease(Consumer<ChainId> listener) {
    releaseListeners.add(listener);
  }

  /** {@code listener} is called when {@link #leads} may have changed, and must not block. */
  public void onRole(Runnable listener) {
    roleListeners.add(listener);
  }

  /** The shard's peers as this one knows them; one that is alone is its only peer. */
  public List<PeerState> peers() {
    return ordering.peers();
  }

  /**
   * Makes these the shard's peers, one more or less than now. Only a leader can.
   *
   * @throws OrderingException when it was not done, or not in time
   */
  public void setPeers(List<OrderingSettings.Peer> peers) {
    ordering.setPeers(peers);
  }

  /** Lets another peer lead; whether one does. */
  public boolean handOver() {
    return ordering.handOver();
  }

  /** Lets this peer lead; whether it does. */
  boolean handOver(String peer) {
    return ordering.handOver(peer);
  }

  /**
   * Whether this peer has left the others, since it can execute nothing more; it takes a restart to
   * come back.
   */
  public boolean hasLeft() {
    return ordering.hasLeft();
  }

  /** How many of the shard's entries this peer has executed, about. */
  public long applied() {
    return ordering.lastApplied();
  }

  /**
   * Copies what a further peer begins with into a directory that is not there yet. The log is kept
   * from there for an hour, so that it can go on. Only a leader can: the last entry of the copy has
   * to be in its log, or nobody could tell how the others go on from it.
   */
  public void copyInto(Path directory) throws IOException {
    ordering.hold(LOG_KEPT);
    order(Executing.MARK, PeerStore.ANY_TERM, new byte[0]);
    long _ = executing.marked().join();
    Path raft = directory.resolve("raft");
    Files.createDirectories(raft);
    long index = store.copyInto(directory.resolve("ledger"));
    approvals.copyInto(directory.resolve("approvals"));
    new CheckpointFile(raft).write(TermIndex.valueOf(ordering.termOf(index), index));
  }

  /**
   * Checks an order's signatures, orders and executes it, and waits for the answer.
   *
   * @throws OutcomeUnknownException when it may or may not have been accepted
   */
  public Answer submit(SignedOrder order, Action.@Nullable Citation citation) {
    return await(submitAsync(order, citation));
  }

  /** Like {@link #submit(SignedOrder, Action.Citation)}, without waiting. */
  public CompletableFuture<Answer> submitAsync(
      SignedOrder order, Action.@Nullable Citation citation) {
    ChainId id = order.order().chain();
    Chain chain = chains.get(id);
    if (chain == null) {
      return refused(
          engine.released(id) == null ? Reason.UNKNOWN_CHAIN : Reason.CHAIN_MOVED, id.value());
    }
    if (batcher.backlog() >= BACKLOG_MAX) {
      return refused(Reason.BUSY, "too many orders are waiting");
    }
    if (chain.size() - chain.approvedSize() > settings.unapprovedMax()) {
      return refused(Reason.BUSY, "too many leaves wait for approval");
    }
    return switch (verdict(chain, order)) {
      case Authorization.Verdict.Invalid invalid ->
          CompletableFuture.completedFuture(new Answer.Refused(invalid.refusal()));
      case Authorization.Verdict.Valid valid ->
          submit(id, new Action.Submit(order, valid.key(), clock.now(), citation));
    };
  }

  /** Why an order's signatures do not hold now; null when they do, or its chain is not here. */
  public @Nullable Refusal refusal(SignedOrder order) {
    Chain chain = chains.get(order.order().chain());
    if (chain == null) {
      return null;
    }
    return verdict(chain, order) instanceof Authorization.Verdict.Invalid invalid
        ? invalid.refusal()
        : null;
  }

  private Authorization.Verdict verdict(Chain chain, SignedOrder order) {
    Row.Account row = chain.get(new Key.OfAccount(order.order().account()));
    return authorization.check(order, row == null ? null : row.at(clock.now()));
  }

  /** Orders an action whose signatures, if it rests on any, have been checked. */
  public CompletableFuture<Answer> submit(ChainId chain, Action action) {
    if (departure.isLeaving(chain) && !(action instanceof Action.Seal)) {
      return refused(Reason.CHAIN_MOVED, chain.value());
    }
    return batcher.submit(new OrderedEntry.Item(chain, action));
  }

  /** Waits for an answer; see {@link #submit(SignedOrder, Action.Citation)}. */
  public Answer await(CompletableFuture<Answer> answer) {
    try {
      return answer.orTimeout(ANSWER_WAIT_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      String why = cause instanceof TimeoutException ? "no answer in time" : cause.toString();
      throw new OutcomeUnknownException(why, cause);
    }
  }

  private static CompletableFuture<Answer> refused(Reason reason, String detail) {
    return CompletableFuture.completedFuture(new Answer.Refused(Refusal.of(reason, detail)));
  }

  /** A chain that is known to be hosted here. */
  public Chain chain(ChainId id) {
    Chain chain = chains.get(id);
    if (chain == null) {
      throw new IllegalArgumentException("not hosted here: " + id);
    }
    return chain;
  }

  public @Nullable Chain find(ChainId id) {
    return chains.get(id);
  }

  /** The chains, in the order of their names. */
  public Collection<Chain> chains() {
    return chains.values();
  }

  public Approvals approvals() {
    return approvals;
  }

  public Changes changes() {
    return changes;
  }

  /** Hears other machines' clocks, without which this one's cannot be judged. */
  public MedianClock clock() {
    return clock;
  }

  /** {@code listener} is called on the executing thread after each seal and must not block. */
  public void onSeal(Consumer<ChainId> listener) {
    sealListeners.add(listener);
  }

  /** Why nothing can be ordered now; null while all is well. */
  public @Nullable Refusal failure() {
    Optional<OrderingException> failed = ordering.failure();
    return failed.isPresent()
        ? Refusal.of(Reason.INTERNAL, failed.get().getMessage())
        : batcher.refusal();
  }

  /**
   * Orders nothing from now on, for a reason that does not pass while this runs. Orders are refused
   * with CHAIN_HALTED: the reason itself is the operator's.
   */
  public void forbid(Refusal reason) {
    batcher.forbid(reason);
    changes.happened(); // whoever waits for something of this is refused now
  }

  /** Whether what is here must not go on: not only order nothing, but approve nothing either. */
  public boolean isForbidden() {
    return batcher.forbidden() != null;
  }

  /** What is replayed at the start is looked at once, when all of it is there. */
  private final class Executed implements Engine.Listener {
    @Override
    public void executed(ChainId chain, Row.Head head, int leaves) {
      if (started && head.sealed()) {
        sealListeners.forEach(listener -> listener.accept(chain));
      } else if (started && head.blockLeaves() == leaves) { // they opened the block
        timeSeal(chain, head);
      }
    }

    @Override
    public void released(ChainId chain) {
      releaseListeners.forEach(listener -> listener.accept(chain));
    }

    @Override
    public void applied() {
      if (started || settings.peers() != null) {
        changes.happened();
      }
    }
  }

  /** Seals the open block when its time has come; a block that was full before is left alone. */
  private void timeSeal(ChainId chain, Row.Head head) {
    if (head.sealed() || timer.isShutdown() || !started) {
      return;
    }
    long height = head.height() + 1;
    var _ =
        timer.schedule(
            () -> seal(chain, height), settings.blockIntervalMillis(), TimeUnit.MILLISECONDS);
  }

  private void seal(ChainId chain, long height) {
    if (!started) {
      return; // whoever leads now sees to it
    }
    var _ =
        submit(chain, new Action.Seal(height))
            .whenComplete((answer, failed) -> {
              if (failed != null) {
                LOG.warn("the open block of {} is not sealed: {}", chain, failed.getMessage());
                timeSeal(chain, chain(chain).head());
              } else if (answer instanceof Answer.Refused refused
                  && refused.refusal().reason() == Reason.CLOCK_DIFFERS) {
                timeSeal(chain, chain(chain).head());
              }
            });
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      batcher.close();
      ordering.close();
    } finally {
      approvals.close();
      store.close();
    }
  }
}
