package aika.node.mirror;

import aika.core.audit.PublishedLog;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Recovery;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.note.MalformedException;
import aika.node.config.DurableFile;
import aika.node.order.Chain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a chain's published log into a directory, as gateways serve it (C2SP tlog-tiles). What is
 * there already of an earlier time stays and is gone on with.
 */
public final class LogFiles {
  private static final String TERM = "term/";
  private static final String CHECKPOINT = "checkpoint";

  private LogFiles() {}

  /**
   * @param progress hears how many leaves are there, now and then
   * @return leaves that are there now; 0 when none is approved
   */
  public static long write(Chain chain, Path directory, LongConsumer progress) {
    SignedCheckpoint approved = chain.approved();
    return approved == null || chain.size() < approved.checkpoint().size()
        ? 0
        : write(path -> file(chain, path), approved, directory, progress);
  }

  private static byte @Nullable [] file(Chain chain, String path) {
    if (!path.startsWith(TERM)) {
      return chain.file(TilePath.parse(path));
    }
    TlogProof handover = chain.handover(Long.parseLong(path.substring(TERM.length())));
    return handover == null ? null : handover.encode();
  }

  /**
   * The same of a log that is published elsewhere, none of which is checked.
   *
   * @throws MalformedException when something of it is not there, or no file of a log
   */
  static long copy(PublishedLog log, Path directory) {
    byte[] file = log.file(CHECKPOINT);
    if (file == null) {
      throw new MalformedException("there is no checkpoint");
    }
    return write(log, SignedCheckpoint.parse(file), directory, at -> {});
  }

  private static long write(
      PublishedLog log, SignedCheckpoint approved, Path directory, LongConsumer progress) {
    long size = approved.checkpoint().size();
    try {
      for (long bundle = 0; bundle * TilePath.FULL_WIDTH < size; bundle++) {
        file(log, directory, new TilePath.Entries(bundle, TilePath.widthAt(0, bundle, size)));
        progress.accept(Math.min(size, (bundle + 1) * TilePath.FULL_WIDTH));
      }
      for (int level = 0; size >>> (TilePath.HEIGHT * level) > 0; level++) {
        for (long tile = 0; TilePath.widthAt(level, tile, size) > 0; tile++) {
          int width = TilePath.widthAt(level, tile, size);
          file(log, directory, new TilePath.Hashes(level, tile, width));
        }
      }
      long term = 1;
      for (byte[] end = log.file(TERM + term); end != null; end = log.file(TERM + term)) {
        DurableFile.writePrivate(directory.resolve(TERM + term), end);
        term = next(TlogProof.parse(end), term);
      }
      // last: whoever finds it finds all that it covers
      DurableFile.writePrivate(directory.resolve(CHECKPOINT), approved.encode());
    } catch (IOException failed) {
      throw new UncheckedIOException(directory + " cannot be written", failed);
    }
    return size;
  }

  /** The term that a hand-over begins. */
  private static long next(TlogProof handover, long term) {
    Leaf leaf = LeafText.parse(handover.extra().orElseGet(() -> new byte[0]));
    long next =
        leaf instanceof Leaf.Elected elected
            ? elected.seats().term()
            : leaf instanceof Leaf.Recovered recovered
                    && recovered.recovery().recovery() instanceof Recovery.Seat seat
                ? seat.set().term()
                : 0;
    if (next <= term) {
      throw new MalformedException("term/" + term + " hands over to nobody");
    }
    return next;
  }

  private static void file(PublishedLog log, Path directory, TilePath path) throws IOException {
    Path file = directory.resolve(path.format());
    if (Files.exists(file)) {
      return; // what was approved never changes
    }
    byte[] bytes = log.file(path.format());
    if (bytes == null) {
      throw new IOException("the log has no " + path.format());
    }
    DurableFile.writePrivate(file, bytes);
  }
}
