package aika.sim;

import aika.core.follow.Consequence;
import aika.core.follow.Relay;
import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows every chain for one municipality: brings evidence for its residents' receives, concludes
 * what was cancelled or has expired, and settles what others decided.
 */
final class Follower extends Actor implements Shard.Reader {
  private static final int TICK_MILLIS = 120;
  private static final int ASK_AGAIN_MILLIS = 2_500;

  private final ChainId self;
  private final Shard home;
  private final Chain chain;
  private final List<Source> sources = new ArrayList<>();
  private final PriorityQueue<Source.Waiting> expiring =
      new PriorityQueue<>(
          Comparator.comparingLong((Source.Waiting w) -> w.due)
              .thenComparing(w -> w.offer.transfer()));

  Follower(World world, ChainId self) {
    super(world, "follower of " + self);
    this.self = self;
    this.home = world.shard(self);
    this.chain = home.chain(self);
  }

  /** Begins to follow; to be called once for each municipality. */
  void follow(Shard shard, ChainId id) {
    sources.add(new Source(this, shard, id));
    shard.addReader(this);
  }

  @Override
  public Actor actor() {
    return this;
  }

  @Override
  public void approved(ChainId id) {
    source(id).cursor.pull();
  }

  @Override
  void started() {
    every(TICK_MILLIS, this::tick);
    every(2_000, () -> sources.forEach(source -> source.cursor.pull()));
  }

  @Override
  void crashed() {
    expiring.clear();
    sources.forEach(Source::forget);
  }

  /** Leaves of {@code id} from this one on are still needed. */
  long needs(ChainId id) {
    return source(id).oldestNeeded();
  }

  /** A resident's receive or reject; what it refers to is looked up here. */
  void decide(SignedOrder order, TransferId transfer, Consumer<Answer> answer) {
    source(transfer.origin()).decides.add(new Source.Decide(order, transfer.index(), answer));
  }

  /** A leaf of {@code source} was approved. */
  void read(Source source, Entry entry) {
    for (Consequence found : Consequence.of(source.id, entry)) {
      switch (found) {
        case Consequence.Offered offered -> {
          if (offered.offer().to().chain().equals(self)) {
            expiring.add(source.wait(offered.offer()));
          }
        }
        case Consequence.Decided decided -> {
          if (decided.transfer().origin().equals(self)) {
            source.decided(decided.transfer().index(), decided.index());
          }
        }
        case Consequence.CancelAsked asked ->
            source.cancel(asked.transfer().index(), asked.index());
        case Consequence.Ended ended -> {}
      }
    }
  }

  /** Whether this chain has recorded how the transfer ended. */
  boolean hasDecided(TransferId transfer) {
    return chain.state().get(new Key.OfOutcome(transfer)) != null;
  }

  boolean hasEnded(long hold) {
    Row.Hold row = chain.state().get(new Key.OfHold(hold));
    return row == null || row.status() != Row.Hold.Status.HELD;
  }

  private Source source(ChainId id) {
    for (Source source : sources) {
      if (source.id.equals(id)) {
        return source;
      }
    }
    throw new IllegalArgumentException(self + " does not follow " + id);
  }

  private void tick() {
    if (!home.up()) {
      return;
    }
    for (Source.Waiting next = expiring.peek();
        next != null && next.due <= world.now();
        next = expiring.peek()) {
      expiring.remove();
      if (!hasDecided(next.offer.transfer())) {
        next.due = world.now() + ASK_AGAIN_MILLIS;
        source(next.offer.transfer().origin()).concludes.add(next);
        expiring.add(next);
      }
    }
    sources.forEach(this::work);
  }

  /** Records what is needed of the source, then asks for everything that waits for it. */
  private void work(Source source) {
    SignedCheckpoint approved = source.cursor.approved();
    long needed = source.needed();
    if (approved == null || needed == 0 || !home.up()) {
      return;
    }
    if (source.id.equals(self)) {
      act(source, 0);
      return;
    }
    if (!source.cursor.shard().up()) {
      return;
    }
    Row.Latest latest = chain.latest(source.id);
    long term = world.directory().entry(source.id).seats().term();
    Optional<Action.RecordCheckpoint> record =
        Relay.record(
            source.id,
            latest,
            needed,
            approved.checkpoint(),
            term,
            source.cursor.shard().chain(source.id).tree());
    if (record.isEmpty()) {
      act(source, latest == null ? 0 : latest.size());
    } else if (world.now() >= source.recordAgain) {
      source.recordAgain = world.now() + ASK_AGAIN_MILLIS;
      Consumer<Answer> then =
          answer(
              home,
              done -> {
                source.recordAgain = 0;
                if (done instanceof Answer.Accepted) {
                  work(source);
                }
              });
      send(home, () -> home.record(self, record.get(), approved, then));
    }
  }

  private void act(Source source, long recorded) {
    settle(source, recorded);
    for (Source.Waiting waiting : source.takeConcludes()) {
      boolean cancelled = waiting.cancel >= 0;
      OutcomeKind kind = cancelled ? OutcomeKind.CANCELLED : OutcomeKind.EXPIRED;
      TransferId transfer = waiting.offer.transfer();
      Action.Citation citation =
          cite(source, cancelled ? waiting.cancel : transfer.index(), recorded);
      Action.Conclude conclude = new Action.Conclude(transfer, kind, citation);
      send(home, () -> home.conclude(self, conclude, answer(home, done -> {})));
    }
    for (Source.Decide decide : source.takeDecides()) {
      Action.Citation citation = cite(source, decide.index(), recorded);
      send(home, () -> home.submit(decide.order(), citation, decide.answer()));
    }
  }

  private void settle(Source source, long recorded) {
    List<Source.Decided> decided = source.takeDecided();
    if (decided.isEmpty()) {
      return;
    }
    List<Action.Item> items = new ArrayList<>();
    for (Source.Decided one : decided) {
      items.add(new Action.Item(one.hold(), one.index(), proof(source, one.index(), recorded)));
      if (world.faulty() && random.nextInt(50) == 0) {
        items.add(items.getLast());
      }
    }
    for (Action.Settle settle : Relay.settle(source.id, recorded, items)) {
      if (world.sabotage().relays(settle) instanceof Action.Settle relayed) {
        send(home, () -> home.settle(self, relayed, answer(home, done -> {})));
      }
    }
    after(ASK_AGAIN_MILLIS + random.nextInt(ASK_AGAIN_MILLIS), () -> source.askAgain(decided));
  }

  private Action.Citation cite(Source source, long index, long recorded) {
    return new Action.Citation(index, recorded, proof(source, index, recorded));
  }

  /**
   * Between chains of one shard nothing needs to be carried, but it may be. Nothing is left to
   * carry for a transfer that ended long ago, and none is needed to be told so.
   */
  private Action.@Nullable Proof proof(Source source, long index, long recorded) {
    Chain origin = source.cursor.shard().chain(source.id);
    boolean cited =
        source.id.equals(self)
            || home.hosts(source.id) && random.nextInt(10) != 0
            || index < origin.firstKept();
    return cited ? null : origin.proof(index, recorded);
  }
}
