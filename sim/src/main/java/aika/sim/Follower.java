package aika.sim;

import aika.core.follow.Endings;
import aika.core.follow.Outbox;
import aika.core.follow.Outcomes;
import aika.core.follow.Relay;
import aika.core.follow.Request;
import aika.core.follow.Step;
import aika.core.ledger.Action;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows every municipality for one of them with the core's followers, and brings the evidence for
 * its residents' decisions.
 */
final class Follower extends LogReader {
  private static final int TICK_MILLIS = 120;
  private static final int BACKLOG_MILLIS = 1_000;

  /** Small, so that much is set aside. */
  private static final int FRESH_LEAVES_MAX = 40;

  private final Outcomes outcomes;
  private final Endings endings;
  private final Outbox outbox;
  private final Relay relay;
  private final Map<ChainId, Stepping<Outcomes.Reading>> readings = new LinkedHashMap<>();
  private final Map<ChainId, Stepping<Outcomes.Reading>> older = new LinkedHashMap<>();
  private final Stepping<Endings.Look> looks;
  private final Stepping<Step> backlog;
  private final List<Decide> decides = new ArrayList<>();
  private long nextLook;
  private @Nullable LyingRelay liar;

  /** A resident's decision. */
  private record Decide(SignedOrder order, TransferId transfer, Consumer<Answer> answer) {}

  Follower(World world, ChainId self) {
    super(world, "follower of " + self, self);
    endings = new Endings(this, world.directory(), rows);
    outcomes = new Outcomes(this, world.directory(), rows, endings, FRESH_LEAVES_MAX);
    outbox = new Outbox(this, world.directory(), rows);
    relay = new Relay(this, world.directory());
    looks = new Stepping<>(this, this::look, step -> lookAgain(step.then()));
    backlog = new Stepping<>(this, () -> outbox.next(self), step -> {});
  }

  @Override
  void follow(ChainId id) {
    super.follow(id);
    readings.put(id, new Stepping<>(this, () -> outcomes.next(id), step -> read(id, step)));
    older.put(id, new Stepping<>(this, () -> outcomes.older(id), step -> read(id, step)));
  }

  /**
   * Somebody here deals with somebody there: from now on it is followed, from its first leaf on.
   */
  void deal(ChainId id) {
    if (!follows(id)) {
      follow(id);
      approved(id);
    }
  }

  /** From now on this one decides what it carries. */
  void corrupt(LyingRelay by) {
    liar = by;
  }

  /** Another relay takes over, which begins with nothing. */
  void replace() {
    if (liar != null) {
      world.diary().happens(world, this, "is replaced by an honest one");
      world.counts().did("relay: replaced");
      liar = null;
      losesRows();
    }
  }

  @Override
  void ask(Request request, Consumer<@Nullable Reason> then) {
    if (liar == null) {
      super.ask(request, then);
    } else {
      liar.carry(this, request, then);
    }
  }

  @Override
  void started() {
    super.started();
    nextLook = 0;
    every(TICK_MILLIS, this::tick);
    every(BACKLOG_MILLIS, this::workOff);
  }

  private void workOff() {
    backlog.advance();
    older.values().forEach(Stepping::advance);
  }

  @Override
  void crashed() {
    super.crashed();
    readings.values().forEach(Stepping::forget);
    older.values().forEach(Stepping::forget);
    looks.forget();
    backlog.forget();
    decides.clear();
  }

  @Override
  long seen(ChainId id) {
    return outcomes.first(id);
  }

  @Override
  void read(ChainId id) {
    Stepping<Outcomes.Reading> reading = readings.get(id);
    if (reading != null) {
      reading.advance();
    }
  }

  private void read(ChainId id, Outcomes.Reading step) {
    forget(id);
    lookAgain(step.soonest().getOrDefault(self, Long.MAX_VALUE));
  }

  private void lookAgain(long time) {
    nextLook = Math.min(nextLook, time);
  }

  private Endings.@Nullable Look look() {
    long from = nextLook;
    if (from > world.now()) {
      return null;
    }
    nextLook = Long.MAX_VALUE;
    return endings.next(self, from, world.now());
  }

  @Override
  long needs(ChainId id) {
    rows.sync();
    long[] oldest = {seen(id)};
    endings.waiting(
        self,
        transfer -> {
          if (transfer.origin().equals(id)) {
            oldest[0] = Math.min(oldest[0], transfer.index());
          }
        });
    outbox.waiting(
        self,
        (decider, leaf) -> {
          if (decider.equals(id)) {
            oldest[0] = Math.min(oldest[0], leaf);
          }
        });
    return oldest[0];
  }

  /** A resident's receive or reject; what it refers to is looked up here. */
  void decide(SignedOrder order, TransferId transfer, Consumer<Answer> answer) {
    deal(transfer.origin());
    decides.add(new Decide(order, transfer, answer));
  }

  private void tick() {
    looks.advance();
    if (home.up()) {
      Map<ChainId, List<Decide>> approved = new LinkedHashMap<>();
      for (Decide decide : decides) {
        ChainId origin = decide.transfer.origin();
        if (decide.transfer.index() < followed(origin).approvedSize()) { // or the wallet asks again
          approved.computeIfAbsent(origin, any -> new ArrayList<>()).add(decide);
        }
      }
      decides.clear();
      approved.forEach(this::decide);
    }
  }

  private void decide(ChainId origin, List<Decide> about) {
    long needed = about.stream().mapToLong(one -> one.transfer.index()).max().orElseThrow() + 1;
    Relay.Cover cover = relay.cover(self, origin, needed);
    if (cover == null) {
      return;
    }
    List<Runnable> orders = new ArrayList<>();
    for (Action.RecordCheckpoint first : cover.first()) {
      SignedCheckpoint signed = approval(first);
      orders.add(() -> home.record(self, first, signed, ignored -> {}));
    }
    for (Decide one : about) {
      long index = one.transfer.index();
      Action.Proof proof = origin.equals(self) ? null : followed(origin).proof(index, cover.size());
      Action.Citation right = new Action.Citation(index, cover.size(), proof);
      Action.Citation citation = liar == null ? right : liar.cited(right);
      if (citation != null) {
        orders.add(() -> home.submit(one.order, citation, one.answer));
      }
    }
    send(home, () -> orders.forEach(Runnable::run));
  }
}
