package aika.node.mirror;

import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.ledger.Recovery;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.core.note.SignatureScheme;
import aika.node.order.Chain;
import aika.node.order.Changes;
import aika.node.order.MedianClock;
import aika.node.store.StoreSettings;
import aika.node.tls.NodeTls;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the chains that other nodes serve, each pulled by a thread of its own as it grows. A
 * node that cannot be reached costs its chains' freshness and nothing else. A copy that was begun
 * is gone on with.
 */
public final class Mirrors implements ReadableChains.Copies, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS_MIN = 100;
  private static final long PAUSE_MILLIS_MAX = 2_000;

  /** Between two questions to a gateway that does not wait with its answer. */
  private static final long QUIET_MILLIS_MIN = 1_000;

  /** Between two questions while others tell what is new. */
  private static final long TOLD_MILLIS = 10_000;

  /** How long others are not relied on after they failed to tell. */
  private static final long MISSED_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final int HINTS_MAX = 4;

  private final MirrorStore store;
  private final Directory directory;
  private final Addresses addresses;
  private final Changes changes;
  private final MedianClock clock;
  private final SignatureScheme logSignatures;
  private final SignatureScheme cosignatures = new MlDsa44();
  private final Map<ChainId, Copy> copies = new ConcurrentSkipListMap<>();

  /** Copies begin one after the other, and none while all of them end. */
  private final ReentrantLock beginning = new ReentrantLock();

  private final List<Consumer<ChainId>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<ConflictProof>> conflicts = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final HttpClient http;
  private final GivenUpCopies givenUp;
  private final OfferQuestions questions;
  private volatile Predicate<ChainId> told = _ -> false;
  private volatile BiPredicate<ChainId, Recovery.Seat> mayGiveUp = (_, _) -> false;
  private volatile Consumer<ChainId> afterGivingUp = _ -> {};
  private volatile boolean stopping;
  private boolean started;

  /**
   * Which chains are copied.
   *
   * @param needed from the beginning; others when something concerns them
   * @param offersTo municipalities of which others are asked who has made offers to them
   */
  public record Choice(Predicate<ChainId> needed, List<ChainId> offersTo) {
    /** Every chain that another node serves. */
    public static final Choice ALL = new Choice(_ -> true, List.of());

    public Choice {
      offersTo = List.copyOf(offersTo);
    }
  }

  /**
   * @param addresses of the chains that other nodes serve
   * @param changes is told of what comes
   * @param clock is told the times of the machines that answer
   * @param tls null for none of one's own
   */
  public Mirrors(
      Path data,
      StoreSettings settings,
      KeptHistories kept,
      Choice choice,
      Directory directory,
      Addresses addresses,
      SignatureScheme logSignatures,
      Changes changes,
      MedianClock clock,
      @Nullable NodeTls tls) {
    this.directory = directory;
    this.addresses = addresses;
    this.logSignatures = logSignatures;
    http = NodeTls.http(tls).connectTimeout(CONNECT_MAX).build();
    this.changes = changes;
    this.clock = clock;
    givenUp = new GivenUpCopies(data);
    store = MirrorStore.open(data, settings, kept);
    try {
      for (ChainId id : addresses.chains()) {
        if (choice.needed.test(id) || store.hasBegun(id)) {
          copies.put(id, copy(id));
        }
      }
    } catch (RuntimeException failed) {
      store.close();
      http.close();
      throw failed;
    }
    questions = new OfferQuestions(http, addresses, choice.offersTo, this::need, this::isTold);
  }

  private Copy copy(ChainId id) {
    return new Copy(new Mirror(store, directory, id, logSignatures, cosignatures));
  }

  private boolean isTold(ChainId id) {
    return told.test(id);
  }

  /** {@code listener} hears of each chain of which more is here; it must not block. */
  public void onApproval(Consumer<ChainId> listener) {
    listeners.add(listener);
  }

  /** {@code listener} hears of two histories of a chain; who approved them is not checked yet. */
  public void onConflict(Consumer<ConflictProof> listener) {
    conflicts.add(listener);
  }

  /**
   * What to do when the recovery quorum has decided for another history than the one that is here.
   *
   * @param may whether nobody here needs the old one any more as evidence; else it is kept
   * @param then is told when the copy is not gone on with; the next start begins it anew
   */
  public void onGivingUp(BiPredicate<ChainId, Recovery.Seat> may, Consumer<ChainId> then) {
    mayGiveUp = may;
    afterGivingUp = then;
  }

  /**
   * Asks rarely for news of the chains of which {@code others} tell.
   *
   * @param others whether somebody tells of this chain
   */
  public void relyOn(Predicate<ChainId> others) {
    told = others;
  }

  public void start() {
    beginning.lock();
    try {
      started = true;
      copies.values().forEach(this::start);
    } finally {
      beginning.unlock();
    }
    questions.start();
  }

  private void start(Copy copy) {
    threads.add(Thread.ofVirtual().name("mirror-" + copy.id()).start(copy));
  }

  @Override
  public void need(ChainId id) {
    if (!lacks(id)) {
      return;
    }
    beginning.lock();
    try {
      if (stopping || !lacks(id)) {
        return;
      }
      Copy copy = copy(id);
      copies.put(id, copy);
      LOG.info("{} is copied from now on", id);
      if (started) {
        start(copy);
      }
    } finally {
      beginning.unlock();
    }
  }

  @Override
  public boolean lacks(ChainId id) {
    return !copies.containsKey(id) && addresses.chains().contains(id);
  }

  @Override
  public void seek(ChainId sender, ChainId receiver) {
    if (lacks(sender)) {
      questions.ask(sender, receiver);
    }
  }

  /**
   * A chain of which nothing is here has perhaps not begun, unless this node hears nobody. When
   * there are chains without a copy, others have to say who has made offers.
   */
  @Override
  public Collection<ChainId> unheard(ChainId receiver) {
    Set<ChainId> found = new LinkedHashSet<>();
    boolean alone = copies.values().stream().noneMatch(copy -> copy.heard);
    for (Copy copy : copies.values()) {
      if (copy.id().municipal() && !copy.heard && (alone || copy.mirror.readable() > 0)) {
        found.add(copy.id());
      }
    }
    if (addresses.chains().stream().anyMatch(this::lacks)) {
      found.addAll(questions.unanswered(receiver));
    }
    return found;
  }

  @Override
  public @Nullable Chain find(ChainId id) {
    Copy copy = copies.get(id);
    return copy == null ? null : copy.mirror.chain();
  }

  /** The chains as far as they are here. */
  @Override
  public Collection<Chain> chains() {
    return copies.values().stream().map(copy -> copy.mirror.chain()).toList();
  }

  /** Why the newest of a chain is not here, or null when it is as far as is known. */
  public @Nullable String failure(ChainId id) {
    Copy copy = copies.get(id);
    return copy == null ? null : copy.failure;
  }

  /** What came of a hint. */
  public enum Hint {
    /** It is looked into. */
    TAKEN,
    /** What it tells is here. */
    KNOWN,
    /** The chain's log did not sign it. */
    FORGED,
    /** Others are looked into. */
    BUSY,
    /** The chain is not copied here. */
    ELSEWHERE
  }

  /**
   * Somebody says that there is more of a chain, or another history. Nothing of it is believed: the
   * chain is pulled and verified as ever.
   *
   * @param signed signed by the chain's log at least; whether it is approved is found out
   * @param tellers gateways that may have it, asked after the chain's own
   */
  public Hint hint(ChainId id, SignedCheckpoint signed, List<URI> tellers) {
    Copy copy = copies.get(id);
    if (copy == null) {
      return Hint.ELSEWHERE;
    }
    if (!copy.mirror.isOfThisLog(signed)) {
      return Hint.FORGED;
    }
    copy.hinted.accumulateAndGet(signed.checkpoint().size(), Math::max);
    if (copy.has(signed.checkpoint())) {
      return Hint.KNOWN;
    }
    return copy.hints.offer(new Wake(signed.checkpoint(), tellers)) ? Hint.TAKEN : Hint.BUSY;
  }

  private enum Came {
    MORE,
    NOTHING,
    FAILED
  }

  /**
   * Why a copy's thread looks again.
   *
   * @param checkpoint null to stop
   */
  private record Wake(@Nullable Checkpoint checkpoint, List<URI> tellers) {}

  /** One chain's copying. */
  private final class Copy implements Runnable {
    private final Mirror mirror;
    private final BlockingQueue<Wake> hints = new ArrayBlockingQueue<>(HINTS_MAX);
    private int next;
    private long pauseMillis = PAUSE_MILLIS_MIN;
    private final AtomicLong hinted = new AtomicLong();
    private long foundUnhinted;
    private long missedUntil = System.nanoTime();
    private volatile @Nullable String failure;

    /** Attempts in a row that failed; by the last of them all sources were asked. */
    private int failures;

    /** Whether one of the sources has shown its newest since all of them failed. */
    private volatile boolean heard;

    /** Given up: there is nothing to add to it. */
    private boolean gone;

    Copy(Mirror mirror) {
      this.mirror = mirror;
    }

    private ChainId id() {
      return mirror.chain().id();
    }

    @Override
    public void run() {
      try {
        long due = System.nanoTime();
        while (!stopping && !gone) {
          Wake hint = hints.poll(due - System.nanoTime(), TimeUnit.NANOSECONDS);
          if (hint == null) {
            long rest = poll();
            due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(rest);
          } else if (hint.checkpoint != null) {
            follow(hint.checkpoint, hint.tellers);
          }
        }
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      }
    }

    /** Looks without being told; the best source is asked first again after each answer. */
    private long poll() {
      if (foundUnhinted > hinted.get()) {
        missedUntil = System.nanoTime() + MISSED_NANOS; // a hint had all the time since
      }
      foundUnhinted = 0;
      boolean rely = told.test(id()) && missedUntil - System.nanoTime() < 0;
      List<URI> sources = addresses.sources(id());
      long start = System.nanoTime();
      Came came = attempt(sources.get(next % sources.size()), !rely);
      long waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      next = came == Came.FAILED ? next + 1 : 0;
      long pause = pauseMillis;
      pauseMillis = came == Came.FAILED ? Math.min(2 * pause, PAUSE_MILLIS_MAX) : PAUSE_MILLIS_MIN;
      if (rely && came != Came.FAILED) {
        foundUnhinted = came == Came.MORE ? mirror.readable() : 0;
        return TOLD_MILLIS;
      }
      return switch (came) {
        case MORE -> 0;
        case NOTHING -> Math.max(0, QUIET_MILLIS_MIN - waitedMillis);
        case FAILED -> pause;
      };
    }

    /** Another history is only where the hint came from; more of this one is perhaps elsewhere. */
    private void follow(Checkpoint hint, List<URI> tellers) {
      if (has(hint)) {
        return;
      }
      Set<URI> sources = new LinkedHashSet<>();
      if (hint.size() > mirror.readable()) {
        sources.addAll(addresses.sources(id()));
      }
      sources.addAll(tellers);
      for (URI source : sources) {
        attempt(source, false);
        if (has(hint) || stopping || gone) {
          return;
        }
      }
    }

    private boolean has(Checkpoint tree) {
      return tree.size() <= mirror.readable() && mirror.holds(tree);
    }

    /**
     * @param waiting for more than is here, which a gateway answers when there is more
     */
    private Came attempt(URI gateway, boolean waiting) {
      try {
        return look(gateway, waiting);
      } catch (RuntimeException | Error broken) { // else the copy would stand still unseen
        LOG.error("the copy of {} stands still", id(), broken);
        tell(broken.toString());
        return Came.FAILED;
      }
    }

    private Came look(URI gateway, boolean waiting) {
      HttpLog source = new HttpLog(http, gateway, id(), HttpLog.WAIT, clock);
      try {
        byte[] file = source.file(waiting ? "checkpoint?after=" + mirror.readable() : "checkpoint");
        boolean more = file != null && mirror.pull(source, SignedCheckpoint.parse(file));
        tell(null);
        addresses.answered(id(), gateway);
        if (more) {
          changes.happened();
          listeners.forEach(listener -> listener.accept(id()));
        }
        return more ? Came.MORE : Came.NOTHING;
      } catch (UnreadableLogException away) {
        tell(away.getMessage());
      } catch (MalformedException | MirrorException bad) {
        // withheld, cut or forged: what is here stays, and somebody should look
        String what = source + ": " + bad.getMessage();
        if (!what.equals(failure)) {
          LOG.error("{}", what);
        }
        tell(what);
        if (bad instanceof MirrorException another && another.proof() != null) {
          ConflictProof proof = another.proof();
          conflicts.forEach(listener -> listener.accept(proof));
        }
        giveUp(source);
      }
      return Came.FAILED;
    }

    /** Whoever shows what cannot be taken may show the history that was chosen. */
    private void giveUp(HttpLog source) {
      try {
        TlogProof decision = mirror.chosenInstead(source);
        Recovery.Seat seat = decision == null ? null : Mirror.decided(decision);
        if (decision != null && seat != null && mayGiveUp.test(id(), seat)) {
          store.sync(); // it is kept, though nobody copies it any more
          givenUp.add(id(), decision);
          gone = true;
          LOG.warn(
              "the recovery quorum of {} has decided for another history than the one that was"
                  + " copied; it is copied anew from the next start on",
              id());
          afterGivingUp.accept(id());
        }
      } catch (UnreadableLogException | MalformedException | MirrorException undecided) {
        LOG.debug("{} does not show a decision: {}", source, undecided.getMessage());
      }
    }

    private void tell(@Nullable String now) {
      boolean wasWell = failure == null;
      failure = now;
      failures = now == null ? 0 : failures + 1;
      heard = now == null || heard && failures < addresses.sources(id()).size();
      if (wasWell && now != null) {
        LOG.info("{} cannot be copied: {}", id(), now);
      } else if (!wasWell && now == null) {
        LOG.info("{} is copied again, {} leaves", id(), mirror.readable());
      }
    }

    void stop() {
      while (!hints.offer(new Wake(null, List.of()))) {
        hints.clear();
      }
    }
  }

  @Override
  public void close() {
    beginning.lock();
    try {
      stopping = true; // no copy begins any more
    } finally {
      beginning.unlock();
    }
    questions.stop();
    copies.values().forEach(Copy::stop);
    http.shutdownNow(); // what waits for an answer
    boolean interrupted = questions.join();
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    }
    store.close();
    http.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
