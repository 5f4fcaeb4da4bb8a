package aika.node.gateway;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.log.SignedCheckpoint;
import aika.node.gateway.FeedItem.OfApproval;
import aika.node.gateway.FeedItem.OfLeaf;
import aika.node.order.Chain;
import aika.node.store.Seal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads on in a feed, a bounded part at a time, so that whoever reads years of it holds up nobody
 * who reads today's. What it tells is a function of the log, its approvals and the query. For one
 * thread.
 */
final class FeedReader {
  /** Leaves, and transfers that a settlement ended, that are looked at for one part. */
  static final int PART_LEAVES_MAX = 256;

  static final int PART_BYTES_MAX = 65_536;

  private final FeedQuery query;
  private final Chain chain;
  private long position;

  /** Leaves below an approval that was told or that no told leaf needs. */
  private long covered;

  /** The last leaf that was told; an approval is told when it covers one. */
  private long lastTold;

  /** The first approval beyond {@link #covered}; null while there is none. */
  private @Nullable SignedCheckpoint approval;

  private boolean approvalTold;
  private @Nullable Seal seal;

  private final List<FeedItem> part = new ArrayList<>();
  private long bytes;
  private int looked;

  FeedReader(FeedQuery query) {
    this.query = query;
    chain = query.chain();
    position = query.from();
    // Whoever goes on has the leaf before, but may have lost the approval that followed it.
    covered = query.approved() ? position : Math.max(0, position - 1);
    lastTold = position - 1;
  }

  /** All leaves below have been looked at. */
  long position() {
    return position;
  }

  Chain chain() {
    return chain;
  }

  /** The next part; empty when nothing is new that is wanted. */
  List<FeedItem> read() {
    part.clear();
    bytes = 0;
    looked = 0;
    boolean more = true;
    while (more && !isFull()) {
      more = query.approved() ? approvedLeaf() : leafOrApproval();
    }
    return List.copyOf(part);
  }

  /** Whether the last part ended because it was large enough. */
  boolean isFull() {
    return looked >= PART_LEAVES_MAX || bytes >= PART_BYTES_MAX;
  }

  /** A leaf, after the approval that covers it. */
  private boolean approvedLeaf() {
    SignedCheckpoint next = nextApproval();
    if (next == null) {
      return false;
    }
    Entry entry = chain.entry(position);
    if (look(entry)) {
      if (!approvalTold) {
        tell(next);
        approvalTold = true;
      }
      tell(entry);
    }
    position++;
    if (position == next.checkpoint().size()) {
      passApproval(next);
    }
    return true;
  }

  /** A leaf as soon as it is there, and each approval as soon as the leaves below it are told. */
  private boolean leafOrApproval() {
    SignedCheckpoint next = nextApproval();
    if (next != null && next.checkpoint().size() <= position) {
      if (lastTold >= covered) {
        tell(next);
      }
      passApproval(next);
      return true;
    }
    if (position >= chain.size()) {
      return false;
    }
    Entry entry = chain.entry(position);
    if (look(entry)) {
      tell(entry);
    }
    position++;
    return true;
  }

  private @Nullable SignedCheckpoint nextApproval() {
    if (approval == null) {
      approval = chain.approvalOf(covered);
    }
    return approval;
  }

  private void passApproval(SignedCheckpoint passed) {
    covered = passed.checkpoint().size();
    approval = null;
    approvalTold = false;
  }

  private boolean look(Entry entry) {
    looked += 1 + (entry.leaf() instanceof Leaf.Settled settled ? settled.ended().size() : 0);
    return query.wants(entry);
  }

  private void tell(Entry entry) {
    part.add(new OfLeaf(entry, block(entry.index())));
    bytes += entry.bytes().length;
    lastTold = entry.index();
  }

  private void tell(SignedCheckpoint told) {
    part.add(new OfApproval(told));
    bytes += told.encode().length;
  }

  private @Nullable Long block(long index) {
    if (seal == null || seal.size() <= index) {
      Seal last = chain.lastSeal();
      seal = last == null || last.size() <= index ? null : chain.sealAfter(index);
    }
    return seal == null ? null : (Long) seal.height();
  }
}
