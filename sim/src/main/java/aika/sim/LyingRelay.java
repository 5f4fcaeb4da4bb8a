package aika.sim;

import aika.core.follow.Request;
import aika.core.ledger.Action;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a municipality's relay should carry into something else: nothing for a long time,
 * something old, something forged, the same again and again, or a lie that it is done.
 */
final class LyingRelay {
  private static final int OLD_MAX = 64;
  private static final long SILENCE_MILLIS_MAX = 8_000;

  private final World world;
  private final SplittableRandom random;
  private final ChainId self;
  private final Shard home;
  private final List<List<Action>> old = new ArrayList<>();
  private long silentUntil;

  LyingRelay(World world, ChainId self) {
    this.world = world;
    this.random = world.split();
    this.self = self;
    this.home = world.shard(self);
  }

  /** Whether it keeps everything back just now. */
  private boolean silent() {
    return world.now() < silentUntil;
  }

  /**
   * What becomes of a request.
   *
   * @param then whoever waits for the answer; it may wait in vain, or hear that all is done
   */
  void carry(LogReader relay, Request request, Consumer<@Nullable Reason> then) {
    List<Action> actions = request.actions();
    old.add(actions);
    if (old.size() > OLD_MAX) {
      old.removeFirst();
    }
    Consumer<Answer> last = relay.answer(home, given -> then.accept(LogReader.reason(given)));
    if (random.nextInt(20) == 0) {
      silentUntil = world.now() + random.nextLong(SILENCE_MILLIS_MAX);
    }
    if (silent()) {
      world.counts().did("relay: requests kept back");
      return;
    }
    switch (random.nextInt(7)) {
      case 0 -> {
        world.counts().did("relay: requests swallowed and called done");
        relay.after(5, () -> then.accept(null));
      }
      case 1 -> {
        world.counts().did("relay: something old instead");
        put(relay, old.get(random.nextInt(old.size())), last);
      }
      case 2 -> {
        world.counts().did("relay: requests in another order");
        put(relay, actions.reversed(), last);
      }
      case 3, 4 -> {
        world.counts().did("relay: requests forged");
        put(relay, actions.stream().map(this::forged).toList(), last);
      }
      case 5 -> {
        world.counts().did("relay: requests repeated");
        for (int i = 0; i < 3; i++) {
          put(relay, actions, last);
        }
      }
      default -> put(relay, actions, last);
    }
  }

  private void put(LogReader relay, List<Action> actions, Consumer<Answer> last) {
    List<Runnable> asked = new ArrayList<>();
    for (Action action : actions) {
      switch (action) {
        case Action.RecordCheckpoint record -> {
          SignedCheckpoint signed = signed(record);
          if (signed != null) {
            asked.add(() -> home.record(self, record, signed, last));
          }
        }
        case Action.Settle settle -> asked.add(() -> home.settle(self, settle, last));
        case Action.Conclude conclude -> asked.add(() -> home.conclude(self, conclude, last));
        default -> throw new Violation("a relay carries no " + action);
      }
    }
    relay.send(home, () -> asked.forEach(Runnable::run));
  }

  /** The real cosignatures of some checkpoint of this log, under whatever the record says. */
  private @Nullable SignedCheckpoint signed(Action.RecordCheckpoint record) {
    Chain origin = world.chain(record.origin());
    SignedCheckpoint real = origin.approvedAt(record.checkpoint().size());
    if (real != null && real.checkpoint().equals(record.checkpoint())) {
      return real;
    }
    SignedCheckpoint other = origin.approved();
    if (other == null) {
      return null;
    }
    SignedCheckpoint forged =
        SignedCheckpoint.sign(
            record.checkpoint(), Ed25519.TYPE, world.federation().logSigner(record.origin()));
    return forged.withSignatures(
        other.note().signatures().subList(1, other.note().signatures().size()));
  }

  private Action forged(Action action) {
    return switch (action) {
      case Action.RecordCheckpoint record -> forged(record);
      case Action.Settle settle -> {
        List<Action.Item> items = new ArrayList<>();
        for (Action.Item item : settle.items()) {
          long hold = Math.max(0, item.hold() + random.nextInt(3) - 1);
          items.add(new Action.Item(hold, item.index(), forged(item.proof())));
        }
        yield new Action.Settle(settle.from(), settle.recorded(), items);
      }
      case Action.Conclude conclude -> {
        OutcomeKind[] kinds = OutcomeKind.values();
        OutcomeKind kind = kinds[random.nextInt(kinds.length)];
        yield new Action.Conclude(conclude.transfer(), kind, forged(conclude.citation()));
      }
      default -> action;
    };
  }

  /** Another tree, which looks like the recorded one's continuation; another term; or no proof. */
  private Action forged(Action.RecordCheckpoint record) {
    Row.Latest latest = world.chain(self).latest(record.origin());
    if (latest != null && random.nextBoolean()) {
      ForgedTree tree = new ForgedTree(world.chain(record.origin()).tree(), latest.size());
      tree.grow(random);
      long from = Math.min(latest.size(), tree.tree().size());
      return tree.record(world, record.origin(), record.term(), from);
    }
    return new Action.RecordCheckpoint(
        record.origin(),
        record.term() + random.nextInt(2),
        record.checkpoint(),
        random.nextInt(4) == 0 ? List.of() : record.consistency(),
        random.nextInt(3) == 0 ? null : record.handover());
  }

  /** Evidence of something else, or evidence that was tampered with. */
  Action.Citation forged(Action.Citation citation) {
    return new Action.Citation(
        Math.max(0, citation.index() + random.nextInt(3) - 1),
        Math.max(0, citation.recorded() - random.nextInt(2)),
        forged(citation.proof()));
  }

  private Action.@Nullable Proof forged(Action.@Nullable Proof proof) {
    if (proof == null || random.nextInt(3) == 0) {
      return proof;
    }
    byte[] leaf = proof.leaf().clone();
    leaf[random.nextInt(leaf.length)] ^= 1;
    return new Action.Proof(leaf, proof.path());
  }

  /** The evidence that goes with a resident's decision; null when it keeps the order back. */
  Action.@Nullable Citation cited(Action.Citation right) {
    if (silent() || random.nextInt(4) == 0) {
      world.counts().did("relay: residents' orders kept back");
      return null;
    }
    if (random.nextInt(3) == 0) {
      world.counts().did("relay: residents' orders with forged evidence");
      return forged(right);
    }
    return right;
  }
}
