package aika.sinks.analytics;

import aika.core.ledger.Entry;
import aika.core.money.ChainId;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node that serves some of the chains only. */
record Only(Source whole, List<ChainId> chains) implements Source {
  @Override
  public long size(ChainId chain) {
    return whole.size(chain);
  }

  @Override
  public long approvedSize(ChainId chain) {
    return whole.approvedSize(chain);
  }

  @Override
  public Entry entry(ChainId chain, long index) {
    return whole.entry(chain, index);
  }

  @Override
  public @Nullable Block block(ChainId chain, long index) {
    return whole.block(chain, index);
  }

  @Override
  public long height(ChainId chain) {
    return whole.height(chain);
  }

  @Override
  public @Nullable Approval approval(ChainId chain, long index) {
    return whole.approval(chain, index);
  }
}
