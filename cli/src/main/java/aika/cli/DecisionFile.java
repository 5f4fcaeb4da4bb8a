package aika.cli;

import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.SignedRecovery;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.core.note.Utf8;
import aika.node.config.DurableFile;
import aika.node.config.HeldKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A decision on its way from one member of the quorum to the next. As long as nobody has signed,
 * the file is the text alone, since a note has a signature.
 *
 * @param note with the signatures so far; null when there are none
 */
record DecisionFile(Path path, Recovery recovery, @Nullable SignedNote note) {
  /**
   * @throws CommandException when there is such a file; it stays as it is
   */
  static void create(Path path, Recovery recovery) {
    if (Files.exists(path)) {
      throw CommandException.of(
          path + " is there already; nothing was changed.", path + " はもうあります。何も変えていません。", null);
    }
    write(path, Utf8.encode(recovery.text()));
  }

  /**
   * @throws CommandException when it is no decision, signed or not
   */
  static DecisionFile read(Path path) {
    byte[] bytes = SmallFile.read(path, SignedRecovery.BYTES_MAX);
    try {
      String text =
          bytes.length > SignedRecovery.BYTES_MAX ? "" : Utf8.decode(bytes, 0, bytes.length);
      if (!text.isEmpty() && !text.contains("\n\n")) { // which a text alone never has
        Recovery recovery = Recovery.parse(text);
        return new DecisionFile(path, recovery, null);
      }
      SignedRecovery signed = SignedRecovery.parse(bytes);
      return new DecisionFile(path, signed.recovery(), signed.note());
    } catch (MalformedException another) {
      throw CommandException.of(
          Reason.MALFORMED,
          path + " is no decision of a recovery quorum: " + another.getMessage() + '.',
          path + " は復旧の決定ではありません（" + another.getMessage() + "）。");
    }
  }

  int signatures() {
    return note == null ? 0 : note.signatures().size();
  }

  /** Adds this key's signature; the file is the old one or the new one, whole. */
  DecisionFile signBy(HeldKey held) {
    String name = held.key().name();
    SignedNote before = note;
    SignedNote signed =
        before == null
            ? SignedNote.sign(recovery.text(), name, Ed25519.TYPE, held.signer())
            : before.signedBy(name, Ed25519.TYPE, held.signer());
    write(path, signed.encode());
    return new DecisionFile(path, recovery, signed);
  }

  private static void write(Path path, byte[] bytes) {
    try {
      DurableFile.write(path, bytes);
    } catch (IOException failed) {
      throw CommandException.of(
          path + " cannot be written (" + failed + ").", path + " に書けません。", failed);
    }
  }
}
