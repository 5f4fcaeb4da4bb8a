package aika.sinks.analytics;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.money.ChainId;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chains of which one has another leaf in one place. */
record Meddled(Source whole, ChainId chain, long index, Leaf leaf) implements Source {
  @Override
  public List<ChainId> chains() {
    return whole.chains();
  }

  @Override
  public long size(ChainId of) {
    return whole.size(of);
  }

  @Override
  public long approvedSize(ChainId of) {
    return whole.approvedSize(of);
  }

  @Override
  public Entry entry(ChainId of, long at) {
    return of.equals(chain) && at == index ? LeafText.entry(at, leaf) : whole.entry(of, at);
  }

  @Override
  public @Nullable Block block(ChainId of, long at) {
    return whole.block(of, at);
  }

  @Override
  public long height(ChainId of) {
    return whole.height(of);
  }

  @Override
  public @Nullable Approval approval(ChainId of, long at) {
    return whole.approval(of, at);
  }
}
