package aika.sim;

import aika.core.approval.Execution;
import aika.core.follow.TermEnd;
import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Offer;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.transfer.Protocol;
import aika.core.transfer.Siblings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One chain on the shard that orders it. Leaves, tree and approvals are on disk and survive a
 * crash; the state does not and is executed again from the last snapshot.
 */
final class Chain {
  /** A leaf that seats others is followed by its block's seal. */
  private static final long HANDOVER_FROM_THE_END = 2;

  private static final int ROWS_MIN = 2_000;

  private final ChainId id;
  private final World world;
  private final Protocol protocol;
  private MerkleTree tree = new MerkleTree();
  private final List<Entry> entries = new ArrayList<>();
  private final TreeMap<Long, SignedCheckpoint> approvals = new TreeMap<>();

  /** Leaves that seated somebody, kept for those who follow from the beginning. */
  private final TreeMap<Long, Entry> handovers = new TreeMap<>();

  /** Blocks that end with a recovery: their first leaf, and the size behind them. */
  private final TreeMap<Long, Long> recoveredBlocks = new TreeMap<>();

  private @Nullable Corruption corruption;
  private long firstKept;
  private MemoryState state = new MemoryState();
  private TreeMap<Long, Execution.Sealed> seals = new TreeMap<>();
  private Frontier executed = new Frontier();
  private Snapshot snapshot = new Snapshot(new MemoryState(), new TreeMap<>(), new Frontier());
  private int rowsAtForget = ROWS_MIN;

  /** Leaves of which nobody outside has heard; null where each is looked at when it is written. */
  private @Nullable ArrayDeque<Written> unheard;

  private record Written(Entry entry, Row.Head head, long at) {}

  private record Snapshot(
      MemoryState state, TreeMap<Long, Execution.Sealed> seals, Frontier executed) {}

  Chain(ChainId id, World world, Siblings siblings) {
    this.id = id;
    this.world = world;
    this.protocol = new Protocol(id, world.directory(), world.sabotage().siblings(siblings));
  }

  ChainId id() {
    return id;
  }

  MemoryState state() {
    return state;
  }

  /** From now on it is executed as its corrupt leader wants. */
  void corrupt(Corruption by) {
    corruption = by;
  }

  MerkleTree tree() {
    return tree;
  }

  long size() {
    return tree.size();
  }

  Row.@Nullable Latest latest(ChainId origin) {
    return state.get(new Key.OfLatest(origin));
  }

  Row.@Nullable Clearing clearing(ChainId counterpart) {
    return state.get(new Key.OfClearing(counterpart));
  }

  /** A resident's balance in minor units; 0 without an account. */
  long balance(AccountId account) {
    Row.Account row = state.get(new Key.OfAccount(account));
    return row == null ? 0 : row.balance().minor();
  }

  /** Executes a command, and seals a block that is full with it. */
  Applied apply(Command command) {
    Applied honest = world.sabotage().execute(protocol, state, command);
    Applied applied =
        corruption == null
            ? honest
            : corruption.execute(protocol, state, command, honest, tree.size());
    if (applied instanceof Applied.Accepted accepted) {
      keep(accepted);
      Row.Head head = state.head();
      if (head != null
          && head.blockLeaves() >= head.policy().blockEntries()
          && !(command.action() instanceof Action.Seal)) {
        apply(new Command(command.time(), new Action.Seal(head.height() + 1)));
      }
    }
    return applied;
  }

  private void keep(Applied.Accepted accepted) {
    state.write(accepted.writes());
    Row.Head head = state.head();
    if (head == null) {
      throw new Violation(id + " has no head");
    }
    for (Entry entry : accepted.entries()) {
      executed.append(entry.hash());
      if (entry.index() < tree.size()) {
        boolean same = tree.node(0, entry.index()).equals(entry.hash());
        Violation.unless(same, () -> id + " replays leaf " + entry.index() + " differently");
      } else {
        tree.append(entry.hash());
        entries.add(entry);
        world.diary().leaf(world, id, entry);
        Written written = new Written(entry, head, world.now());
        if (unheard == null) {
          heard(written);
        } else {
          unheard.add(written);
        }
      }
      if (entry.leaf() instanceof Leaf.Elected || entry.leaf() instanceof Leaf.Recovered) {
        handovers.put(entry.index(), entry);
      }
      if (entry.leaf() instanceof Leaf.Sealed sealed) {
        Row.Term term = Objects.requireNonNull(state.get(new Key.OfTerm(sealed.term())));
        Entry before = handovers.get(entry.index() - 1);
        if (before != null && before.leaf() instanceof Leaf.Recovered) {
          recoveredBlocks.put(sealed.first(), executed.size());
        }
        long handover = term.recovered() ? sizeWith(term.first()) : term.first();
        seals.put(
            executed.size(),
            new Execution.Sealed(
                executed.root(),
                sealed.time(),
                term.seats(),
                handover == executed.size() ? 0 : handover));
      }
    }
  }

