package aika.node.approve;

import aika.core.approval.Execution;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.store.Seal;
import org.jspecify.annotations.Nullable;

/** The node's own ledger as what its cosigners know: they share its verification and execution. */
record LedgerExecution(Shard shard) implements Execution {
  @Override
  public @Nullable Sealed sealed(ChainId id, long size) {
    Chain chain = shard.find(id);
    if (chain == null || chain.halted()) {
      return null;
    }
    Seal seal = chain.sealAt(size);
    if (seal == null) {
      return null;
    }
    Row.Term term = chain.termOf(size);
    long handover = chain.handoverTo(term);
    return new Sealed(seal.root(), seal.time(), term.seats(), handover == size ? 0 : handover);
  }

  /** What is stored as approved was approved by a quorum. */
  @Override
  public boolean handedOver(ChainId id, long handover) {
    Chain chain = shard.find(id);
    return chain != null && chain.approvedAt(handover) != null;
  }
}
