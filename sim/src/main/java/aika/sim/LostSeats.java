package aika.sim;

import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedRecovery;
import aika.core.money.ChainId;
import aika.core.note.VerifierKey;

/**
 * So many representatives of a municipality lose their keys that the others are no quorum: nothing
 * is approved, neither the end of the term nor of those that follow, until the recovery quorum
 * seats others. What waited is theirs to approve.
 */
final class LostSeats extends Actor implements Lasting {
  private static final int BEGINS_MILLIS = 3_500;
  private static final int STEP_MILLIS = 500;

  /** Longer than a term. */
  private static final int VACANT_MILLIS = 5_000;

  private final ChainId town;
  private final long share;
  private long vacantSince;
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
    Chain chain = world.chain(town);
    Row.Term sitting = chain.state().get(new Key.OfTerm(chain.term()));
    if (vacantSince == 0) {
      if (sitting != null) {
        lose(sitting.seats());
      }
    } else if (!over && world.now() >= vacantSince + VACANT_MILLIS) {
      SignedRecovery signed = new RecoveryQuorum(world, town).seatsOthers("keys are lost");
      Shard shard = world.shard(town);
      send(shard, () -> shard.recover(town, signed, answer(shard, this::answered)));
    }
  }

  private void lose(Seats seats) {
    int missing = seats.keys().size() - seats.quorum() + 1;
    for (VerifierKey key : seats.keys().subList(0, missing)) {
      world.lose(key);
    }
    vacantSince = world.now();
    world.keepBack(-share);
    world.diary().happens(world, this, "leave term " + seats.term() + " without a quorum");
  }

  private void answered(Answer answer) {
    if (!over && answer instanceof Answer.Accepted accepted) {
      over = true;
      long waited = accepted.index() - world.chain(town).approvedSize();
      world.counts().did("lost seats: leaves that waited for others", waited);
    }
  }
}
