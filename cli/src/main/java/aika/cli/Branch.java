package aika.cli;

import aika.core.audit.PublishedLog;
import aika.core.ledger.Directory;
import aika.core.log.Checkpoint;
import aika.core.log.HashTiles;
import aika.core.log.Nodes;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which of two histories of a chain is meant: the one with this checkpoint. */
record Branch(ChainId chain, Checkpoint checkpoint) {
  private static final int TILES_KEPT = 64;

  /**
   * @param file a checkpoint as a gateway publishes it
   * @throws CommandException when no chain of the federation has signed it
   */
  static Branch read(Path file, Directory directory) {
    try {
      SignedCheckpoint signed =
          SignedCheckpoint.parse(SmallFile.read(file, SignedNote.NOTE_BYTES_MAX));
      for (Directory.Entry entry : directory.chains().values()) {
        if (signed.checkpoint().origin().equals(directory.origin(entry.id()))
            && signed.isSignedByLog(entry.logKey(), new Ed25519(1))) {
          return new Branch(entry.id(), signed.checkpoint());
        }
      }
    } catch (MalformedException malformed) {
      throw refused(file, malformed);
    }
    throw refused(file, null);
  }

  private static CommandException refused(Path file, @Nullable Exception why) {
    return CommandException.of(
        file + " is no checkpoint that a chain of this federation has signed. Nothing was changed.",
        file + " はこの連合のチェーンのチェックポイントではありません。何も変えていません。",
        why);
  }

  /** Whether the log proves that its tree continues this one. */
  boolean isContinuedBy(Checkpoint shown, PublishedLog log) {
    if (shown.size() < checkpoint.size()) {
      return false;
    }
    Nodes tree = new HashTiles(log::tile, TILES_KEPT).of(shown.size());
    return Proofs.verifyConsistency(
        checkpoint.size(),
        shown.size(),
        Proofs.consistency(checkpoint.size(), shown.size(), tree),
        checkpoint.root(),
        shown.root());
  }
}
