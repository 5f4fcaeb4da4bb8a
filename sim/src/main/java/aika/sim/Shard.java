package aika.sim;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.ledger.SignedRecovery;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.OrderId;
import aika.core.note.MalformedException;
import aika.core.transfer.Authorization;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A leader: orders commands of its chains into one journal, executes them, answers. */
final class Shard extends Actor {
  /** Unapproved leaves of a chain with which it still accepts people's orders. */
  private static final long UNAPPROVED_MAX = 400;

  private static final int BLOCK_MILLIS = 250;
  private static final int SYNC_MILLIS_MAX = 4;
  private static final int FEED_ENTRIES_MAX = 1_000;
  private static final int SNAPSHOT_COMMANDS = 2_000;

  private final Map<ChainId, Chain> chains = new LinkedHashMap<>();
  private final Map<ChainId, Approval> approvals = new LinkedHashMap<>();
  private final List<Reader> readers = new ArrayList<>();
  private final Journal journal;
  private final ArrayDeque<Ordered> ordered = new ArrayDeque<>();
  private final Set<ChainId> seating = new HashSet<>();
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private boolean syncing;
  private long clockOffset;
  private boolean clockHeld;
  private boolean losable;

  private record Ordered(Chain chain, Command command, Consumer<Answer> answer) {}

  /** Who wants to know of newly approved leaves. */
  interface Reader {
    Actor actor();

    void approved(ChainId chain);
  }

  /** Approved leaves in order, and the approval that covers them. */
  record Feed(long from, List<Entry> entries, @Nullable SignedCheckpoint approved) {}

  Shard(World world, String name, List<ChainId> ids) {
    super(world, name);
    this.journal = new Journal(world.sabotage());
    for (ChainId id : ids) {
      Chain chain = new Chain(id, world, this::sibling);
      chains.put(id, chain);
      approvals.put(id, new Approval(this, chain));
    }
  }

  @Override
  ChainId place() {
    return chains.keySet().iterator().next();
  }

  private @Nullable LedgerState sibling(ChainId id) {
    Chain chain = chains.get(id);
    return chain == null ? null : chain.state();
  }

  Chain chain(ChainId id) {
    Chain chain = chains.get(id);
    if (chain == null) {
      throw new IllegalArgumentException(id + " is not on " + name);
    }
    return chain;
  }

  Set<ChainId> ids() {
    return chains.keySet();
  }

  boolean hosts(ChainId id) {
    return chains.containsKey(id);
  }

  void seat(ChainId id, List<Representative> representatives) {
    approval(id).seat(representatives);
  }

  void addReader(Reader reader) {
    readers.add(reader);
  }

  /** Sets the clock this much ahead of the right time, ms. */
  void setClock(long offset) {
    if (clockHeld) {
      return;
    }
    if (offset != clockOffset) {
      world.diary().happens(world, this, "has its clock set " + offset + " ms ahead");
    }
    clockOffset = offset;
  }

  /** Its clock is wrong by this, ms, whoever wants to set it. */
  void holdClock(long offset) {
    setClock(offset);
    clockHeld = true;
  }

  /** Its clock is right again. */
  void releaseClock() {
    clockHeld = false;
    setClock(0);
  }

  private long clock() {
    return world.now() + clockOffset;
  }

  @Override
  void started() {
    chains.values().forEach(Chain::restore);
    journal.replay((id, command) -> chain(id).apply(command));
    for (Chain chain : chains.values()) {
      chain.checkReplayed();
      if (chain.state().head() == null) {
        order(chain, new Action.Genesis(world.directory().fileHash()), Shard::ignore);
      }
      sealLater(chain);
    }
    every(400, () -> approvals.values().forEach(Approval::advance));
  }

  @Override
  void crashed() {
    ordered.clear();
    seating.clear();
    held.clear();
    syncing = false;
    journal.crash(random);
    approvals.values().forEach(Approval::forget);
  }

  /** Whether its disk may be lost; all that its journal says is kept then. */
  void mayLose() {
    losable = true;
    chains.values().forEach(Chain::mayLose);
  }

  /** Leaves that are not approved. */
  long unapproved() {
    return chains.values().stream().mapToLong(chain -> chain.size() - chain.approvedSize()).sum();
  }

  /**
   * With a new disk each chain is built again from what others hold: all that is approved, and as
   * far as a separate cosigner has signed. What followers have read went with the disk.
   */
  void rebuild() {
    Map<ChainId, Long> held = new LinkedHashMap<>();
    for (Chain chain : chains.values()) {
      long all = Math.max(chain.approvedSize(), approval(chain.id()).signedElsewhere());
      long size = world.sabotage().rebuilds(all, chain.approvedBefore());
      held.put(chain.id(), size);
      chain.keepOnly(size);
      chain.restore();
    }
    journal.keepOnly((id, command) -> {
      Chain chain = chain(id);
      boolean there = chain.executedSize() < held.getOrDefault(id, 0L);
      if (there) {
        chain.apply(command);
      }
      return there;
    });
    for (Chain chain : chains.values()) {
      approval(chain.id()).rebuilt();
      world.follower(chain.id()).losesRows();
    }
  }

