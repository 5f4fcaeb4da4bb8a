package aika.node.mirror;

import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Reason;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other nodes what they have seen of the chains that this one orders, once each: before the
 * start, and whoever could not be reached then as soon as possible. A node that was restored from
 * an old backup would write another history than the one that others have.
 */
public final class Standing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Standing.class);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final int ASKED_MAX = 24;
  private static final int TILES_KEPT = 16;

  private final Directory directory;
  private final SignatureScheme logSignatures;
  private final Predicate<Chain> decided;
  private final Duration pause;
  private final HttpClient http;
  private final List<Question> open = new ArrayList<>();
  private @Nullable Thread asking;

  private record Question(Chain chain, HttpLog log) {}

  /**
   * What came of a question.
   *
   * @param answered whether it need not be asked again
   */
  private record Seen(Question question, boolean answered, @Nullable Refusal refusal) {}

  /**
   * @param gateways of other nodes; the first {@value #ASKED_MAX} are asked
   * @param decided whether the recovery quorum has decided for the history that a chain has here,
   *     and it is not written yet
   * @param clock is told the times of the machines that answer
   * @param tls null for none of one's own
   */
  public Standing(
      Directory directory,
      SignatureScheme logSignatures,
      Collection<Chain> chains,
      Collection<URI> gateways,
      Predicate<Chain> decided,
      MedianClock clock,
      @Nullable NodeTls tls) {
    this(directory, logSignatures, chains, gateways, decided, clock, tls, PAUSE);
  }

  Standing(
      Directory directory,
      SignatureScheme logSignatures,
      Collection<Chain> chains,
      Collection<URI> gateways,
      Predicate<Chain> decided,
      MedianClock clock,
      @Nullable NodeTls tls,
      Duration pause) {
    http = NodeTls.http(tls).connectTimeout(ANSWER_MAX).build();
    this.directory = directory;
    this.logSignatures = logSignatures;
    this.decided = decided;
    this.pause = pause;
    List<URI> asked = gateways.stream().distinct().limit(ASKED_MAX).toList();
    for (Chain chain : chains) {
      for (URI gateway : asked) {
        open.add(new Question(chain, new HttpLog(http, gateway, chain.id(), ANSWER_MAX, clock)));
      }
    }
  }

  /**
   * Asks whoever has not answered yet: why these chains must not go on, or null when nobody who can
   * be reached knows a reason. What others show counts when the chain's own log key has signed it.
   */
  public @Nullable Refusal check() {
    return check(() -> true);
  }

  /**
   * @param counts whether this machine could judge all the time; asked afterwards
   */
  private @Nullable Refusal check(BooleanSupplier counts) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Seen>> answers =
          open.stream()
              .map(question -> CompletableFuture.supplyAsync(() -> ask(question), threads))
              .toList();
      List<Seen> all = answers.stream().map(CompletableFuture::join).toList();
      if (!counts.getAsBoolean()) {
        return null; // they are asked again
      }
      Refusal first = null;
      for (Seen seen : all) {
        if (seen.answered) {
          open.remove(seen.question);
        }
        first = first == null ? seen.refusal : first;
      }
      return first;
    }
  }

  /**
   * Goes on asking whoever was silent, until everybody has answered once.
   *
   * @param term in which this machine leads; negative while it does not, and so may lack what
   *     others have seen: then nothing is judged
   * @param refuse hears why the chains must not go on; then the asking ends
   */
  public void goOn(LongSupplier term, Consumer<Refusal> refuse) {
    asking = Thread.ofVirtual().name("standing").start(() -> askOn(term, refuse));
  }

  private void askOn(LongSupplier term, Consumer<Refusal> refuse) {
    try {
      while (!open.isEmpty()) {
        Thread.sleep(pause);
        long before = term.getAsLong();
        if (before < 0) {
          continue;
        }
        Refusal refusal = check(() -> term.getAsLong() == before);
        if (refusal != null) {
          LOG.error("nothing is ordered any more: {}", refusal.detail());
          refuse.accept(Refusal.of(Reason.CHAIN_HALTED, refusal.detail()));
          return;
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private Seen ask(Question question) {
    HttpLog log = question.log;
    try {
      byte[] file = log.file("checkpoint");
      SignedCheckpoint signed = file == null ? null : SignedCheckpoint.parse(file);
      return new Seen(
          question,
          true,
          signed != null && isOfThisLog(question.chain.id(), signed)
              ? compared(question, signed.checkpoint())
              : null);
    } catch (UnreadableLogException away) {
      LOG.debug("{} does not answer: {}", log, away.getMessage());
      return new Seen(question, false, null);
    } catch (MalformedException another) {
      LOG.warn("{} shows no checkpoint: {}", log, another.getMessage());
      return new Seen(question, true, null);
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
    if (isGivenUp(question) || decided.test(chain) && isAnother(question, seen)) {
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
  private static boolean isGivenUp(Question question) {
    Chain chain = question.chain;
    for (long number = chain.size() == 0 ? 0 : chain.head().term(); number > 1; number--) {
      Row.Term term = chain.get(new Key.OfTerm(number));
      if (term != null && term.recovered()) {
        byte[] ours = chain.entry(term.first()).bytes();
        return !decided(question.log, number - 1, ours);
      }
    }
    return false;
  }

  /** Whether a term ended there by this leaf; in doubt it did. */
  private static boolean decided(HttpLog log, long term, byte[] leaf) {
    try {
      byte[] theirs = log.file("term/" + term);
      return theirs != null && Arrays.equals(leaf, TlogProof.parse(theirs).extra().orElse(null));
    } catch (UnreadableLogException | MalformedException unknown) {
      LOG.warn("{} does not show how term {} ended: {}", log, term, unknown.getMessage());
      return true;
    }
  }

  @Override
  public void close() {
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
