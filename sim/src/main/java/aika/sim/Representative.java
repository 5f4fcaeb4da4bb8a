package aika.sim;

import aika.core.approval.CosignerRules;
import aika.core.approval.Execution;
import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Replica;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.MemoryState;
import aika.core.log.AddCheckpoint;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Frontier;
import aika.core.money.ChainId;
import aika.core.note.NoteSignature;
import aika.core.note.VerifierKey;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A seat of a chain, whoever was elected to it. A separate one executes the chain itself; the
 * others rely on the shard that orders it. What it signed, and what it executed, is on its disk.
 */
final class Representative extends Actor {
  private static final int PULL_AGAIN_MILLIS = 1_500;
  private static final int FORGET_LEAVES = 10_000;

  /** How much work a crash takes away, where not all leaves are kept. */
  private static final int KEEP_MILLIS = 10_000;

  private final Chain chain;
  private final Shard shard;
  private final int seat;
  private final boolean separate;
  private CosignerRules.Signed signed = CosignerRules.Signed.NOTHING;

  /** What a backup of its disk says. */
  private CosignerRules.Signed backup = CosignerRules.Signed.NOTHING;

  private long clockOffset;
  private boolean corrupt;
  private @Nullable Replica replica;
  private MemoryState rows = new MemoryState();

  /** What it goes on from when it loses what it executed later; null: from the first leaf. */
  private @Nullable Kept kept;

  private @Nullable Asked asked;
  private boolean pulling;
  private long forgotAt;

  /** What is on its disk, as it was behind a seal. */
  private record Kept(
      long at, MemoryState rows, Frontier frontier, TreeMap<Long, Execution.Sealed> seals) {}

  private record Asked(AddCheckpoint request, Consumer<Cosigning> answer) {}

  /** What a seat answers. */
  sealed interface Cosigning {
    record Cosigned(NoteSignature signature) implements Cosigning {}

    record Conflict(long signedSize) implements Cosigning {}

    record Unwilling(String why) implements Cosigning {}
  }

  Representative(World world, Shard shard, ChainId id, int seat, boolean separate) {
    super(world, "seat " + seat + " of " + id);
    this.shard = shard;
    this.chain = shard.chain(id);
    this.seat = seat;
    this.separate = separate;
    this.replica = separate ? newReplica(rows, new Frontier()) : null;
  }

  private Replica newReplica(MemoryState after, Frontier frontier) {
    rows = after;
    return new Replica(
        chain.id(),
        world.directory(),
        world.authorization(),
        world.logs(this),
        (level, index, hash) -> {},
        after,
        frontier);
  }

  /** How far it has executed; for a seat of the shard, everything. */
  long executedSize() {
    return replica == null ? chain.size() : replica.size();
  }

  /** Leaves that it will never ask for again; for a seat of the shard, all. */
  long keptSize() {
    return replica == null ? chain.size() : kept == null ? 0 : kept.frontier.size();
  }

  @Override
  ChainId place() {
    return chain.id();
  }

  ChainId chainId() {
    return chain.id();
  }

  @Override
  void started() {
    if (separate) {
      every(2_000, this::pull);
    }
  }

  @Override
  void crashed() {
    asked = null;
    pulling = false;
    if (random.nextInt(6) == 0) {
      world.diary().happens(world, this, "gets an old disk back");
      signed = backup;
    } else if (random.nextBoolean()) {
      backup = signed;
    }
    Kept left = kept;
    boolean mayLose = separate && !corrupt && (left != null || world.keepsAllLeaves());
    if (mayLose && random.nextInt(8) == 0) {
      loses(left); // its disk is gone too, but for what it signed
    }
  }

  private void loses(@Nullable Kept left) {
    if (left == null) {
      forgotAt = 0;
      replica = newReplica(new MemoryState(), new Frontier());
    } else {
      world.counts().did("cosigners: went on from the rows of an earlier seal");
      forgotAt = left.frontier.size();
      left.seals.tailMap(left.frontier.size(), false).clear();
      replica = newReplica(left.rows.copy(), left.frontier.copy());
    }
  }

  /** What it has signed with a disk of its own; whoever signs on the shard's has none. */
  long signedElsewhere() {
    return separate ? Math.max(signed.size(), backup.size()) : 0;
  }

  /** Its chain was built again, perhaps without leaves that it has executed. */
  void rebuilt() {
    if (!separate) {
      signed = new CosignerRules.Signed(chain.size(), chain.root());
      backup = signed;
    } else if (executedSize() > chain.size()) {
      loses(null);
    }
  }

  /** From now on it signs whatever its chain's leader has written. */
  void collude() {
    corrupt = true;
    replica = null;
    asked = null;
  }

  /** Sets the clock this much ahead of the right time, ms. */
  void setClock(long offset) {
    clockOffset = offset;
  }

