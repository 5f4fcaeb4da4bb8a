package aika.node.mirror;

import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.HashTiles;
import aika.core.log.Nodes;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.SignatureScheme;
import aika.node.order.Chain;
import aika.node.order.MedianClock;
import aika.node.tls.NodeTls;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other nodes what they have seen of the chains that this one orders, once each: before the
 * start, and whoever could not be reached then as soon as possible; and whoever tells of more. A
 * node that was restored from an old backup would write another history than the one that others
 * have.
 */
public final class Standing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Standing.class);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(3);
  private static final Paces PACES = new Paces(Duration.ofSeconds(10), Duration.ofSeconds(30));
  private static final Duration SILENT_PAUSE_MAX = Duration.ofSeconds(2);
  private static final int ASKED_MAX = 24;
  private static final int TILES_KEPT = 16;

  private final Directory directory;
  private final SignatureScheme logSignatures;
  private final Addresses addresses;
  private final Predicate<Chain> decided;
  private final MedianClock clock;
  private final Paces paces;
  private final HttpClient http;
  private final List<Chain> chains;
  private final Set<Asked> open = new LinkedHashSet<>();
  private final Set<Asked> told = ConcurrentHashMap.newKeySet();
  private final Semaphore wake = new Semaphore(0);
  private final CountDownLatch stop = new CountDownLatch(1);
  private boolean anybody;
  private volatile boolean begun;
  private @Nullable Thread asking;

  /** What the node of another chain has to tell of one that is ordered here. */
  private record Asked(Chain chain, ChainId other) {}

  /** That, at one of its addresses. */
  private record Question(Chain chain, HttpLog log) {}

  /**
   * What came of a question.
   *
   * @param answered whether it need not be asked again
   */
  private record Seen(Asked asked, boolean answered, @Nullable Refusal refusal) {}

  /**
   * How long it waits.
   *
   * @param again before it asks again who was silent
   * @param alone at a start, when nobody answers whom somebody has named; long enough for a network
   *     that comes up together with this machine, and short for those who pay each other at home
   */
  record Paces(Duration again, Duration alone) {}

  /**
   * @param addresses of the other nodes' chains, looked up each time; the first {@value #ASKED_MAX}
   *     are asked, those of continents before others
   * @param decided whether the recovery quorum has decided for the history that a chain has here,
   *     and it is not written yet
   * @param clock is told the times of the machines that answer
   * @param tls null for none of one's own
   */
  public Standing(
      Directory directory,
      SignatureScheme logSignatures,
      Collection<Chain> chains,
      Addresses addresses,
      Predicate<Chain> decided,
      MedianClock clock,
      @Nullable NodeTls tls) {
    this(directory, logSignatures, chains, addresses, decided, clock, tls, PACES);
  }

  Standing(
      Directory directory,
      SignatureScheme logSignatures,
      Collection<Chain> chains,
      Addresses addresses,
      Predicate<Chain> decided,
      MedianClock clock,
      @Nullable NodeTls tls,
      Paces paces) {
    http = NodeTls.http(tls).connectTimeout(ANSWER_MAX).build();
    this.directory = directory;
    this.logSignatures = logSignatures;
    this.addresses = addresses;
    this.decided = decided;
    this.clock = clock;
    this.paces = paces;
    this.chains = List.copyOf(chains);
    this.chains.forEach(chain -> others().forEach(one -> open.add(new Asked(chain, one))));
  }

  /** Who has copies of every chain is asked before those who may not. */
  private List<ChainId> others() {
    return addresses.chains().stream()
        .sorted(Comparator.comparing(ChainId::municipal).thenComparing(Comparator.naturalOrder()))
        .limit(ASKED_MAX)
        .toList();
  }

  /**
   * Asks whoever has not answered yet: why these chains must not go on, or null when nobody who can
   * be reached knows a reason. What others show counts when the chain's own log key has signed it.
   * When nobody at all answers it waits for a while, unless no chain has begun or nobody is named.
   */
  public @Nullable Refusal check() {
    Refusal refusal = check(() -> true);
    if (refusal != null || anybody || !mayLack()) {
      return refusal;
    }
    LOG.warn(
        "nobody who may have seen more of these chains answers; this node waits up to {} s for one",
        paces.alone.toSeconds());
    long end = System.nanoTime() + paces.alone.toNanos();
    while (refusal == null && !anybody && !isOver(end)) {
      refusal = check(() -> true);
    }
    if (refusal == null && !anybody && stop.getCount() == 0) {
      return Refusal.of(Reason.NODE_BEHIND, "it was stopped before anybody had answered");
    }
    if (refusal == null && !anybody) {
      LOG.warn(
          "it goes on unseen; when somebody shows more of its chains later, it orders nothing");
    }
    return refusal;
  }

  /** Whether others who were named to this node may have seen what it has not. */
  private boolean mayLack() {
    return addresses.chains().stream().anyMatch(one -> addresses.named(one) != null)
        && chains.stream().anyMatch(chain -> chain.size() > 0);
  }

  /** After a short pause. */
  private boolean isOver(long end) {
    long pause = Math.min(paces.again.toNanos(), SILENT_PAUSE_MAX.toNanos());
    try {
      return stop.await(pause, TimeUnit.NANOSECONDS) || System.nanoTime() - end >= 0;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Ends the waiting of {@link #check}. */
  public void stopWaiting() {
    stop.countDown();
  }

  /**
   * Somebody tells of more of a chain that is ordered here, or of another history of it. Nothing of
   * it is believed: the one who tells is asked, after a pause in which this machine would come to
   * know that another one leads.
   *
   * @param teller whose node tells
   */
  public Mirrors.Hint hint(ChainId id, ChainId teller, SignedCheckpoint signed) {
    Chain chain = chains.stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
    if (chain == null) {
      return Mirrors.Hint.ELSEWHERE;
    }
    if (!isOfThisLog(id, signed)) {
      return Mirrors.Hint.FORGED;
    }
    if (isHere(chain, signed.checkpoint())) {
      return Mirrors.Hint.KNOWN;
    }
    boolean any = false;
    List<ChainId> asked = addresses.chains().contains(teller) ? List.of(teller) : others();
    for (ChainId one : asked) {
      any |= told.add(new Asked(chain, one));
    }
    wake.release();
    return any ? Mirrors.Hint.TAKEN : Mirrors.Hint.BUSY;
  }

  private static boolean isHere(Chain chain, Checkpoint tree) {
    return tree.size() <= chain.size()
        && Proofs.root(tree.size(), chain.nodes()).equals(tree.root());
  }

  /**
   * @param counts whether this machine could judge all the time; asked afterwards
   */
  private @Nullable Refusal check(BooleanSupplier counts) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Seen>> answers =
          open.stream()
              .map(asked -> CompletableFuture.supplyAsync(() -> ask(asked), threads))
              .toList();
      List<Seen> all = answers.stream().map(CompletableFuture::join).toList();
      if (!counts.getAsBoolean()) {
        return null; // they are asked again
      }
      Refusal first = null;
      for (Seen seen : all) {
        if (seen.answered) {
          open.remove(seen.asked);
          anybody = true;
        }
        first = first == null ? seen.refusal : first;
      }
      return first;
    }
  }

  /**
   * Goes on asking whoever was silent, until everybody has answered once, and those of whom {@link
   * #hint} hears.
   *
   * @param term in which this machine leads; negative while it does not, and so may lack what
   *     others have seen: then nothing is judged
   * @param refuse hears why the chains must not go on; then the asking ends
   */
  public void goOn(LongSupplier term, Consumer<Refusal> refuse) {
    begun = true;
    asking = Thread.ofVirtual().name("standing").start(() -> askOn(term, refuse));
  }

  private void askOn(LongSupplier term, Consumer<Refusal> refuse) {
    try {
      Refusal refusal = null;
      while (refusal == null) {
        if (open.isEmpty() && told.isEmpty()) {
          wake.acquire();
        }
        wake.drainPermits();
        List<Asked> news = List.copyOf(told);
        Thread.sleep(paces.again);
        told.removeAll(news);
        open.addAll(news);
        long before = term.getAsLong();
        refusal = before < 0 ? null : check(() -> term.getAsLong() == before);
      }
      LOG.error("nothing is ordered any more: {}", refusal.detail());
      refuse.accept(refusal);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** What cannot be judged keeps nobody else from being heard; before the start it is a fault. */
  private Seen ask(Asked asked) {
    try {
      return answer(asked);
    } catch (RuntimeException | Error broken) {
      if (!begun) {
        throw broken;
      }
      LOG.error("what {} shows cannot be judged; it is asked again", asked.other, broken);
      return new Seen(asked, false, null);
    }
  }

  private Seen answer(Asked asked) {
    Seen seen = new Seen(asked, false, null);
    for (URI gateway : addresses.gateways(asked.other)) {
      HttpLog log = new HttpLog(http, gateway, asked.chain.id(), ANSWER_MAX, clock);
      seen = ask(asked, new Question(asked.chain, log));
      if (seen.answered) {
        addresses.answered(asked.other, gateway);
        break;
      }
    }
    return seen;
  }

  private Seen ask(Asked asked, Question question) {
    HttpLog log = question.log;
    try {
      byte[] file = log.file("checkpoint");
      SignedCheckpoint signed = file == null ? null : SignedCheckpoint.parse(file);
      return new Seen(
          asked,
          true,
          signed != null && isOfThisLog(question.chain.id(), signed)
              ? compared(question, signed.checkpoint())
              : null);
    } catch (UnreadableLogException away) {
      LOG.debug("{} does not answer: {}", log, away.getMessage());
      return new Seen(asked, false, null);
    } catch (MalformedException another) {
      LOG.warn("{} shows no checkpoint: {}", log, another.getMessage());
      return new Seen(asked, true, null);
    }
  }

  private boolean isOfThisLog(ChainId id, SignedCheckpoint signed) {
    return signed.checkpoint().origin().equals(directory.origin(id))
        && signed.isSignedByLog(directory.entry(id).logKey(), logSignatures);
  }

  private @Nullable Refusal compared(Question question, Checkpoint seen) {
    Chain chain = question.chain;
    boolean more = seen.size() > chain.size();
    if (!more && Proofs.root(seen.size(), chain.nodes()).equals(seen.root())) {
      return null;
    }
    if (isGivenUp(question, seen) || decided.test(chain) && isAnother(question, seen)) {
      LOG.warn("{} shows a history of {} that was given up", question.log, chain.id());
      return null;
    }
    return more
        ? Refusal.of(
            Reason.NODE_BEHIND,
            "%s has %d leaves here, but %s shows %d"
                .formatted(chain.id(), chain.size(), question.log, seen.size()))
        : Refusal.of(
            Reason.CHECKPOINT_INCONSISTENT,
            "%s is of another history here than %s shows".formatted(chain.id(), question.log));
  }

  /** Whether theirs, which is not what is here, does not continue it either; in doubt it does. */
  private static boolean isAnother(Question question, Checkpoint seen) {
    Chain chain = question.chain;
    long size = chain.size();
    if (seen.size() <= size) {
      return true;
    }
    try {
      Nodes theirs = new HashTiles(question.log::tile, TILES_KEPT).of(seen.size());
      Hash before = Proofs.root(size, theirs);
      List<Hash> proof = Proofs.consistency(size, seen.size(), theirs);
      return Proofs.verifyConsistency(size, seen.size(), proof, before, seen.root())
          && !before.equals(Proofs.root(size, chain.nodes()));
    } catch (UnreadableLogException | MalformedException unknown) {
      LOG.warn("{} does not show its history: {}", question.log, unknown.getMessage());
      return false;
    }
  }

  /** Whether the recovery quorum has decided for the history that is here, and not theirs. */
  private boolean isGivenUp(Question question, Checkpoint seen) {
    Chain chain = question.chain;
    for (long number = chain.size() == 0 ? 0 : chain.head().term(); number > 1; number--) {
      Row.Term term = chain.get(new Key.OfTerm(number));
      if (term != null && term.recovered()) {
        return !hasDecided(question.log, seen, number - 1, recovered(chain, term));
      }
    }
    return false;
  }

  /** The leaf that seated a term: of the block with which it begins, seldom the first. */
  private static Entry recovered(Chain chain, Row.Term term) {
    long index = term.first();
    while (!(chain.entry(index).leaf() instanceof Leaf.Recovered recovered
        && recovered.recovery().recovery() instanceof Recovery.Seat seat
        && seat.set().term() == term.seats().term())) {
      index++;
    }
    return chain.entry(index);
  }

  /**
   * Whether the tree that is shown there has the leaf by which this term ended here; in doubt it
   * has. It is where it is here; or elsewhere, when one of the two was built from an old backup:
   * then a file names it, which counts only when that tree has the leaf where it says.
   *
   * @throws UnreadableLogException when it cannot be read now, and the chains go on already:
   *     whoever breaks off, or shows nonsense, must not be able to stop them, and is asked again
   */
  private boolean hasDecided(HttpLog log, Checkpoint seen, long term, Entry leaf) {
    try {
      if (has(log, seen, leaf.index(), leaf)) {
        return true;
      }
      byte[] file = log.file("term/" + term);
      TlogProof named = file == null ? null : TlogProof.parse(file);
      return named != null
          && Arrays.equals(leaf.bytes(), named.extra().orElse(null))
          && has(log, seen, named.index(), leaf);
    } catch (UnreadableLogException | MalformedException unknown) {
      LOG.warn("{} does not show how term {} ended: {}", log, term, unknown.getMessage());
      if (begun) {
        throw new UnreadableLogException(String.valueOf(unknown.getMessage()), unknown);
      }
      return true;
    }
  }

  /** Whether a tree has this leaf at this place; {@code MalformedException} when nothing shows. */
  private static boolean has(HttpLog log, Checkpoint tree, long index, Entry leaf) {
    return index < tree.size() && leaf.hash().equals(shown(log, tree, index));
  }

  /**
   * The hash of a leaf that is proven to be in the tree.
   *
   * @throws MalformedException when none is
   */
  private static Hash shown(HttpLog log, Checkpoint tree, long index) {
    Nodes theirs = new HashTiles(log::tile, TILES_KEPT).of(tree.size());
    Hash leaf = theirs.node(0, index);
    List<Hash> proof = Proofs.inclusion(index, tree.size(), theirs);
    if (!Proofs.verifyInclusion(leaf, index, tree.size(), proof, tree.root())) {
      throw new MalformedException("the tiles are not of the tree of %d".formatted(tree.size()));
    }
    return leaf;
  }

  @Override
  public void close() {
    stopWaiting();
    http.shutdownNow();
    boolean interrupted = false;
    Thread thread = asking;
    while (thread != null && thread.isAlive()) {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    http.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