  /** A person's order; {@code citation} is the gateway's evidence for it. */
  void submit(SignedOrder signed, Action.@Nullable Citation citation, Consumer<Answer> answer) {
    ChainId id = signed.order().chain();
    if (citation != null && holds(id, () -> submit(signed, citation, answer))) {
      return;
    }
    Chain chain = chains.get(id);
    if (chain == null) {
      refuse(Reason.WRONG_CHAIN, id.value(), answer);
      return;
    }
    if (chain.size() - chain.approvedSize() > UNAPPROVED_MAX) {
      refuse(Reason.BUSY, id.value(), answer);
      return;
    }
    Row.Account row = chain.state().get(new Key.OfAccount(signed.order().account()));
    Row.Account account = row == null ? null : row.at(clock());
    switch (world.authorization().check(signed, account)) {
      case Authorization.Verdict.Valid valid ->
          order(chain, new Action.Submit(signed, valid.key(), clock(), citation), answer);
      case Authorization.Verdict.Invalid invalid ->
          refuse(invalid.refusal().reason(), invalid.refusal().detail(), answer);
    }
  }

  /** Another chain's checkpoint, with the cosignatures that approve it. */
  void record(
      ChainId id,
      Action.RecordCheckpoint record,
      SignedCheckpoint signed,
      Consumer<Answer> answer) {
    if (holds(id, () -> record(id, record, signed, answer))) {
      return;
    }
    Seats seats = approving(chain(id), record);
    boolean approved =
        seats != null
            && signed.checkpoint().equals(record.checkpoint())
            && seats.approvedAt(signed, world.keys()).isPresent();
    if (approved || world.sabotage().recordsUnapproved()) {
      order(chain(id), record, answer);
      if (record.handover() != null) {
        seating.add(id);
      }
    } else {
      refuse(Reason.NOT_APPROVED, record.origin().value(), answer);
    }
  }

  /** A corrupt leader's: whoever approved it or not. */
  void recordUnchecked(ChainId id, Action.RecordCheckpoint record, Consumer<Answer> answer) {
    order(chain(id), record, answer);
  }

  /**
   * The seats whose approval a record claims: those whom the chain believes, or those whom the
   * record's hand-over seats; null when there are none. Execution checks the hand-over itself.
   */
  private @Nullable Seats approving(Chain chain, Action.RecordCheckpoint record) {
    Row.Sitting row = chain.state().get(new Key.OfSitting(record.origin()));
    Seats sitting = row == null ? world.directory().entry(record.origin()).seats() : row.seats();
    Action.Handover handover = record.handover();
    try {
      Leaf leaf = handover == null ? null : LeafText.parse(handover.proof().leaf());
      if (leaf instanceof Leaf.Recovered decided
          && !world.authorization().recovered(decided.recovery())) {
        return null;
      }
      Seats next =
          switch (leaf) {
            case Leaf.Elected elected -> elected.seats();
            case Leaf.Recovered decided
                when decided.recovery().recovery() instanceof Recovery.Seat seat ->
                seat.set();
            case null, default -> null;
          };
      if (next != null && next.term() == record.term()) {
        return next;
      }
      return record.term() == sitting.term() ? sitting : null;
    } catch (MalformedException notALeaf) {
      return null;
    }
  }

  /** A proof that another chain's seats signed two histories. */
  void convict(ChainId id, Action.Convict convict, Consumer<Answer> answer) {
    if (holds(id, () -> convict(id, convict, answer))) {
      return;
    }
    Row.Sitting row = chain(id).state().get(new Key.OfSitting(convict.origin()));
    Row.Sitting sitting = Row.Sitting.of(row, world.directory().entry(convict.origin()));
    Seats seats = sitting.convictable(convict.term(), clock());
    if (seats == null) {
      refuse(Reason.TERM_OVER, convict.origin().value(), answer);
    } else if (world.authorization().convicted(convict.proof(), seats)) {
      order(chain(id), convict, answer);
    } else {
      refuse(Reason.NOT_APPROVED, convict.origin().value(), answer);
    }
  }

  void recover(ChainId id, SignedRecovery recovery, Consumer<Answer> answer) {
    if (world.authorization().recovered(recovery)) {
      order(chain(id), new Action.Recover(recovery), answer);
    } else {
      refuse(Reason.BAD_SIGNATURE, id.value(), answer);
    }
  }

  void conclude(ChainId id, Action.Conclude conclude, Consumer<Answer> answer) {
    if (!holds(id, () -> conclude(id, conclude, answer))) {
      order(chain(id), conclude, answer);
    }
  }

  void settle(ChainId id, Action.Settle settle, Consumer<Answer> answer) {
    if (!holds(id, () -> settle(id, settle, answer))) {
      order(chain(id), settle, answer);
    }
  }