  private void heard(Written written) {
    Entry entry = written.entry;
    if (world.sabotage().audits()) {
      world.audit().applied(id, entry, written.head, written.at);
    }
    world.dealt(id, entry);
    if (entry.leaf() instanceof Leaf.Recorded recorded) {
      world.recorded(id, entry.index(), recorded);
    }
    if (entry.leaf() instanceof Leaf.Conflicting conflicting) {
      world.convicted(id, conflicting.origin());
    }
  }

  /** From now on, which is the beginning, it may lose what is not approved. */
  void mayLose() {
    unheard = new ArrayDeque<>();
  }

  /** Whether what stands there is there for good. */
  boolean isFinal(long index) {
    return unheard == null || index < approvedSize();
  }

  /** Its disk is lost, and others hold so many leaves, up to a seal. */
  void keepOnly(long size) {
    MerkleTree rest = new MerkleTree();
    List<Entry> kept = entries.subList(0, Math.toIntExact(size));
    kept.forEach(entry -> rest.append(entry.hash()));
    List<Entry> lost = entries.subList(kept.size(), entries.size());
    long orders = lost.stream().filter(entry -> entry.leaf() instanceof Leaf.Executed).count();
    world.counts().did("disks: leaves lost", lost.size());
    world.counts().did("disks: accepted orders lost", orders);
    lost.clear();
    tree = rest;
    handovers.tailMap(size).clear();
    recoveredBlocks.values().removeIf(end -> end > size);
    Objects.requireNonNull(unheard).removeIf(written -> written.entry.index() >= size);
  }

  /** The size of the approval before the last one. */
  long approvedBefore() {
    Long before = approvals.lowerKey(approvedSize());
    return before == null ? 0 : before;
  }

  /** Leaves executed, while it is executed again. */
  long executedSize() {
    return executed.size();
  }

  /** The seal at this size, or null. */
  Execution.@Nullable Sealed sealed(long size) {
    return seals.get(size);
  }

  /**
   * The size that is to be approved next, 0 for none: the newest sealed one, but before it the last
   * one of each term, since others believe the seats of a term until then.
   */
  long sizeToApprove() {
    long approved = approvedSize();
    long next = seals.isEmpty() ? 0 : seals.lastKey();
    Row.Head head = state.head();
    if (next <= approved || head == null) {
      return 0;
    }
    for (long term = head.term(); ; term--) {
      Row.Term row = Objects.requireNonNull(state.get(new Key.OfTerm(term)));
      long handover = row.recovered() ? sizeWith(row.first()) : row.first();
      if (handover <= approved) {
        return next;
      }
      next = handover;
      if (row.recovered()) {
        return next; // those before it are believed no more
      }
    }
  }

  /** Who approves a sealed size. */
  Seats seatsOf(long size) {
    Execution.Sealed sealed = seals.get(size);
    if (sealed == null) {
      throw new Violation(id + " has no seal at " + size);
    }
    return sealed.seats();
  }

  /** The sitting term; 0 before the first leaf. */
  long term() {
    Row.Head head = state.head();
    return head == null ? 0 : head.term();
  }

  /** How many stand for the next term. */
  int candidates() {
    Row.Candidates row = state.get(new Key.OfCandidates());
    return row == null || row.term() != term() ? 0 : row.accounts().size();
  }

  /** How a term ended; null while it sits, or when its end is not approved yet. */
  @Nullable TermEnd termEnd(long term) {
    return TermEnd.of(state, term, this::sizeWith, this::approvedAt);
  }

  /** Whether its recovery quorum has seated this term, or one from which it descends. */
  boolean recovered(long term) {
    for (Entry handover : handovers.values()) {
      if (handover.leaf() instanceof Leaf.Recovered leaf
          && leaf.recovery().recovery() instanceof Recovery.Seat seat
          && seat.set().term() <= term) {
        return true;
      }
    }
    return false;
  }

