package aika.sim;

import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedRecovery;
import aika.core.money.ChainId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * So many representatives of a municipality lose their keys that the others are no quorum: nothing
 * is approved, neither the end of the term nor of those that follow, until the recovery quorum
 * seats others. What waited is theirs to approve. Where the same people sit for the continent, its
 * recovery quorum helps as well.
 */
final class LostSeats extends Actor implements Lasting {
  private static final int BEGINS_MILLIS = 3_500;
  private static final int STEP_MILLIS = 500;

  /** Longer than a term. */
  private static final int VACANT_MILLIS = 5_000;

  private final ChainId town;
  private final long share;
  private final Map<ChainId, Long> vacantSince = new HashMap<>();
  private boolean lost;
  private boolean over;

  /**
   * @param share transfers that are sent only when the seats are lost
   */
  LostSeats(World world, ChainId town, long share) {
    super(world, "lost seats of " + town);
    this.town = town;
    this.share = share;
  }

  @Override
  public boolean over() {
    return over;
  }

  @Override
  void started() {
    world.keepBack(share);
    after(BEGINS_MILLIS, () -> every(STEP_MILLIS, this::step));
  }

  @Override
  void crashed() {}

  private void step() {
    if (!lost) {
      lose();
    } else if (!over) {
      recoverWhenLong(town, this::answered);
    } else {
      for (ChainId id : List.of(town, town.continent())) {
        if (isVacant(world.chain(id))) {
          recoverWhenLong(id, answer -> seated(id, answer));
        } else {
          vacantSince.remove(id);
        }
      }
    }
  }

  private void lose() {
    Chain chain = world.chain(town);
    Row.Term sitting = chain.state().get(new Key.OfTerm(chain.term()));
    if (sitting != null) {
      Seats seats = sitting.seats();
      int missing = seats.keys().size() - seats.quorum() + 1;
      seats.keys().subList(0, missing).forEach(world::lose);
      lost = true;
      world.keepBack(-share);
      world.diary().happens(world, this, "leave term " + seats.term() + " without a quorum");
    }
  }

  /** Whether those who are to approve next cannot. */
  private boolean isVacant(Chain chain) {
    long next = chain.sizeToApprove();
    if (next == 0) {
      return false;
    }
    Seats seats = chain.seatsOf(next);
    return seats.keys().stream().filter(key -> !world.isLost(key)).count() < seats.quorum();
  }

  private void recoverWhenLong(ChainId id, Consumer<Answer> then) {
    long since = vacantSince.computeIfAbsent(id, any -> world.now());
    if (world.now() >= since + VACANT_MILLIS) {
      SignedRecovery signed = new RecoveryQuorum(world, id).seatsOthers("keys are lost");
      Shard shard = world.shard(id);
      send(shard, () -> shard.recover(id, signed, answer(shard, then)));
    }
  }

  private void seated(ChainId id, Answer answer) {
    if (answer instanceof Answer.Accepted && !id.equals(town)) {
      world.counts().did("lost seats: a continent's too");
    }
  }

  private void answered(Answer answer) {
    if (!over && answer instanceof Answer.Accepted accepted) {
      over = true;
      long waited = accepted.index() - world.chain(town).approvedSize();
      world.counts().did("lost seats: leaves that waited for others", waited);
    }
  }
}
