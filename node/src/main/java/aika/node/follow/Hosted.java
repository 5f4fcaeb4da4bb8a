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
import aika.node.order.Chain;
import aika.node.order.Shard;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The node's own chains, which its replicas all execute: evidence between them needs no proof. */
final class Hosted implements Chains {
  private final Map<ChainId, HostedChain> chains;

  Hosted(Shard shard) {
    chains = shard.chains().stream().collect(Collectors.toMap(Chain::id, HostedChain::new));
  }

  @Override
  public @Nullable Log log(ChainId chain) {
    return chains.get(chain);
  }

  @Override
  public @Nullable LedgerState served(ChainId chain) {
    return chains.get(chain);
  }

  private record HostedChain(Chain chain) implements Log, LedgerState {
    @Override
    public @Nullable SignedCheckpoint approved() {
      return chain.approved();
    }

    @Override
    public long readable() {
      return Math.min(chain.approvedSize(), chain.size()); // while a start still replays
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
      return null;
    }

    @Override
    public <R extends Row> @Nullable R get(Key<R> key) {
      return chain.get(key);
    }
  }
}
