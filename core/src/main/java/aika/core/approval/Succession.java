package aika.core.approval;

import aika.core.ledger.Directory;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Recovery;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedRecovery;
import aika.core.log.Merkle;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.note.MalformedException;
import aika.core.note.SignatureScheme;

/**
 * Who sits on a chain, followed from the federation file's first term on, one hand-over after the
 * other. A hand-over is a C2SP tlog-proof with the leaf that seated the next term; a log publishes
 * them as {@code term/<n>}. Specified in docs/spec/seals-and-approval.md. For one thread.
 */
public final class Succession {
  /** A hand-over leaf is followed by its block's seal and nothing else. */
  private static final int FROM_THE_END = 2;

  private final Directory.Entry chain;
  private final String federation;
  private final SignatureScheme logSignatures;
  private final SignatureScheme cosignatures;
  private Seats seats;

  /**
   * @param federation the id of the federation whose file says what is known of the chain
   */
  public Succession(
      String federation,
      Directory.Entry chain,
      SignatureScheme logSignatures,
      SignatureScheme cosignatures) {
    this.federation = federation;
    this.chain = chain;
    this.logSignatures = logSignatures;
    this.cosignatures = cosignatures;
    this.seats = chain.seats();
  }

  /** One that goes on from here by itself. */
  public Succession copy() {
    Succession copy = new Succession(federation, chain, logSignatures, cosignatures);
    copy.seats = seats;
    return copy;
  }

  /** Who sits, as far as the hand-overs go. */
  public Seats seats() {
    return seats;
  }

  /**
   * Takes the hand-over from the term that sits to the next.
   *
   * @throws MalformedException when it proves nothing of the kind; nothing changes
   */
  public void handOver(TlogProof proof) {
    SignedCheckpoint signed = proof.checkpoint();
    byte[] bytes =
        proof.extra().orElseThrow(() -> new MalformedException("a hand-over carries its leaf"));
    if (!signed.isSignedByLog(chain.logKey(), logSignatures)) {
      throw new MalformedException("the log has not signed the hand-over's checkpoint");
    }
    if (proof.index() != signed.checkpoint().size() - FROM_THE_END
        || !proof.includes(Merkle.leafHash(bytes))) {
      throw new MalformedException("the hand-over's leaf is not the last but one");
    }
    switch (LeafText.parse(bytes)) {
      case Leaf.Elected elected when elected.term() == seats.term() + 1 -> {
        approved(signed, seats);
        seats = elected.seats();
      }
      case Leaf.Recovered recovered when seated(recovered.recovery()) -> {
        Seats next = ((Recovery.Seat) recovered.recovery().recovery()).set();
        approved(signed, next);
        seats = next;
      }
      default -> throw new MalformedException("the leaf does not seat term " + (seats.term() + 1));
    }
  }

  /**
   * [SEAL-31] Follows the hand-overs to those who approve a tree of this size.
   *
   * @throws MalformedException when one that comes before it proves nothing of the kind; those
   *     before that one count
   */
  void follow(Handovers handovers, long size) {
    while (true) {
      TlogProof proof = handovers.after(chain.id(), seats.term());
      if (proof == null || !endsBefore(proof, size)) {
        return;
      }
      handOver(proof);
    }
  }

  /**
   * [SEAL-32] Whether a tree of this size is for those who follow this hand-over to approve: an
   * elected term's last block is approved by its own seats, a recovery's by those whom it seats.
   * Nothing of the hand-over is checked.
   */
  public static boolean endsBefore(TlogProof handover, long size) {
    long end = handover.checkpoint().checkpoint().size();
    return end < size
        || end == size
            && LeafText.parse(handover.extra().orElseGet(() -> new byte[0]))
                instanceof Leaf.Recovered;
  }

  private boolean seated(SignedRecovery signed) {
    Directory.Quorum quorum = chain.recovery();
    return signed.recovery() instanceof Recovery.Seat seat
        && seat.chain().equals(chain.id())
        && seat.federation().equals(federation)
        && seat.term() >= seats.term()
        && quorum != null
        && signed.isSignedBy(quorum, logSignatures);
  }

  private void approved(SignedCheckpoint signed, Seats by) {
    if (by.approvedAt(signed, cosignatures).isEmpty()) {
      throw new MalformedException("term " + by.term() + " has not approved the hand-over");
    }
  }
}
