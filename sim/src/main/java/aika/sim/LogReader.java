package aika.sim;

import aika.core.follow.Chains;
import aika.core.follow.Request;
import aika.core.ledger.Action;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Reason;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A place where followers run for one chain: they pull logs, keep rows, and ask their chain. */
abstract class LogReader extends Actor implements Shard.Reader, Chains {
  final ChainId self;
  final Shard home;
  final LossyRows rows;
  private final Chain chain;
  private final Map<ChainId, PulledLog> logs = new LinkedHashMap<>();

  /** Chains of which another history is shown here: what their shards say does not continue it. */
  private final Set<ChainId> misled = new HashSet<>();

  LogReader(World world, String name, ChainId self) {
    super(world, name);
    this.self = self;
    this.home = world.shard(self);
    this.rows = new LossyRows(world.sabotage());
    this.chain = home.chain(self);
  }

  @Override
  ChainId place() {
    return self;
  }

  void follow(ChainId id) {
    Shard shard = world.shard(id);
    logs.put(id, new PulledLog(this, shard, id));
    shard.addReader(this);
  }

  final boolean follows(ChainId id) {
    return logs.containsKey(id);
  }

  /** From now on it is shown another history of this chain, which only begins like the log. */
  final void mislead(ChainId about) {
    misled.add(about);
  }

  final boolean misled(ChainId about) {
    return misled.contains(about);
  }

  /** Drops all that it has read, and copies the history that the recovery quorum has chosen. */
  final void beginAnew(ChainId about) {
    if (misled.remove(about)) {
      world.diary().happens(world, this, "begins anew with " + about);
      losesRows();
    }
  }

  /** Begins again with nothing. */
  final void losesRows() {
    crash();
    rows.wipe();
    restart();
  }

  /** The first leaf of a chain of which the rows do not say that it was dealt with. */
  abstract long seen(ChainId id);

  /** More leaves of a chain have come, or its approval has grown. */
  abstract void read(ChainId id);

  /** Leaves of {@code id} from this one on are still needed, also after a crash from now on. */
  abstract long needs(ChainId id);

  @Override
  public final Actor actor() {
    return this;
  }

  @Override
  public final void approved(ChainId id) {
    PulledLog log = logs.get(id);
    if (log != null) {
      log.pull();
    }
  }

  @Override
  void started() {
    logs.forEach((id, log) -> log.reset(seen(id)));
    every(2_000, () -> logs.values().forEach(PulledLog::pull));
  }

  @Override
  void crashed() {
    rows.crash(random);
  }

  final void forget(ChainId id) {
    followed(id).forget(seen(id));
  }

  @Override
  public final @Nullable PulledLog log(ChainId id) {
    PulledLog log = logs.get(id);
    Violation.unless(
        log != null || !world.settings().followsAll(), () -> self + " does not follow " + id);
    return log;
  }

  final PulledLog followed(ChainId id) {
    PulledLog log = logs.get(id);
    if (log == null) {
      throw new Violation(self + " does not follow " + id);
    }
    return log;
  }

  @Override
  public final @Nullable LedgerState served(ChainId id) {
    return id.equals(self) ? chain.state() : null;
  }

  /** Puts a request to the own chain: mostly at once, sometimes in pieces that overtake others. */
  void ask(Request request, Consumer<@Nullable Reason> then) {
    List<Action> actions = new ArrayList<>();
    for (Action action : request.actions()) {
      Action relayed = world.sabotage().relays(repeating(action));
      if (relayed != null) {
        actions.add(relayed);
      }
    }
    Consumer<Answer> last = answer(home, given -> then.accept(reason(given)));
    if (world.faulty() && random.nextInt(10) == 0) {
      actions.forEach(action -> put(List.of(action), last));
    } else if (!actions.isEmpty()) {
      put(actions, last);
    }
  }

  private void put(List<Action> actions, Consumer<Answer> last) {
    List<Runnable> asked = new ArrayList<>();
    for (Action action : actions) {
      boolean counts = !(action instanceof Action.RecordCheckpoint) || !self.municipal();
      Consumer<Answer> answer = counts ? last : ignored -> {};
      asked.add(
          switch (action) {
            case Action.RecordCheckpoint record -> {
              SignedCheckpoint signed = approval(record);
              yield () -> home.record(self, record, signed, answer);
            }
            case Action.Settle settle -> () -> home.settle(self, settle, answer);
            case Action.Conclude conclude -> () -> home.conclude(self, conclude, answer);
            case Action.Genesis genesis -> throw new Violation("no follower starts a chain");
            case Action.Submit submit -> throw new Violation("no follower gives orders");
            case Action.Seal seal -> throw new Violation("no follower seals");
            case Action.Recover recover -> throw new Violation("no follower recovers a chain");
            case Action.Convict convict -> throw new Violation("no follower has seen a conflict");
          });
    }
    send(home, () -> asked.forEach(Runnable::run));
  }

  /** What the record was just made of, with the signatures that go with it. */
  final SignedCheckpoint approval(Action.RecordCheckpoint record) {
    SignedCheckpoint signed = followed(record.origin()).approvedAt(record.checkpoint().size());
    if (signed == null || !signed.checkpoint().equals(record.checkpoint())) {
      throw new Violation(self + " records what it has not read of " + record.origin());
    }
    return signed;
  }

  /** Now and then an outcome stands twice in a batch. */
  private Action repeating(Action action) {
    boolean repeats =
        action instanceof Action.Settle settle
            && settle.items().size() < Action.SETTLE_ITEMS_MAX
            && world.faulty()
            && random.nextInt(10) == 0;
    if (!repeats) {
      return action;
    }
    Action.Settle settle = (Action.Settle) action;
    List<Action.Item> items = new ArrayList<>(settle.items());
    items.add(items.get(random.nextInt(items.size())));
    return new Action.Settle(settle.from(), settle.recorded(), items);
  }

  static @Nullable Reason reason(Answer answer) {
    return switch (answer) {
      case Answer.Accepted accepted -> null;
      case Answer.Repeated repeated -> null;
      case Answer.Refused refused -> refused.refusal().reason();
    };
  }
}
