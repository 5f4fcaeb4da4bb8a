package aika.node.cosign;

import aika.core.approval.CosignerRules.Signed;
import aika.core.ledger.Reason;
import aika.core.log.Checkpoint;
import aika.core.log.SignedCheckpoint;
import aika.core.note.MalformedException;
import aika.core.note.NoteSignature;
import aika.core.note.SignedNote;
import aika.core.note.Utf8;
import aika.node.config.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The largest checkpoint that this seat has cosigned, as the note with its cosignature. It is on
 * the disk before the cosignature leaves, and is served again whenever it is asked for. For one
 * thread.
 *
 * <p>An older one must never take its place: whoever is shown another history then may sign it.
 */
final class SignedFile {
  /** What it holds before the first; a file that lost its bytes says nothing of the kind. */
  private static final byte[] NOTHING = Utf8.encode("nothing cosigned yet\n");

  private final Path file;
  private final String origin;
  private @Nullable SignedCheckpoint last;

  private SignedFile(Path file, String origin, @Nullable SignedCheckpoint last) {
    this.file = file;
    this.origin = origin;
    this.last = last;
  }

  /** Begins with nothing; an earlier one stays. */
  static void begin(Path file) {
    try {
      if (!Files.exists(file)) {
        DurableFile.writePrivate(file, NOTHING);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * @throws CosignException when it is not there, or is of another log
   */
  static SignedFile open(Path file, String origin) {
    try {
      if (!Files.exists(file)) {
        throw new CosignException(Reason.SIGNED_UNKNOWN, file + " is missing");
      }
      byte[] bytes = Files.readAllBytes(file);
      SignedCheckpoint last = Arrays.equals(bytes, NOTHING) ? null : SignedCheckpoint.parse(bytes);
      if (last != null && !last.checkpoint().origin().equals(origin)) {
        throw new CosignException(
            Reason.SIGNED_UNKNOWN, file + " is of " + last.checkpoint().origin());
      }
      return new SignedFile(file, origin, last);
    } catch (IOException | MalformedException damaged) {
      throw new CosignException(Reason.SIGNED_UNKNOWN, file + ": " + damaged, damaged);
    }
  }

  Signed signed() {
    return last == null
        ? Signed.NOTHING
        : new Signed(last.checkpoint().size(), last.checkpoint().root());
  }

  /** The note with the cosignature; null before the first. */
  @Nullable SignedCheckpoint last() {
    return last;
  }

  /** Keeps it; when this returns, it survives a loss of power. */
  void keep(Checkpoint checkpoint, NoteSignature cosignature) {
    if (!checkpoint.origin().equals(origin) || checkpoint.size() < signed().size()) {
      throw new IllegalArgumentException("it does not follow " + signed());
    }
    SignedNote note = new SignedNote(checkpoint.text(), List.of(cosignature));
    try {
      DurableFile.writePrivate(file, note.encode());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    last = SignedCheckpoint.of(note);
  }
}
