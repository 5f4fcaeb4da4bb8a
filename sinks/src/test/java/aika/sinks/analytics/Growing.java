package aika.sinks.analytics;

import aika.core.ledger.Entry;
import aika.core.money.ChainId;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Chains whose approvals come bit by bit, each chain at a pace of its own. */
final class Growing implements Source {
  private final Source whole;
  private final Map<ChainId, Long> approved = new HashMap<>();
  private int failAfter = Integer.MAX_VALUE;

  Growing(Source whole) {
    this.whole = whole;
  }

  /** Some blocks of some chain are approved; false when everything is. */
  boolean grow(Random random) {
    List<ChainId> behind =
        chains().stream().filter(one -> approvedSize(one) < whole.approvedSize(one)).toList();
    if (behind.isEmpty()) {
      return false;
    }
    ChainId chain = behind.get(random.nextInt(behind.size()));
    for (int blocks = 1 + random.nextInt(5); blocks > 0; blocks--) {
      long size = approvedSize(chain);
      if (size < whole.approvedSize(chain)) {
        Block next = whole.block(chain, size);
        approved.put(chain, next == null ? size : next.size());
      }
    }
    return true;
  }

  /** The entry after so many more cannot be read. */
  void failAfter(int entries) {
    failAfter = entries;
  }

  @Override
  public List<ChainId> chains() {
    return whole.chains();
  }

  @Override
  public long size(ChainId chain) {
    return whole.size(chain);
  }

  @Override
  public long approvedSize(ChainId chain) {
    return approved.getOrDefault(chain, 0L);
  }

  @Override
  public Entry entry(ChainId chain, long index) {
    if (failAfter-- == 0) {
      throw new IllegalStateException("a leaf that cannot be read");
    }
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
