package aika.core.log;

import aika.core.note.Lines;
import aika.core.note.MalformedException;
import aika.core.note.NoteSignature;
import aika.core.note.SignatureScheme;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.util.List;

/** A checkpoint and the note that carries it with signatures, none of them checked yet. */
public record SignedCheckpoint(SignedNote note, Checkpoint checkpoint) {
  public SignedCheckpoint {
    if (!note.text().equals(checkpoint.text())) {
      throw new MalformedException("the note's text is not this checkpoint");
    }
  }

  /**
   * @throws MalformedException when the note's text is not a checkpoint
   */
  public static SignedCheckpoint of(SignedNote note) {
    return new SignedCheckpoint(note, Checkpoint.parse(note.text()));
  }

  /** The checkpoint that follows the current line and ends with the lines. */
  static SignedCheckpoint parseAfter(Lines lines) {
    int linesBefore = lines.number();
    SignedNote note = SignedNote.parseAfter(lines);
    byte[] text = note.textBytes();
    return new SignedCheckpoint(
        note, Checkpoint.parse(Lines.of(text, 0, text.length, linesBefore)));
  }

  /**
   * @throws MalformedException when these bytes are not the note of a checkpoint
   */
  public static SignedCheckpoint parse(byte[] encoded) {
    return of(SignedNote.parse(encoded));
  }

  /** The checkpoint with the signature of its log, whose key is named as the origin. */
  public static SignedCheckpoint sign(Checkpoint checkpoint, int type, Signer logKey) {
    SignedNote note = SignedNote.sign(checkpoint.text(), checkpoint.origin(), type, logKey);
    return new SignedCheckpoint(note, checkpoint);
  }

  public SignedCheckpoint withSignature(NoteSignature signature) {
    return withSignatures(List.of(signature));
  }

  public SignedCheckpoint withSignatures(List<NoteSignature> signatures) {
    return new SignedCheckpoint(note.withSignatures(signatures), checkpoint);
  }

  /** Whether the log itself signed: the key must be named as the origin. */
  public boolean isSignedByLog(VerifierKey logKey, SignatureScheme scheme) {
    return logKey.name().equals(checkpoint.origin()) && note.isSignedBy(logKey, scheme);
  }

  public byte[] encode() {
    return note.encode();
  }
}
