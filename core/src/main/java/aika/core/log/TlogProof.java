package aika.core.log;

import aika.core.note.CanonicalBase64;
import aika.core.note.Lines;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.core.note.Utf8;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A proof for offline use that a leaf stands in a log (C2SP tlog-proof@v1): a checkpoint with its
 * signatures, the leaf's index, the inclusion proof, and extra data that the application may add
 * and must not trust. Immutable; exactly one encoding is accepted.
 */
public final class TlogProof {
  public static final int EXTRA_BYTES_MAX = 131_072;
  public static final int PROOF_BYTES_MAX =
      SignedNote.NOTE_BYTES_MAX
          + (EXTRA_BYTES_MAX + 2) / 3 * 4
          + Proofs.HASHES_MAX * (Hash.BASE64_CHARS + 1)
          + 128;

  private static final String FIRST_LINE = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";

  private final byte @Nullable [] extra;
  private final long index;
  private final List<Hash> proof;
  private final SignedCheckpoint checkpoint;

  /**
   * @param extra not empty when present
   * @throws MalformedException when a limit is exceeded or the index is beyond the checkpoint
   */
  public TlogProof(
      Optional<byte[]> extra, long index, List<Hash> proof, SignedCheckpoint checkpoint) {
    this.extra = extra.map(byte[]::clone).orElse(null);
    this.index = index;
    this.proof = List.copyOf(proof);
    this.checkpoint = checkpoint;
    if (this.extra != null && (this.extra.length == 0 || this.extra.length > EXTRA_BYTES_MAX)) {
      throw new MalformedException("extra data must have 1 to " + EXTRA_BYTES_MAX + " bytes");
    }
    if (index < 0 || index >= checkpoint.checkpoint().size()) {
      throw new MalformedException("index is not below the checkpoint's size");
    }
    ProofLines.checkCount(this.proof);
  }

  public Optional<byte[]> extra() {
    return Optional.ofNullable(extra).map(byte[]::clone);
  }

  /** Index of the leaf in the log, from 0. */
  public long index() {
    return index;
  }

  /** The inclusion proof, the leaf's sibling first. */
  public List<Hash> proof() {
    return proof;
  }

  public SignedCheckpoint checkpoint() {
    return checkpoint;
  }

  /**
   * Whether the leaf with this hash stands at the index under the checkpoint's root. Says nothing
   * about the checkpoint's signatures.
   */
  public boolean includes(Hash leafHash) {
    Checkpoint tree = checkpoint.checkpoint();
    return Proofs.verifyInclusion(leafHash, index, tree.size(), proof, tree.root());
  }

  public byte[] encode() {
    StringBuilder head = new StringBuilder(FIRST_LINE).append('\n');
    if (extra != null) {
      head.append(EXTRA).append(CanonicalBase64.encode(extra)).append('\n');
    }
    head.append(INDEX).append(index).append('\n');
    ProofLines.append(head, proof);
    return ProofLines.concat(Utf8.encode(head.toString()), checkpoint.encode());
  }

  /**
   * @throws MalformedException when this is not a proof; the message names the line
   */
  public static TlogProof parse(byte[] encoded) {
    if (encoded.length > PROOF_BYTES_MAX) {
      throw new MalformedException("proof of more than " + PROOF_BYTES_MAX + " bytes");
    }
    Lines lines = Lines.of(encoded);
    if (!lines.next().is(FIRST_LINE)) {
      throw lines.malformed("must be " + FIRST_LINE);
    }
    Optional<byte[]> extra = Optional.empty();
    if (lines.next().startsWith(EXTRA)) {
      extra = Optional.of(lines.base64After(EXTRA, EXTRA_BYTES_MAX));
      lines.next();
    }
    long index = lines.decimalAfter(INDEX);
    List<Hash> proof = ProofLines.parse(lines);
    return new TlogProof(extra, index, proof, SignedCheckpoint.parseAfter(lines));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TlogProof that
        && index == that.index
        && proof.equals(that.proof)
        && checkpoint.equals(that.checkpoint)
        && Arrays.equals(extra, that.extra);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(index) * 31 + checkpoint.hashCode();
  }

  @Override
  public String toString() {
    return Utf8.decode(encode(), 0, encode().length);
  }
}