  private long sizeWith(long first) {
    return recoveredBlocks.getOrDefault(first, 0L);
  }

  /** The checkpoint of a sealed size. */
  Checkpoint checkpoint(long size) {
    Execution.Sealed sealed = seals.get(size);
    if (sealed == null) {
      throw new Violation(id + " has no seal at " + size);
    }
    return new Checkpoint(world.directory().origin(id), size, sealed.root());
  }

  void approve(SignedCheckpoint signed) {
    approvals.put(signed.checkpoint().size(), signed);
    seals.headMap(signed.checkpoint().size()).clear();
    if (unheard != null) {
      while (!unheard.isEmpty() && isFinal(unheard.getFirst().entry.index())) {
        heard(unheard.removeFirst());
      }
    }
  }

  @Nullable SignedCheckpoint approved() {
    return approvals.isEmpty() ? null : approvals.lastEntry().getValue();
  }

  @Nullable SignedCheckpoint approvedAt(long size) {
    return approvals.get(size);
  }

  /** The first approval behind this size, or null. */
  @Nullable SignedCheckpoint approvedBehind(long size) {
    Map.Entry<Long, SignedCheckpoint> next = approvals.higherEntry(size);
    return next == null ? null : next.getValue();
  }

  long approvedSize() {
    return approvals.isEmpty() ? 0 : approvals.lastKey();
  }

  /** Entries from an index on, at most so many and none at or behind {@code end}. */
  List<Entry> entries(long from, long end, int most) {
    long to = Math.min(Math.min(end, firstKept + entries.size()), from + most);
    if (from < firstKept) {
      throw new Violation(id + " leaf " + from + " is needed but was dropped");
    }
    return from >= to
        ? List.of()
        : List.copyOf(entries.subList((int) (from - firstKept), (int) (to - firstKept)));
  }

  Action.Proof proof(long index, long size) {
    Entry handover = handovers.get(index);
    Entry entry = handover == null ? entries(index, size, 1).getFirst() : handover;
    return new Action.Proof(entry.bytes(), Proofs.inclusion(index, size, tree));
  }

  long firstKept() {
    return firstKept;
  }

  /** What a leaf offers; null when it offers nothing or is not there. */
  @Nullable Offer offer(long index) {
    if (index < firstKept || index >= size()) {
      return null;
    }
    Entry entry = entries(index, size(), 1).getFirst();
    return entry.leaf().offer(new TransferId(id, index), entry.hash());
  }

  /**
   * The first leaf that a follower's chain may still cite, or show with a later record of this one:
   * behind what it has recorded last, but not behind the hand-over that it has to hear of next.
   */
  long neededBy(Chain follower) {
    if (follower == this) {
      return size(); // nobody records itself
    }
    Row.Latest latest = follower.latest(id);
    Row.Sitting row = follower.state.get(new Key.OfSitting(id));
    TermEnd next = termEnd(Row.Sitting.of(row, world.directory().entry(id)).seats().term());
    long recorded = latest == null ? 0 : latest.size();
    return next == null ? recorded : Math.min(recorded, next.index());
  }

  /** Drops the leaves below {@code to}, and the approvals that nobody asks for any more. */
  List<Entry> drop(long to) {
    List<Entry> head = entries.subList(0, (int) (to - firstKept));
    List<Entry> dropped = List.copyOf(head);
    head.clear();
    firstKept = to;
    approvals
        .headMap(Math.min(to, approvedSize()))
        .keySet()
        .removeIf(size -> !handovers.containsKey(size - HANDOVER_FROM_THE_END));
    return dropped;
  }

  void takeSnapshot() {
    if (state.size() >= 2 * rowsAtForget) {
      state.forget();
      rowsAtForget = Math.max(ROWS_MIN, state.size());
    }
    snapshot = new Snapshot(state.copy(), new TreeMap<>(seals), executed.copy());
  }

  void restore() {
    state = snapshot.state.copy();
    seals = new TreeMap<>(snapshot.seals);
    executed = snapshot.executed.copy();
  }

  /** After a replay: everything that anybody saw must be there again. */
  void checkReplayed() {
    Violation.unless(
        executed.size() == tree.size() && executed.root().equals(tree.root()),
        () -> id + " lost leaves: " + executed.size() + " of " + tree.size() + " came back");
  }

  Hash root() {
    return tree.root();
  }
}
