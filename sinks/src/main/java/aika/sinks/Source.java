package aika.sinks;

import aika.core.ledger.Entry;
import aika.core.money.ChainId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The chains of a node, as sinks read them. Safe for use by several threads. */
public interface Source {
  /** Every chain, in the order of their names. */
  List<ChainId> chains();

  /** Leaves executed so far; what is below never changes. */
  long size(ChainId chain);

  /** Leaves below the largest approved checkpoint; 0 before the first. */
  long approvedSize(ChainId chain);

  /** A leaf below {@link #size}. */
  Entry entry(ChainId chain, long index);

  /** The block that holds this leaf, or null while it is open. */
  @Nullable Block block(ChainId chain, long index);

  /** Sealed blocks so far; the open block will have the next height. */
  long height(ChainId chain);

  /** The first stored approval that covers this leaf, or null before. */
  @Nullable Approval approval(ChainId chain, long index);
}
