package aika.node.gateway;

import aika.core.ledger.Entry;
import aika.core.log.SignedCheckpoint;
import org.jspecify.annotations.Nullable;

/** What a feed tells. */
sealed interface FeedItem {
  /**
   * @param block height of the leaf's block; null while it is open
   */
  record OfLeaf(Entry entry, @Nullable Long block) implements FeedItem {}

  /** Everything below this checkpoint is approved. */
  record OfApproval(SignedCheckpoint approval) implements FeedItem {}
}
