package aika.core.log;

import aika.core.note.Lines;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.core.note.Utf8;
import java.util.List;

/**
 * Body of an {@code add-checkpoint} request (C2SP tlog-witness): the size that the cosigner signed
 * last, the consistency proof from there, and the checkpoint to cosign. The proof is not checked
 * here.
 */
public record AddCheckpoint(long oldSize, List<Hash> proof, SignedCheckpoint checkpoint) {
  public static final int BODY_BYTES_MAX =
      SignedNote.NOTE_BYTES_MAX + 32 + Proofs.HASHES_MAX * (Hash.BASE64_CHARS + 1);

  private static final String OLD = "old ";

  public AddCheckpoint {
    proof = List.copyOf(proof);
    ProofLines.checkCount(proof);
    if (oldSize < 0 || oldSize > checkpoint.checkpoint().size()) {
      throw new MalformedException("old size is not in 0 … the checkpoint's size");
    }
  }

  public byte[] encode() {
    StringBuilder head = new StringBuilder(OLD).append(oldSize).append('\n');
    ProofLines.append(head, proof);
    return ProofLines.concat(Utf8.encode(head.toString()), checkpoint.encode());
  }

  /**
   * @throws MalformedException when this is not such a body; the message names the line
   */
  public static AddCheckpoint parse(byte[] body) {
    if (body.length > BODY_BYTES_MAX) {
      throw new MalformedException("more than " + BODY_BYTES_MAX + " bytes");
    }
    Lines lines = Lines.of(body);
    long oldSize = lines.next().decimalAfter(OLD);
    List<Hash> proof = ProofLines.parse(lines);
    return new AddCheckpoint(oldSize, proof, SignedCheckpoint.parseAfter(lines));
  }
}
