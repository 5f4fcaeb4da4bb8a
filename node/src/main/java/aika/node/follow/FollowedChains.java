package aika.node.follow;

import aika.core.follow.Chains;
import aika.core.follow.Log;
import aika.core.follow.TermEnd;
import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.ledger.Row;
import aika.core.log.Nodes;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.node.mirror.ReadableChains;
import aika.node.order.Chain;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The chains that this node can read, as its followers see them. Between those that it serves,
 * which its replicas all execute, evidence needs no proof; with a leaf of another goes one.
 */
final class FollowedChains implements Chains {
  private final ReadableChains chains;
  private final Map<ChainId, Followed> known = new ConcurrentHashMap<>();

  FollowedChains(ReadableChains chains) {
    this.chains = chains;
  }

  @Override
  public @Nullable Log log(ChainId id) {
    return followed(id);
  }

  @Override
  public @Nullable LedgerState served(ChainId id) {
    return chains.serves(id) ? followed(id) : null;
  }

  private @Nullable Followed followed(ChainId id) {
    Followed followed = known.get(id);
    Chain chain = followed == null ? chains.find(id) : followed.chain;
    return chain == null
        ? null
        : known.computeIfAbsent(id, any -> new Followed(chain, chains.serves(id)));
  }

  /**
   * @param served whether the replicas of the chains that are served here execute this one too
   */
  private record Followed(Chain chain, boolean served) implements Log, LedgerState {
    @Override
    public @Nullable SignedCheckpoint approved() {
      return chain.approved();
    }

    @Override
    public long readable() {
      return chain.approvedSize();
    }

    @Override
    public Entry entry(long index) {
      return chain.entry(index);
    }

    @Override
    public @Nullable Offer offer(long index) {
      Row.Hold hold = chain.get(new Key.OfHold(index));
      return hold == null ? null : hold.offer();
    }

    @Override
    public Nodes nodes() {
      return chain.nodes();
    }

    @Override
    public @Nullable TermEnd termEnd(long term) {
      return chain.termEnd(term);
    }

    @Override
    public Action.Proof evidence(long index, long size) {
      return new Action.Proof(
          chain.entry(index).bytes(), Proofs.inclusion(index, size, chain.nodes()));
    }

    @Override
    public Action.@Nullable Proof proof(long index, long size) {
      return served ? null : evidence(index, size);
    }

    @Override
    public <R extends Row> @Nullable R get(Key<R> key) {
      return chain.get(key);
    }
  }
}
