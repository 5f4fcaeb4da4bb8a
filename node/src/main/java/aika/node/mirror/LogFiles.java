package aika.node.mirror;

import aika.core.follow.TermEnd;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.node.config.DurableFile;
import aika.node.order.Chain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * Writes a chain's published log into a directory, as gateways serve it (C2SP tlog-tiles). What is
 * there already of an earlier time stays and is gone on with.
 */
public final class LogFiles {
  private LogFiles() {}

  /**
   * @param progress hears how many leaves are there, now and then
   * @return leaves that are there now; 0 when none is approved
   */
  public static long write(Chain chain, Path directory, LongConsumer progress) {
    SignedCheckpoint approved = chain.approved();
    return approved == null || chain.size() < approved.checkpoint().size()
        ? 0
        : write(chain, approved, directory, progress);
  }

  /**
   * The same up to an earlier checkpoint.
   *
   * @param approved of leaves that are there
   */
  static long write(Chain chain, SignedCheckpoint approved, Path directory, LongConsumer progress) {
    long size = approved.checkpoint().size();
    try {
      for (long bundle = 0; bundle * TilePath.FULL_WIDTH < size; bundle++) {
        int width = TilePath.widthAt(0, bundle, size);
        file(chain, size, directory, new TilePath.Entries(bundle, width));
        progress.accept(Math.min(size, (bundle + 1) * TilePath.FULL_WIDTH));
      }
      for (int level = 0; size >>> (TilePath.HEIGHT * level) > 0; level++) {
        for (long tile = 0; TilePath.widthAt(level, tile, size) > 0; tile++) {
          int width = TilePath.widthAt(level, tile, size);
          file(chain, size, directory, new TilePath.Hashes(level, tile, width));
        }
      }
      long term = 1;
      for (TermEnd end = chain.termEnd(term);
          end != null && end.size() <= size;
          end = chain.termEnd(term)) {
        byte[] handover = Objects.requireNonNull(chain.handover(term)).encode();
        DurableFile.writePrivate(directory.resolve("term/" + term), handover);
        term = end.next();
      }
      // last: whoever finds it finds all that it covers
      DurableFile.writePrivate(directory.resolve("checkpoint"), approved.encode());
    } catch (IOException failed) {
      throw new UncheckedIOException("the log of " + chain.id() + " cannot be written", failed);
    }
    return size;
  }

  private static void file(Chain chain, long size, Path directory, TilePath path)
      throws IOException {
    Path file = directory.resolve(path.format());
    if (Files.exists(file)) {
      return; // what was approved never changes
    }
    byte[] bytes = chain.file(path, size);
    if (bytes == null) {
      throw new IOException(chain.id() + " has no " + path.format());
    }
    DurableFile.writePrivate(file, bytes);
  }
}