  void addCheckpoint(AddCheckpoint request, Consumer<Cosigning> answer) {
    long now = world.now() + clockOffset;
    CosignerRules rules = new CosignerRules(world.directory(), world.keys(), execution());
    long believed = world.sabotage().looksAtTheClock() ? now : Long.MAX_VALUE;
    switch (rules.check(request, signed, believed)) {
      case CosignerRules.Verdict.Sign sign when world.isLost(sign.seats().keys().get(seat)) -> {}
      case CosignerRules.Verdict.Sign sign -> {
        signed = world.sabotage().signs(sign.next());
        if (world.strikes(random)) {
          world.crashForAWhile(this); // after its disk, before its answer
          return;
        }
        cosign(now, sign.seats().keys(), answer);
      }
      case CosignerRules.Verdict.Conflict conflict ->
          answer.accept(new Cosigning.Conflict(conflict.signedSize()));
      case CosignerRules.Verdict.Refuse refuse -> {
        if (replica != null && replica.size() < request.checkpoint().checkpoint().size()) {
          asked = new Asked(request, answer);
          pull();
        } else {
          if (isOfTheFuture(request.checkpoint().checkpoint().size())) {
            world.counts().did("clocks: seals whose time had not come");
          }
          Violation.unless(refuse.httpStatus() == 503, () -> this + " refuses: " + refuse.why());
          answer.accept(new Cosigning.Unwilling(refuse.why()));
        }
      }
    }
  }

  private boolean isOfTheFuture(long size) {
    Execution.Sealed seal = chain.sealed(size);
    return seal != null && seal.sealTime() - world.now() > CosignerRules.AHEAD_MILLIS_MAX;
  }

  /** Whoever was elected to this seat signs with a key of its own. */
  private void cosign(long now, List<VerifierKey> sitting, Consumer<Cosigning> answer) {
    VerifierKey key = sitting.get(seat);
    world.audit().cosigned(chain, signed);
    Execution.Sealed seal = chain.sealed(signed.size());
    Violation.unless(
        seal == null || seal.sealTime() - now <= CosignerRules.AHEAD_MILLIS_MAX,
        () -> this + " signs a seal of the future");
    Checkpoint checkpoint =
        new Checkpoint(world.directory().origin(chain.id()), signed.size(), signed.root());
    NoteSignature signature =
        Cosignature.sign(checkpoint, key.name(), now / 1000, world.keys().holder(key.publicKey()));
    answer.accept(new Cosigning.Cosigned(signature));
    if (replica != null) {
      replica.forget(signed.size());
    }
  }

  private Execution execution() {
    Replica executes = replica;
    return executes == null ? ordering() : kept == null ? executes : withSeals(executes, kept);
  }

  /** A replica that went on from kept rows knows the seals before them from the disk. */
  private Execution withSeals(Replica executes, Kept left) {
    return new Execution() {
      @Override
      public @Nullable Sealed sealed(ChainId id, long size) {
        Sealed executed = executes.sealed(id, size);
        return executed == null && id.equals(chain.id()) ? left.seals.get(size) : executed;
      }

      @Override
      public boolean handedOver(ChainId id, long handover) {
        return executes.handedOver(id, handover)
            || left.seals.containsKey(handover) && chain.approvedAt(handover) != null;
      }
    };
  }

  /** Keeps what was executed up to this seal, where what came before is dropped some time. */
  private void keep(Replica executes) {
    Kept before = kept;
    Execution.Sealed seal = executes.sealed(chain.id(), executes.size());
    if (world.settings().keepLogs() || seal == null) {
      return;
    }
    TreeMap<Long, Execution.Sealed> seals = before == null ? new TreeMap<>() : before.seals;
    seals.put(executes.size(), seal);
    if (before == null || world.now() - before.at >= KEEP_MILLIS) {
      kept = new Kept(world.now(), rows.copy(), executes.frontier(), seals);
    }
  }

  /** What the shard's own seats know: they rely on its execution, and on what it has approved. */
  private Execution ordering() {
    return new Execution() {
      @Override
      public @Nullable Sealed sealed(ChainId id, long size) {
        return shard.up() ? chain.sealed(size) : null;
      }

      @Override
      public boolean handedOver(ChainId id, long handover) {
        return chain.approvedAt(handover) != null;
      }
    };
  }

  private void pull() {
    Replica pulls = replica;
    if (pulls == null || pulling) {
      return;
    }
    pulling = true;
    long from = pulls.size();
    send(
        shard,
        () -> shard.leaves(chain.id(), from, answer(shard, entries -> pulled(pulls, entries))));
    after(PULL_AGAIN_MILLIS, () -> pulling = false);
  }

  private void pulled(Replica pulls, List<Entry> entries) {
    if (pulls != replica || !pulling) {
      return;
    }
    pulling = false;
    try {
      for (Entry entry : entries) {
        if (entry.index() == pulls.size()) {
          pulls.execute(entry.bytes());
          if (entry.leaf() instanceof Leaf.Sealed) {
            world.audit().replicated(chain, pulls);
            keep(pulls);
          }
        }
      }
    } catch (OriginUnreachableException later) {
      return; // it asks again with the next request or by its timer
    }
    if (pulls.size() > forgotAt + FORGET_LEAVES) {
      forgotAt = pulls.size();
      pulls.forgetRows();
    }
    Asked waiting = asked;
    if (waiting != null) {
      asked = null;
      addCheckpoint(waiting.request, waiting.answer);
    }
  }
}
