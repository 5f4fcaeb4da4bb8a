package aika.node.mirror;

import aika.core.money.ChainId;
import aika.node.order.Chain;
import aika.node.order.Shard;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The chains that this node can read: those that it serves, and its copies of others, which may
 * become more.
 */
public final class ReadableChains {
  private final Shard shard;
  private final Copies copies;
  private final KeptHistories histories;

  /** Copies of chains that other nodes serve. */
  public interface Copies {
    @Nullable Chain find(ChainId id);

    Collection<Chain> chains();

    /** Whether another node serves this chain, and no copy of it was begun here. */
    boolean lacks(ChainId id);

    /** Begins a copy of this chain, unless there is one or nobody else serves it. */
    void need(ChainId id);

    /** Asks soon whether this chain has made offers to that one, and so is needed. */
    void seek(ChainId sender, ChainId receiver);

    /** Of which chains nothing new is heard: there may be more offers to this one. */
    Collection<ChainId> unheard(ChainId receiver);
  }

  /** For a node that serves all chains. */
  private record NoCopies() implements Copies {
    @Override
    public @Nullable Chain find(ChainId id) {
      return null;
    }

    @Override
    public Collection<Chain> chains() {
      return List.of();
    }

    @Override
    public boolean lacks(ChainId id) {
      return false;
    }

    @Override
    public void need(ChainId id) {
      // whatever there is is here
    }

    @Override
    public void seek(ChainId sender, ChainId receiver) {
      // whatever there is is here
    }

    @Override
    public Collection<ChainId> unheard(ChainId receiver) {
      return List.of();
    }
  }

  /**
   * @param histories that other chains gave up
   */
  public ReadableChains(Shard shard, Copies copies, KeptHistories histories) {
    this.shard = shard;
    this.copies = copies;
    this.histories = histories;
  }

  /**
   * Of a node that serves all that it reads.
   *
   * @param data its directory
   */
  public static ReadableChains served(Shard shard, Path data) {
    return new ReadableChains(shard, new NoCopies(), new KeptHistories(data));
  }

  /** What the chain's leaves tell; null when it is neither served nor copied here. */
  public @Nullable Chain find(ChainId id) {
    Chain served = shard.find(id);
    return served != null ? served : copies.find(id);
  }

  public boolean serves(ChainId id) {
    return shard.find(id) != null;
  }

  /** Whether another node serves this chain, and nothing of it is copied here. */
  public boolean lacks(ChainId id) {
    return copies.lacks(id);
  }

  /** Something here concerns this chain: from now on it is copied, unless it is served here. */
  public void need(ChainId id) {
    copies.need(id);
  }

  /**
   * Somebody says that this chain, which is not copied, has made an offer to one that is served
   * here. Whether it did is asked soon.
   */
  public void seek(ChainId sender, ChainId receiver) {
    copies.seek(sender, receiver);
  }

  /**
   * Of which chains nothing new is heard here, so that there may be offers to this municipality
   * that are not known.
   */
  public Collection<ChainId> unheard(ChainId receiver) {
    return copies.unheard(receiver);
  }

  /** All of them, those that are served here first. */
  public Stream<Chain> all() {
    return Stream.concat(shard.chains().stream(), copies.chains().stream());
  }

  public KeptHistories histories() {
    return histories;
  }

  public Shard shard() {
    return shard;
  }
}
