package aika.sinks.immudb;

import aika.core.log.Checkpoint;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.Source;

/** Compares what is archived of a block with the log. */
final class ArchivedBlocks {
  private ArchivedBlocks() {}

  /**
   * Whether this is the log's block with an approval of it [IMMU-12]. Nodes may have stored
   * different cosignatures first, so these may differ; the checkpoint must be one of the log's.
   */
  static boolean agree(ArchivedBlock archived, Source source) {
    Block block = archived.block();
    if (block.first() >= source.size(block.chain())
        || !block.equals(source.block(block.chain(), block.first()))) {
      return false;
    }
    Approval ours = source.approval(block.chain(), block.size() - 1);
    Checkpoint theirs = archived.checkpoint();
    if (ours == null
        || theirs.size() < block.size()
        || theirs.size() > source.size(block.chain())) {
      return false;
    }
    Block approved = source.block(block.chain(), theirs.size() - 1);
    return approved != null
        && approved.size() == theirs.size()
        && approved.root().equals(theirs.root())
        && ours.checkpoint().checkpoint().origin().equals(theirs.origin());
  }
}
