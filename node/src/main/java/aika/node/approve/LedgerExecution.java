package aika.node.approve;

import aika.core.approval.Execution;
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
    return seal == null ? null : new Sealed(seal.root(), seal.time(), chain.seatsOf(size));
  }
}
