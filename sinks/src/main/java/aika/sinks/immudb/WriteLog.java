package aika.sinks.immudb;

import aika.sinks.Block;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line for every transaction; when there are many, one a second that sums up the others. */
final class WriteLog {
  private static final Logger LOG = LoggerFactory.getLogger(ImmudbSink.class);
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final int LINES_PER_SECOND_MAX = 10;

  private final String name;
  private long second = System.nanoTime();
  private int lines;
  private int more;
  private long moreEntries;

  WriteLog(String name) {
    this.name = name;
  }

  void wrote(Block block, int entries, long transaction, long writeNanos, long readNanos) {
    long now = System.nanoTime();
    if (now - second >= SECOND_NANOS) {
      if (more > 0) {
        LOG.info("{}: and {} transactions more with {} entries", name, more, moreEntries);
      }
      second = now;
      lines = 0;
      more = 0;
      moreEntries = 0;
    }
    if (lines < LINES_PER_SECOND_MAX) {
      lines++;
      LOG.info(
          "{}: block {} of {}, {} entries, in transaction {}: written in {} ms, read back in {} ms",
          name,
          block.height(),
          block.chain(),
          entries,
          transaction,
          millis(writeNanos),
          millis(readNanos));
    } else {
      more++;
      moreEntries += entries;
    }
  }

  private static long millis(long nanos) {
    return Math.round(nanos / 1e6);
  }
}
