package aika.node.cosign;

import aika.core.approval.CosignerRules;
import aika.core.approval.CosignerRules.Signed;
import aika.core.approval.CosignerRules.Verdict;
import aika.core.approval.OriginUnreachableException;
import aika.core.audit.FederationAudit;
import aika.core.audit.PublishedOrigins;
import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
import aika.core.log.AddCheckpoint;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.NoteSignature;
import aika.node.config.DurableFile;
import aika.node.config.HeldKey;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One seat of one chain on its representative's machine [SEAL-45 to SEAL-53]: asks the chain's node
 * for what is to be approved, pulls and executes it, and brings the cosignature.
 */
public final class Cosigner implements AutoCloseable {
  /** In a cosigner's directory, what was executed; it is there once that has begun. */
  public static final String CHAIN = "chain";

  private static final String SIGNED = "signed";
  private static final long PAUSE_MILLIS_MIN = 500;
  private static final long PAUSE_MILLIS_MAX = 10_000;
  private static final int REFUSED = 422;

  /** How far ahead of this clock the time of an own cosignature may be. */
  private static final long AHEAD_MILLIS_MAX = 5_000;

  private final Settings settings;
  private final Watcher watcher;
  private final LongSupplier clock;
  private final FederationAudit.Schemes schemes;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Desk desk;
  private final SignedFile signed;
  private final Executed executed;
  private final CosignerRules rules;

  /**
   * @param gateways of the node that orders the chain, one on each of its machines
   * @param data this cosigner's own directory
   * @param seat its name is the seat's
   */
  public record Settings(
      List<URI> gateways,
      Path data,
      StoreSettings store,
      Directory directory,
      ChainId chain,
      HeldKey seat) {}

  /** Hears how it goes; called on the thread that runs the cosigner. */
  public interface Watcher {
    /** So many leaves of so many are executed. */
    void executed(long leaves, long of);

    void cosigned(Checkpoint checkpoint);

    /** It goes on by itself when this has passed. */
    void waits(String why);
  }

  /** Notes that a new key has signed nothing yet; a key without that note is refused. */
  public static void begin(Path data) {
    SignedFile.begin(data.resolve(SIGNED));
  }

  /**
   * Opens what was executed and signed before.
   *
   * @param clock ms since 1970
   * @throws CosignException when it is not known what the key has signed
   */
  public Cosigner(
      Settings settings, FederationAudit.Schemes schemes, LongSupplier clock, Watcher watcher) {
    this.settings = settings;
    this.schemes = schemes;
    this.clock = clock;
    this.watcher = watcher;
    Directory directory = settings.directory;
    signed = SignedFile.open(settings.data.resolve(SIGNED), directory.origin(settings.chain));
    desk = new Desk(settings.gateways, settings.chain);
    PublishedOrigins origins = new PublishedOrigins(directory, schemes, desk::published);
    try {
      executed =
          Executed.open(
              settings.data.resolve(CHAIN),
              settings.store,
              settings.chain,
              directory,
              schemes,
              origins);
    } catch (RuntimeException failed) {
      desk.close();
      throw failed;
    }
    origins.executing(settings.chain, executed::size);
    rules = new CosignerRules(directory, schemes.logs(), executed);
  }