  /**
   * Whether a request waits, in its turn, for a hand-over that this chain has ordered: only then is
   * it known whose approval counts.
   */
  private boolean holds(ChainId id, Runnable request) {
    return seating.contains(id) && held.add(request);
  }

  /**
   * What is known of an order.
   *
   * @param index its leaf, or -1 when there is none
   * @param time the chain's; what was to be ordered before never will be
   */
  record Known(long index, long time) {}

  void lookUp(AccountId account, OrderId id, Consumer<Known> answer) {
    LedgerState state = chain(account.chain()).state();
    Row.Ordered row = state.get(new Key.OfOrder(account, id));
    Row.Head head = state.head();
    answer.accept(new Known(row == null ? -1 : row.index(), head == null ? 0 : head.time()));
  }

  /** Leaves that are approved, for followers. */
  void feed(ChainId id, long from, Consumer<Feed> answer) {
    Chain chain = chain(id);
    if (from >= chain.firstKept()) { // a request that was on its way for long asks for less
      List<Entry> entries = chain.entries(from, chain.approvedSize(), FEED_ENTRIES_MAX);
      answer.accept(new Feed(from, entries, chain.approved()));
    }
  }

  /** Leaves that are durable, for cosigners. */
  void leaves(ChainId id, long from, Consumer<List<Entry>> answer) {
    Chain chain = chain(id);
    if (from >= chain.firstKept()) {
      answer.accept(chain.entries(from, chain.size(), FEED_ENTRIES_MAX));
    }
  }

  private static void ignore(Answer answer) {}

  private void refuse(Reason reason, String detail, Consumer<Answer> answer) {
    world.counts().refused(reason);
    answer.accept(new Answer.Refused(Refusal.of(reason, detail)));
  }

  private void order(Chain chain, Action action, Consumer<Answer> answer) {
    Command command = new Command(clock(), action);
    journal.append(chain.id(), command);
    ordered.add(new Ordered(chain, command, answer));
    if (!world.sabotage().answersAfterSync()) {
      executeOrdered();
    }
    if (!syncing) {
      syncing = true;
      after(1 + random.nextInt(SYNC_MILLIS_MAX), this::sync);
    }
  }

  private void sync() {
    syncing = false;
    journal.sync();
    executeOrdered();
    boolean many = journal.size() >= SNAPSHOT_COMMANDS && !losable;
    if (ordered.isEmpty() && many && world.sabotage().syncs()) {
      journal.clear();
      chains.values().forEach(Chain::takeSnapshot);
    }
  }

  private void executeOrdered() {
    for (Ordered next = ordered.poll(); next != null; next = ordered.poll()) {
      Applied applied = next.chain.apply(next.command);
      if (applied instanceof Applied.Refused refused) {
        Reason why = refused.refusal().reason();
        world.diary().refused(world, next.chain.id(), next.command.action(), why);
      }
      next.answer.accept(answer(applied));
      if (applied instanceof Applied.Accepted) {
        sealLater(next.chain);
      }
    }
    approvals.values().forEach(Approval::advanceIfIdle);
    seating.clear();
    List<Runnable> next = List.copyOf(held);
    held.clear();
    next.forEach(Runnable::run);
  }

  private Answer answer(Applied applied) {
    return switch (applied) {
      case Applied.Accepted accepted -> new Answer.Accepted(accepted.first().index());
      case Applied.Repeated repeated -> {
        world.counts().repeated++;
        yield new Answer.Repeated(repeated.index());
      }
      case Applied.Refused refused -> {
        world.counts().refused(refused.refusal().reason());
        yield new Answer.Refused(refused.refusal());
      }
    };
  }

  /** Sees to it that the open block is sealed in time, however few leaves it gets. */
  private void sealLater(Chain chain) {
    Row.Head head = chain.state().head();
    if (head == null || head.sealed() || approval(chain.id()).sealAsked() > head.height()) {
      return;
    }
    long height = head.height() + 1;
    approval(chain.id()).askSeal(height);
    after(BLOCK_MILLIS, () -> seal(chain, height));
  }

  private void seal(Chain chain, long height) {
    Row.Head head = chain.state().head();
    if (head != null && head.height() + 1 == height && !head.sealed()) {
      order(chain, new Action.Seal(height), Shard::ignore);
    }
  }

  private Approval approval(ChainId id) {
    Approval approval = approvals.get(id);
    if (approval == null) {
      throw new IllegalArgumentException(id + " is not on " + name);
    }
    return approval;
  }

  /** A quorum approved: kept on disk, then told. */
  void approved(Chain chain, SignedCheckpoint signed) {
    world.audit().approved(chain, signed.checkpoint());
    chain.approve(signed);
    world.diary().approved(world, chain.id(), signed.checkpoint().size());
    for (Reader reader : readers) {
      send(reader.actor(), () -> reader.approved(chain.id()));
    }
  }
}
