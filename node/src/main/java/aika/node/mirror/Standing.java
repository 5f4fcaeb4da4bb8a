package aika.node.mirror;

import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.log.Checkpoint;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
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
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other nodes what they have seen of the chains that this one is about to order. A node that
 * was restored from an old backup would write another history than the one that others have.
 */
public final class Standing {
  private static final Logger LOG = LoggerFactory.getLogger(Standing.class);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(3);
  private static final int ASKED_MAX = 24;

  private final Directory directory;
  private final SignatureScheme logSignatures;
  private final MedianClock clock;
  private final @Nullable NodeTls tls;

  /**
   * @param clock is told the times of the machines that answer
   * @param tls null for none of one's own
   */
  public Standing(
      Directory directory,
      SignatureScheme logSignatures,
      MedianClock clock,
      @Nullable NodeTls tls) {
    this.clock = clock;
    this.tls = tls;
    this.directory = directory;
    this.logSignatures = logSignatures;
  }

  /**
   * Why these chains must not go on, or null when nobody who can be reached knows a reason. What
   * others show counts when the chain's own log key has signed it.
   */
  public @Nullable Refusal check(Collection<Chain> chains, Collection<URI> gateways) {
    List<URI> asked = gateways.stream().distinct().limit(ASKED_MAX).toList();
    try (HttpClient http = NodeTls.http(tls).connectTimeout(ANSWER_MAX).build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<@Nullable Refusal>> answers = new ArrayList<>();
      for (Chain chain : chains) {
        for (URI gateway : asked) {
          HttpLog log = new HttpLog(http, gateway, chain.id(), ANSWER_MAX, clock);
          answers.add(CompletableFuture.supplyAsync(() -> compared(chain, log), threads));
        }
      }
      return answers.stream()
          .map(CompletableFuture::join)
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }
  }

  private @Nullable Refusal compared(Chain chain, HttpLog log) {
    Checkpoint seen = seen(chain.id(), log);
    if (seen == null) {
      return null;
    }
    if (seen.size() > chain.size()) {
      return Refusal.of(
          Reason.NODE_BEHIND,
          "%s has %d leaves here, but %s shows %d"
              .formatted(chain.id(), chain.size(), log, seen.size()));
    }
    return Proofs.root(seen.size(), chain.nodes()).equals(seen.root())
        ? null
        : Refusal.of(
            Reason.CHECKPOINT_INCONSISTENT,
            "%s is of another history here than %s shows".formatted(chain.id(), log));
  }

  private @Nullable Checkpoint seen(ChainId id, HttpLog log) {
    try {
      byte[] file = log.file("checkpoint");
      SignedCheckpoint signed = file == null ? null : SignedCheckpoint.parse(file);
      return signed != null
              && signed.checkpoint().origin().equals(directory.origin(id))
              && signed.isSignedByLog(directory.entry(id).logKey(), logSignatures)
          ? signed.checkpoint()
          : null;
    } catch (UnreadableLogException away) {
      LOG.debug("{} is not asked: {}", log, away.getMessage());
      return null;
    } catch (MalformedException another) {
      LOG.warn("{} shows no checkpoint: {}", log, another.getMessage());
      return null;
    }
  }
}
