package aika.node;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedRecovery;
import aika.core.note.MalformedException;
import aika.core.note.SignatureScheme;
import aika.core.transfer.Authorization;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New seats that a recovery quorum has decided for before the node started: for a chain that begins
 * again with the history that is here, though others still show the one that was given up [NBR-7].
 * It is the first thing that the chain writes.
 */
public final class Decision {
  /** In the node's directory, until it is written. */
  public static final String FILE = "decision.note";

  private static final Logger LOG = LoggerFactory.getLogger(Decision.class);

  private final Path file;
  private final SignedRecovery signed;
  private boolean written;

  private Decision(Path file, SignedRecovery signed) {
    this.file = file;
    this.signed = signed;
  }

  /**
   * @param data the node's directory
   * @throws NodeException when what is there is no such decision
   */
  static Optional<Decision> read(Path data, Directory directory, SignatureScheme signatures) {
    Path file = data.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      SignedRecovery signed = SignedRecovery.parse(Files.readAllBytes(file));
      check(signed, file, directory, signatures);
      return Optional.of(new Decision(file, signed));
    } catch (MalformedException malformed) {
      throw new NodeException(Reason.MALFORMED, file + ": " + malformed.getMessage());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * @throws NodeException when the quorum of its chain has not seated anybody by it
   */
  public static void check(
      SignedRecovery signed, Path file, Directory directory, SignatureScheme signatures) {
    if (!(signed.recovery() instanceof Recovery.Seat)) {
      throw new NodeException(Reason.MALFORMED, file + " seats nobody");
    }
    if (!new Authorization(directory, signatures).recovered(signed)) {
      throw new NodeException(
          Reason.BAD_SIGNATURE,
          "the recovery quorum of " + signed.recovery().chain() + " has not signed " + file);
    }
  }

  /** Whether it is for the history that this chain has here, and not written yet. */
  boolean waitsFor(Chain chain) {
    return !written
        && chain.id().equals(signed.recovery().chain())
        && chain.size() > 0
        && chain.head().term() <= signed.recovery().term();
  }

  private Seats seats() {
    return ((Recovery.Seat) signed.recovery()).set(); // it was checked when it was read
  }

  /**
   * Writes it, if it is not there yet.
   *
   * @throws NodeException when the chain refuses it
   */
  void write(Shard shard) {
    Chain chain = shard.find(signed.recovery().chain());
    if (chain == null) {
      throw new NodeException(
          Reason.UNKNOWN_CHAIN,
          file + " is for " + signed.recovery().chain() + ", which is not here");
    }
    long term = signed.recovery().term() + 1;
    Row.Term seated = chain.get(new Key.OfTerm(term));
    boolean there =
        seated != null && seated.recovered() && seated.seats().keys().equals(seats().keys());
    if (!there && chain.head().term() >= term) {
      throw new NodeException(
          Reason.TERM_OVER, file + " is for term " + signed.recovery().term() + "; remove it");
    }
    if (!there) {
      Answer answer = shard.await(shard.submit(chain.id(), new Action.Recover(signed)));
      if (answer instanceof Answer.Refused refused) {
        throw new NodeException(
            refused.refusal().reason(), file + ": " + refused.refusal().detail());
      }
      LOG.warn("{} goes on with new representatives, as {} says", chain.id(), file);
    }
    written = true;
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
