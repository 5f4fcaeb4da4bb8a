package aika.node.order;

import java.util.concurrent.CompletableFuture;

/**
 * What ordered entries do; implemented by the engine. The three methods are never called at the
 * same time. {@link #apply} and {@link #checkpoint} are called by one thread, each entry exactly
 * once in the order of its index, except that after a restart those later than {@link
 * #appliedIndex} come again.
 */
public interface Replicated {

  /**
   * The index of the last entry whose effects are durable in the implementation, -1 when there is
   * none. Asked once, at the start.
   */
  long appliedIndex();

  /**
   * Executes one committed entry. Indices grow and may have gaps (the log holds entries of its
   * own).
   *
   * @param entry the bytes as submitted; neither side changes them
   * @return the answer for the submitter. Bad content is answered too: an exception means that the
   *     implementation is broken, and the ordering stops for good
   */
  byte[] apply(long index, byte[] entry);

  /**
   * @param term of the leader that ordered the entry
   */
  default byte[] apply(long index, long term, byte[] entry) {
    return apply(index, entry);
  }

  /**
   * Begins to make everything applied durable (fsync), without waiting for it. Done with the index
   * of the last entry that is contained, as {@link #appliedIndex} would say after a restart. The
   * log up to it may then be deleted.
   */
  CompletableFuture<Long> checkpoint();
}
