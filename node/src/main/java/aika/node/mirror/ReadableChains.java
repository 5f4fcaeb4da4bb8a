package aika.node.mirror;

import aika.core.money.ChainId;
import aika.node.order.Chain;
import aika.node.order.Shard;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The chains that this node can read: those that it serves, and its copies of others. */
public final class ReadableChains {
  private final Shard shard;
  private final Map<ChainId, Chain> copies;
  private final KeptHistories histories;

  /**
   * @param copies of chains that other nodes serve
   * @param histories that other chains gave up
   */
  public ReadableChains(Shard shard, Collection<Chain> copies, KeptHistories histories) {
    this.shard = shard;
    this.histories = histories;
    this.copies = copies.stream().collect(Collectors.toUnmodifiableMap(Chain::id, one -> one));
  }

  /**
   * Of a node that serves all that it reads.
   *
   * @param data its directory
   */
  public static ReadableChains served(Shard shard, Path data) {
    return new ReadableChains(shard, List.of(), new KeptHistories(data));
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

  public KeptHistories histories() {
    return histories;
  }

  public Shard shard() {
    return shard;
  }
}
