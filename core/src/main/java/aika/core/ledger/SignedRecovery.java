package aika.core.ledger;

import aika.core.note.MalformedException;
import aika.core.note.SignatureScheme;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;

/** A recovery quorum's decision with its signatures, exactly as it was signed. */
public record SignedRecovery(Recovery recovery, SignedNote note, byte[] bytes) {
  public static final int BYTES_MAX = 32_768;

  public static SignedRecovery parse(byte[] bytes) {
    if (bytes.length > BYTES_MAX) {
      throw new MalformedException("a recovery has at most " + BYTES_MAX + " bytes");
    }
    SignedNote note = SignedNote.parse(bytes);
    return new SignedRecovery(Recovery.parse(note.text()), note, bytes);
  }

  /**
   * Whether the chain's quorum signed: each line by a key of its own, as many as are needed, and no
   * other line, so that nobody can change a leaf's bytes without changing its meaning.
   */
  public boolean isSignedBy(Directory.Quorum quorum, SignatureScheme scheme) {
    int valid = 0;
    for (VerifierKey key : quorum.keys()) {
      if (note.isSignedBy(key, scheme)) {
        valid++;
      }
    }
    return valid >= quorum.threshold() && valid == note.signatures().size();
  }
}
