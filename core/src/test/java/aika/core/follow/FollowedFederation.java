package aika.core.follow;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.ledger.Reason;
import aika.core.log.Checkpoint;
import aika.core.log.Nodes;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All chains of a test federation as followers see them, and whoever takes their steps. */
public final class FollowedFederation implements Chains {
  final TestFederation fed;
  final MemoryRows rows = new MemoryRows();
  final List<Request> asked = new ArrayList<>();

  /** What chains answer BUSY to, without executing it. */
  Predicate<Action> busy = action -> false;

  private final Map<ChainId, SignedCheckpoint> approved = new HashMap<>();

  public FollowedFederation(TestFederation fed) {
    this.fed = fed;
  }

  /** Has {@code at} record all of the origin's approved leaves, term by term. */
  public void record(ChainId at, ChainId origin) {
    approve(origin);
    long size = fed.chain(origin).head().size();
    Relay.Cover cover = new Relay(this, fed.directory()).cover(at, origin, size);
    if (cover == null || cover.size() != size) {
      throw new AssertionError("not covered: " + cover);
    }
    cover.first().forEach(record -> fed.chain(at).accepted(fed.now(), record));
  }

  /** Seals the chain, and its seats approve that. */
  public void approve(ChainId chain) {
    fed.chain(chain).seal(fed.now());
    approved.put(
        chain,
        SignedCheckpoint.sign(
            fed.checkpoint(chain), Ed25519.TYPE, fed.signer(fed.directory().origin(chain))));
  }

  /** Takes one step; whether there may be more to do at once. */
  boolean take(Step step) {
    BitSet done = new BitSet();
    List<Request> requests = step.requests();
    for (int i = 0; i < requests.size(); i++) {
      if (requests.get(i).done(put(requests.get(i)))) {
        done.set(i);
      }
    }
    return step.finish(done);
  }

  private @Nullable Reason put(Request request) {
    asked.add(request);
    Reason last = null;
    for (Action action : request.actions()) {
      last =
          busy.test(action)
              ? Reason.BUSY
              : fed.chain(request.chain()).apply(fed.now(), action) instanceof Applied.Refused no
                  ? no.refusal().reason()
                  : null;
    }
    return last;
  }

  @Override
  public @Nullable Log log(ChainId id) {
    TestChain chain = fed.chain(id);
    return new Log() {
      @Override
      public @Nullable SignedCheckpoint approved() {
        return approved.get(id);
      }

      @Override
      public long readable() {
        SignedCheckpoint latest = approved();
        return latest == null ? 0 : latest.checkpoint().size();
      }

      @Override
      public Entry entry(long index) {
        if (index >= readable()) {
          throw new AssertionError(id + " leaf " + index + " is not approved");
        }
        return chain.entries().get((int) index);
      }

      @Override
      public @Nullable Offer offer(long index) {
        if (index >= chain.entries().size()) {
          return null;
        }
        Entry entry = chain.entries().get((int) index);
        return entry.leaf().offer(new TransferId(id, index), entry.hash());
      }

      @Override
      public @Nullable TermEnd termEnd(long term) {
        return TermEnd.of(chain.state(), term, this::sealAfter, this::approvedAt);
      }

      private long sealAfter(long index) {
        for (Entry entry : chain.entries()) {
          if (entry.index() >= index && entry.leaf() instanceof Leaf.Sealed) {
            return entry.index() + 1;
          }
        }
        return 0;
      }

      private @Nullable SignedCheckpoint approvedAt(long size) {
        return size > readable()
            ? null
            : SignedCheckpoint.sign(
                new Checkpoint(fed.directory().origin(id), size, chain.tree().root(size)),
                Ed25519.TYPE,
                fed.signer(fed.directory().origin(id)));
      }

      @Override
      public Action.Proof evidence(long index, long size) {
        return chain.proof(index, size);
      }

      @Override
      public Nodes nodes() {
        return chain.tree();
      }

      @Override
      public Action.Proof proof(long index, long size) {
        return chain.proof(index, size);
      }
    };
  }

  @Override
  public @Nullable LedgerState served(ChainId chain) {
    return fed.chain(chain).state();
  }
}
