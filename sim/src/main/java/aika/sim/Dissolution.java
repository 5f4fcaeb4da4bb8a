package aika.sim;

import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.SignedRecovery;
import aika.core.money.ChainId;
import java.util.List;

/**
 * A municipality ends: its recovery quorum closes the chain. What is sent there is declined or runs
 * out, residents take their money away, and the treasuries clear until nobody owes anything.
 */
final class Dissolution extends Actor implements Lasting {
  private static final int BEGINS_MILLIS = 4_000;
  private static final int STEP_MILLIS = 1_000;

  private final ChainId town;
  private final ChainId successor;
  private final List<Wallet> residents;
  private final long share;
  private boolean closed;

  /**
   * @param share transfers that are sent only when it is closed
   */
  Dissolution(World world, ChainId town, ChainId successor, long share) {
    super(world, "dissolution of " + town);
    this.town = town;
    this.successor = successor;
    this.share = share;
    residents = world.wallets().stream().filter(w -> w.account().chain().equals(town)).toList();
  }

  @Override
  public boolean over() {
    return closed;
  }

  @Override
  void started() {
    world.keepBack(share);
    after(BEGINS_MILLIS + random.nextInt(BEGINS_MILLIS), () -> every(STEP_MILLIS, this::step));
  }

  @Override
  void crashed() {}

  private void step() {
    if (closed) {
      others().forEach(this::clear);
    } else {
      SignedRecovery signed = new RecoveryQuorum(world, town).closes(successor, "it is merged");
      Shard shard = world.shard(town);
      send(shard, () -> shard.recover(town, signed, answer(shard, this::answered)));
    }
  }

  private void answered(Answer answer) {
    boolean done =
        answer instanceof Answer.Accepted
            || answer instanceof Answer.Refused refused
                && refused.refusal().reason() == Reason.CHAIN_CLOSED;
    if (done && !closed) {
      closed = true;
      world.counts().did("dissolution: municipalities");
      world.keepBack(-share);
      residents.forEach(resident -> resident.leave(successor, random.nextBoolean()));
    }
  }

  private List<Chain> others() {
    return world.chains().stream()
        .filter(chain -> chain.id().municipal() && !chain.id().equals(town))
        .toList();
  }

  /** Each side writes down for itself what was paid. */
  private void clear(Chain other) {
    world.wallet(Wallet.first(town)).errands().clear(other.id(), 1);
    world.wallet(Wallet.first(other.id())).errands().clear(town, 1);
  }

  @Override
  public String left() {
    for (Wallet resident : residents) {
      if (!resident.gone()) {
        return resident.account() + " has not left";
      }
    }
    for (Chain other : others()) {
      if (owes(world.chain(town), other.id()) || owes(other, town)) {
        return town + " and " + other.id() + " have not cleared";
      }
    }
    return "";
  }

  private static boolean owes(Chain chain, ChainId counterpart) {
    Row.Clearing row = chain.clearing(counterpart);
    return row != null && row.balance().minor() != 0;
  }

  /** Read again from the leaves' text: nothing is there and nothing is owed. */
  void checkNothingOwed() {
    Recount own = world.retention().recount(town);
    Violation.unless(
        own.persons() == 0 && own.openHolds() == 0 && own.balance("~holds") == 0,
        () -> town + " is closed, and " + own.persons() + " are left there");
    for (Chain other : others()) {
      long owed = own.balance("~clearing." + other.id());
      long due = world.retention().recount(other.id()).balance("~clearing." + town);
      Violation.unless(
          owed == 0 && due == 0,
          () -> town + " is closed, and owes " + other.id() + " " + owed + " of " + -due);
    }
  }
}
