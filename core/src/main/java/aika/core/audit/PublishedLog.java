package aika.core.audit;

import aika.core.log.Hash;
import aika.core.log.TilePath;
import aika.core.note.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The files that one chain publishes (C2SP tlog-tiles): {@code checkpoint}, {@code tile/…}, {@code
 * tile/entries/…}. Nothing in them is believed. Asked by several threads.
 */
@FunctionalInterface
public interface PublishedLog {
  /**
   * A file by its path below the log; null when there is none.
   *
   * @throws UnreadableLogException when that cannot be known now
   */
  byte @Nullable [] file(String path);

  /**
   * The hashes of a tile: as many as its path says, or more of the same, since a log need not keep
   * the part of a tile that has become whole.
   *
   * @throws MalformedException when there is none, or it is no tile
   * @throws UnreadableLogException when that cannot be known now
   */
  default byte[] tile(TilePath.Hashes path) {
    byte[] file = file(path.format());
    if (file == null && path.width() < TilePath.FULL_WIDTH) {
      file = file(new TilePath.Hashes(path.level(), path.index(), TilePath.FULL_WIDTH).format());
    }
    if (file == null
        || file.length < path.width() * Hash.BYTES
        || file.length > TilePath.FULL_WIDTH * Hash.BYTES) {
      throw new MalformedException("there is no " + path.format());
    }
    return file;
  }
}
