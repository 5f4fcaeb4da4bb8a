package aika.sim;

import aika.core.approval.Succession;
import aika.core.follow.Log;
import aika.core.follow.TermEnd;
import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Offer;
import aika.core.log.Nodes;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chain's log as it comes to a follower over the network: its approved leaves in order, each
 * once. Tiles and single leaves are read as everybody reads them.
 */
final class PulledLog implements Log {
  private static final int PULL_AGAIN_MILLIS = 1_200;

  private final LogReader reader;
  private final Shard shard;
  private final ChainId id;
  private final List<Entry> entries = new ArrayList<>();
  private long first;
  private boolean pulling;
  private @Nullable SignedCheckpoint approved;
  private Succession succession;

  PulledLog(LogReader reader, Shard shard, ChainId id) {
    this.reader = reader;
    this.shard = shard;
    this.id = id;
    this.succession = fromTheFirstTerm();
  }

  private Succession fromTheFirstTerm() {
    World world = reader.world;
    return new Succession(
        world.directory().federation(), world.directory().entry(id), world.keys(), world.keys());
  }

  /** After a crash: reads again from here. */
  void reset(long from) {
    entries.clear();
    first = from;
    pulling = false;
    approved = null;
    succession = fromTheFirstTerm();
  }

  /** Leaves below this one were dealt with. */
  void forget(long below) {
    entries.subList(0, (int) Math.min(entries.size(), below - first)).clear();
    first = below;
  }

  void pull() {
    if (pulling || reader.misled(id)) {
      return;
    }
    pulling = true;
    long from = readable();
    reader.send(shard, () -> shard.feed(id, from, reader.answer(shard, this::read)));
    reader.after(
        PULL_AGAIN_MILLIS,
        () -> {
          if (readable() == from) {
            pulling = false;
          }
        });
  }

  private void read(Shard.Feed feed) {
    if (feed.from() != readable() || reader.misled(id)) {
      return;
    }
    pulling = false;
    SignedCheckpoint latest = feed.approved();
    if (latest != null && latest.checkpoint().size() > approvedSize()) {
      if (!believed(latest)) {
        throw new Violation(id + " serves a checkpoint that is not approved");
      }
      approved = latest;
    }
    entries.addAll(feed.entries());
    if (readable() < approvedSize()) {
      pull();
    }
    reader.read(id);
  }

  /** Whether those who sit have approved it; they are followed from the first term on. */
  private boolean believed(SignedCheckpoint latest) {
    Chain chain = shard.chain(id);
    for (TermEnd end = chain.termEnd(succession.seats().term());
        end != null && isBefore(end, latest.checkpoint().size());
        end = chain.termEnd(succession.seats().term())) {
      Action.Proof proof = chain.proof(end.index(), end.size());
      succession.handOver(
          new TlogProof(Optional.of(proof.leaf()), end.index(), proof.path(), end.approved()));
    }
    return latest.checkpoint().origin().equals(reader.world.directory().origin(id))
        && succession.seats().approvedAt(latest, reader.world.keys()).isPresent();
  }

  /** A recovery's own block is approved by those whom it seats. */
  private static boolean isBefore(TermEnd end, long size) {
    return end.size() < size || end.recovered() && end.size() == size;
  }

  /** The approved checkpoint of this size, which was read or ends a term. */
  @Nullable SignedCheckpoint approvedAt(long size) {
    return approvedSize() == size ? approved : shard.chain(id).approvedAt(size);
  }

  @Override
  public @Nullable SignedCheckpoint approved() {
    return approved;
  }

  long approvedSize() {
    return approved == null ? 0 : approved.checkpoint().size();
  }

  @Override
  public long readable() {
    return first + entries.size();
  }

  @Override
  public Entry entry(long index) {
    return entries.get((int) (index - first));
  }

  @Override
  public @Nullable Offer offer(long index) {
    return shard.chain(id).offer(index);
  }

  @Override
  public @Nullable TermEnd termEnd(long term) {
    TermEnd end = shard.chain(id).termEnd(term);
    return end == null || end.size() > approvedSize() ? null : end;
  }

  @Override
  public Action.Proof evidence(long index, long size) {
    return shard.chain(id).proof(index, size);
  }

  @Override
  public Nodes nodes() {
    return shard.chain(id).tree();
  }

  /**
   * Between chains of one shard nothing needs to be carried, but it may be. Nothing is left to
   * carry for a transfer that ended long ago, and none is needed to be told so.
   */
  @Override
  public Action.@Nullable Proof proof(long index, long size) {
    Chain chain = shard.chain(id);
    boolean cited = reader.home.hosts(id) && reader.random.nextInt(10) != 0;
    return cited || index < chain.firstKept() ? null : chain.proof(index, size);
  }
}
