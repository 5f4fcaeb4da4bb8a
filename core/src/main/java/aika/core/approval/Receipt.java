package aika.core.approval;

import aika.core.ledger.Directory;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Merkle;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.NoteSignature;
import aika.core.note.SignatureScheme;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checked receipt: this leaf stands in this chain's log, under a checkpoint that the chain's
 * representatives approved. The receipt itself is a {@link TlogProof} whose extra data is the leaf;
 * nothing but the federation file is needed to check it.
 *
 * <p>The representatives executed the leaf before they signed: its orders' signatures need not be
 * checked again, and could not be, since the accounts' keys stand elsewhere in the log.
 *
 * @param index of the leaf, from 0
 * @param term of the representatives who approved
 * @param approval the seats that cosigned, in the order of their term; at least a quorum
 */
public record Receipt(
    ChainId chain,
    long index,
    Leaf leaf,
    Checkpoint checkpoint,
    long term,
    List<Cosignature> approval) {
  public Receipt {
    approval = List.copyOf(approval);
  }

  /** When the quorum was complete, seconds since 1970. */
  public long approvedAtSeconds() {
    return approval.stream().mapToLong(Cosignature::timestampSeconds).max().orElseThrow();
  }

  /** What the check found. */
  public sealed interface Result {
    record Proven(Receipt receipt) implements Result {}

    /**
     * It proves nothing.
     *
     * @param what which line, seat or field it is, in English
     */
    record Refused(Part part, String what) implements Result {}
  }

  /** The part of a receipt that does not hold. */
  public enum Part {
    /** Not a tlog-proof: a line is missing, or is not written as it must be. */
    FORM,
    /** The log is not one of this federation. */
    LOG,
    /** The log's own signature on the checkpoint. */
    CHECKPOINT_SIGNATURE,
    /** A representative's signature on the checkpoint. */
    COSIGNATURE,
    /** A term's hand-over to the next representatives. */
    HANDOVER,
    /** Too few representatives signed. */
    QUORUM,
    /** The leaf is not in that place of the log. */
    INCLUSION,
    /** The log holds these bytes, but they are no leaf of this chain. */
    LEAF
  }

  /**
   * Checks a receipt.
   *
   * @param directory the federation, with the seats of the term in which it was approved
   */
  public static Result check(
      byte[] encoded,
      Directory directory,
      SignatureScheme logSignatures,
      SignatureScheme cosignatures) {
    return check(encoded, directory, Handovers.NONE, logSignatures, cosignatures);
  }

  /**
   * Checks a receipt that representatives of a later term may have approved.
   *
   * @param directory the federation, with seats from which the hand-overs begin
   */
  public static Result check(
      byte[] encoded,
      Directory directory,
      Handovers handovers,
      SignatureScheme logSignatures,
      SignatureScheme cosignatures) {
    TlogProof proof;
    try {
      proof = TlogProof.parse(encoded);
    } catch (MalformedException malformed) {
      return refused(Part.FORM, malformed);
    }
    SignedCheckpoint signed = proof.checkpoint();
    Directory.Entry entry = log(directory, signed.checkpoint().origin());
    if (entry == null) {
      return refused(Part.LOG, signed.checkpoint().origin());
    }
    if (!signed.isSignedByLog(entry.logKey(), logSignatures)) {
      return refused(Part.CHECKPOINT_SIGNATURE, entry.logKey().name());
    }
    try {
      Succession succession =
          new Succession(directory.federation(), entry, logSignatures, cosignatures);
      succession.follow(handovers, signed.checkpoint().size());
      entry = entry.with(succession.seats());
    } catch (MalformedException malformed) {
      return refused(Part.HANDOVER, entry.id() + ": " + malformed.getMessage());
    }
    return approved(proof, entry, directory, cosignatures);
  }

  private static Result approved(
      TlogProof proof, Directory.Entry entry, Directory directory, SignatureScheme cosignatures) {
    SignedCheckpoint signed = proof.checkpoint();
    String stranger = stranger(signed, entry);
    if (stranger != null) {
      return refused(Part.COSIGNATURE, stranger);
    }
    Seats seats = entry.seats();
    List<Cosignature> approval = new ArrayList<>();
    for (VerifierKey seat : seats.keys()) {
      NoteSignature line = signed.note().signatureBy(seat.name(), seat.keyId()).orElse(null);
      if (line == null) {
        continue;
      }
      if (!Cosignature.verify(signed.checkpoint(), seat, cosignatures, line)) {
        return refused(Part.COSIGNATURE, seat.name());
      }
      approval.add(new Cosignature(seat, Cosignature.timestampSeconds(line)));
    }
    if (approval.size() < seats.quorum()) {
      return refused(Part.QUORUM, approval.size() + " of " + seats.keys().size());
    }
    return included(proof, entry, directory, approval);
  }

  private static Directory.@Nullable Entry log(Directory directory, String origin) {
    return directory.chains().values().stream()
        .filter(entry -> entry.logKey().name().equals(origin))
        .findFirst()
        .orElse(null);
  }

  /**
   * A line that claims to be the log's or a seat's and is not, so that nobody takes a changed line
   * for one that does not matter; null when there is none. Lines of other witnesses are ignored, as
   * C2SP signed-note demands.
   */
  private static @Nullable String stranger(SignedCheckpoint signed, Directory.Entry entry) {
    List<VerifierKey> known = new ArrayList<>(entry.seats().keys());
    known.add(entry.logKey());
    String origin = entry.logKey().name();
    for (NoteSignature line : signed.note().signatures()) {
      boolean ours =
          line.name().equals(origin)
              || line.name().startsWith(origin + '/')
              || known.stream().anyMatch(key -> key.keyId() == line.keyId());
      if (ours && known.stream().noneMatch(key -> line.isBy(key.name(), key.keyId()))) {
        return line.name();
      }
    }
    return null;
  }

  private static Result included(
      TlogProof proof, Directory.Entry entry, Directory directory, List<Cosignature> approval) {
    ChainId chain = entry.id();
    byte[] bytes = proof.extra().orElse(null);
    if (bytes == null) {
      return refused(Part.LEAF, "the receipt does not carry the leaf");
    }
    if (!proof.includes(Merkle.leafHash(bytes))) {
      return refused(Part.INCLUSION, "leaf " + proof.index());
    }
    try {
      Leaf leaf = LeafText.parse(bytes);
      if (foreign(leaf, chain, directory)) {
        return refused(Part.LEAF, "it is another chain's");
      }
      Checkpoint checkpoint = proof.checkpoint().checkpoint();
      return new Result.Proven(
          new Receipt(chain, proof.index(), leaf, checkpoint, entry.seats().term(), approval));
    } catch (MalformedException malformed) {
      return refused(Part.LEAF, malformed);
    }
  }

  /** [E-5] A chain speaks for its own accounts and for this federation only. */
  private static boolean foreign(Leaf leaf, ChainId chain, Directory directory) {
    return switch (leaf) {
      case Leaf.Executed executed ->
          !executed.order().order().chain().equals(chain)
              || !executed.order().order().header().federation().equals(directory.federation());
      case Leaf.Genesis genesis ->
          !genesis.chain().equals(chain) || !genesis.federation().equals(directory.federation());
      case Leaf.Paid paid -> !paid.from().chain().equals(chain);
      case Leaf.Recovered recovered ->
          !recovered.recovery().recovery().chain().equals(chain)
              || !recovered.recovery().recovery().federation().equals(directory.federation());
      case Leaf.Concluded concluded -> false;
      case Leaf.Recorded recorded -> false;
      case Leaf.Conflicting conflicting -> false;
      case Leaf.Settled settled -> false;
      case Leaf.Elected elected -> false;
      case Leaf.Sealed sealed -> false;
    };
  }

  private static Result refused(Part part, MalformedException malformed) {
    return refused(part, String.valueOf(malformed.getMessage()));
  }

  private static Result refused(Part part, String what) {
    return new Result.Refused(part, what);
  }
}
