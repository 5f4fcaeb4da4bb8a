package aika.node.mirror;

import aika.core.money.ChainId;
import aika.node.order.Chain;
import aika.node.order.Shard;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The chains that this node can read: those that it serves, and its copies of others. */
public final class ReadableChains {
  private final Shard shard;
  private final Map<ChainId, Chain> copies;

  /**
   * @param copies of chains that other nodes serve
   */
  public ReadableChains(Shard shard, Collection<Chain> copies) {
    this.shard = shard;
    this.copies = copies.stream().collect(Collectors.toUnmodifiableMap(Chain::id, one -> one));
  }

  /** What the chain's leaves tell; null when it is neither served nor copied here. */
  public @Nullable Chain find(ChainId id) {
    Chain served = shard.find(id);
    return served != null ? served : copies.get(id);
  }

  public boolean serves(ChainId id) {
    return shard.find(id) != null;
  }

  /** All of them, those that are served here first. */
  public Stream<Chain> all() {
    return Stream.concat(shard.chains().stream(), copies.values().stream());
  }

  public Shard shard() {
    return shard;
  }
}