  /**
   * Cosigns until it is {@linkplain #stop stopped}.
   *
   * @throws CosignException when a person has to look
   */
  public void run() throws InterruptedException {
    long pause = PAUSE_MILLIS_MIN;
    while (!isStopping()) {
      try {
        step();
        pause = PAUSE_MILLIS_MIN;
      } catch (LaterException
          | OriginUnreachableException
          | UnreadableLogException
          | MalformedException later) {
        if (isStopping()) {
          return;
        }
        watcher.waits(String.valueOf(later.getMessage()));
        desk.turn();
        boolean _ = stopping.await(pause, TimeUnit.MILLISECONDS);
        pause = Math.min(2 * pause, PAUSE_MILLIS_MAX);
      }
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void step() {
    SignedCheckpoint shown = desk.candidate(executed.size(), settings.seat.key().name());
    Checkpoint tree = shown.checkpoint();
    if (!shown.isSignedByLog(settings.directory.entry(settings.chain).logKey(), schemes.logs())) {
      throw new LaterException("what is to be approved is not signed by the log's key");
    }
    remember(shown);
    pull(shown);
    Signed last = signed.signed();
    if (tree.size() < last.size()) {
      throw new LaterException(
          "the node shows " + tree.size() + " leaves, this seat has cosigned " + last.size());
    }
    if (tree.size() > last.size()) {
      cosign(shown, last);
    } else if (!tree.root().equals(last.root())) {
      throw another(shown);
    } else if (!isCosigned(shown)) {
      bring();
    }
  }

  private boolean isCosigned(SignedCheckpoint shown) {
    return shown
        .note()
        .signatureBy(settings.seat.key().name(), settings.seat.key().keyId())
        .isPresent();
  }

  /** An own cosignature that this disk does not know: the disk is older than it is. */
  private void remember(SignedCheckpoint shown) {
    Checkpoint tree = shown.checkpoint();
    NoteSignature own =
        shown
            .note()
            .signatureBy(settings.seat.key().name(), settings.seat.key().keyId())
            .orElse(null);
    if (own != null
        && tree.size() > signed.signed().size()
        && Cosignature.verify(tree, settings.seat.key(), schemes.cosignatures(), own)) {
      signed.keep(tree, own);
      watcher.waits(
          "this seat has cosigned " + tree.size() + " leaves, more than this disk knew of");
    }
  }

  /** Executes what is there, whether this seat sits or not. */
  private void pull(SignedCheckpoint shown) {
    Checkpoint tree = shown.checkpoint();
    if (tree.size() <= executed.size()) {
      if (!executed.root(tree.size()).equals(tree.root())) {
        throw another(shown);
      }
      return;
    }
    SealedLog log = new SealedLog(desk.sealed(), tree);
    if (!log.continues(executed.size(), executed.root(executed.size()))) {
      throw another(shown);
    }
    while (executed.size() < tree.size() && !isStopping()) {
      executed.execute(log.next(executed.frontier()));
      watcher.executed(executed.size(), tree.size());
    }
    if (isStopping()) {
      throw new LaterException("stopped");
    }
  }

  private void cosign(SignedCheckpoint shown, Signed last) {
    Checkpoint tree = shown.checkpoint();
    long now = clock.getAsLong();
    List<Hash> proof =
        last.size() == 0
            ? List.of()
            : Proofs.consistency(last.size(), tree.size(), executed.nodes());
    switch (rules.check(new AddCheckpoint(last.size(), proof, shown), last, now)) {
      case Verdict.Conflict conflict -> throw another(shown);
      case Verdict.Refuse refuse when refuse.httpStatus() == REFUSED -> throw another(shown);
      case Verdict.Refuse refuse -> throw new LaterException(refuse.why());
      case Verdict.Sign sign when !sign.seats().keys().contains(settings.seat.key()) ->
          throw new LaterException(
              "this seat does not sit in term " + sign.seats().term() + ", and cosigns nothing");
      case Verdict.Sign sign -> {
        sign(tree, now);
        bring();
      }
    }
  }

  /** Keeps it before it can leave. */
  private void sign(Checkpoint tree, long now) {
    NoteSignature line =
        Cosignature.sign(
            tree,
            settings.seat.key().name(),
            TimeUnit.MILLISECONDS.toSeconds(now),
            settings.seat.signer());
    signed.keep(tree, line);
  }

  /**
   * The same cosignature, however often it is asked for; one that was made while this clock was
   * ahead, which no node counts, is made again.
   */
  private void bring() {
    SignedCheckpoint last = signed.last();
    long now = clock.getAsLong();
    if (last != null && TimeUnit.SECONDS.toMillis(time(last)) > now + AHEAD_MILLIS_MAX) {
      sign(last.checkpoint(), now);
      last = signed.last();
    }
    if (last != null && desk.bring(last)) {
      watcher.cosigned(last.checkpoint());
    }
  }

  /** When this seat cosigned it, s since 1970. */
  private long time(SignedCheckpoint cosigned) {
    return cosigned
        .note()
        .signatureBy(settings.seat.key().name(), settings.seat.key().keyId())
        .map(Cosignature::timestampSeconds)
        .orElse(0L);
  }

  /** The log has signed two histories, or shows another one than it did. */
  private CosignException another(SignedCheckpoint shown) {
    long size = shown.checkpoint().size();
    Path kept = settings.data.resolve("refused-" + size + ".note");
    try {
      DurableFile.writePrivate(kept, shown.encode());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    Signed last = signed.signed();
    return new CosignException(
        Reason.CHECKPOINT_INCONSISTENT,
        ("the tree of %d leaves does not continue what was cosigned (%d leaves) and executed (%d)"
                + " here; it is kept in %s")
            .formatted(size, last.size(), executed.size(), kept));
  }

  /** Makes {@link #run} return soon; from any thread. */
  public void stop() {
    stopping.countDown();
    desk.close();
  }

  /** After {@link #run} has returned. */
  @Override
  public void close() {
    desk.close();
    executed.close();
  }
}
