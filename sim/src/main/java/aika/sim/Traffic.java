package aika.sim;

import aika.core.ledger.Order;
import aika.core.money.AccountId;
import aika.core.money.Money;
import java.util.ArrayList;
import java.util.List;

/** Makes residents send to each other: at home, on the continent, anywhere. */
final class Traffic extends Actor {
  private static final int TICK_MILLIS = 20;
  private static final int AMOUNT_MINOR_MAX = 6_000;

  private long inFlight;

  Traffic(World world) {
    super(world, "traffic");
  }

  @Override
  void started() {
    after(TICK_MILLIS, this::tick);
  }

  @Override
  void crashed() {}

  /** Whether enough transfers were sent. */
  boolean done() {
    return world.counts().sent >= world.settings().transfers();
  }

  private void tick() {
    double expected = world.settings().sendsPerSecond() * TICK_MILLIS / 1000.0;
    int count = (int) expected + (random.nextDouble() < expected % 1 ? 1 : 0);
    for (int i = 0; i < count; i++) {
      long wanted = world.counts().sent + inFlight;
      if (wanted < world.settings().transfers() - world.keptBack()) {
        start();
      }
    }
    if (!done()) {
      after(world.pace() * TICK_MILLIS, this::tick);
    }
  }

  private void start() {
    List<Wallet> wallets = world.wallets();
    int sender = random.nextInt(wallets.size());
    Wallet from = wallets.get(sender);
    Wallet to = receiver(wallets, sender);
    if (from.ready() && random.nextInt(25) == 0) {
      from.errands().one();
    }
    if (from.ready() && random.nextInt(40) == 0) {
      batch(wallets, sender);
    } else if (from.ready() && to.opened() && from != to) {
      inFlight++;
      Money amount = Money.ofMinor(1 + random.nextInt(AMOUNT_MINOR_MAX));
      from.send(to.account(), amount, accepted -> inFlight--);
    }
  }

  private void batch(List<Wallet> wallets, int sender) {
    Wallet from = wallets.get(sender);
    List<AccountId> receivers = new ArrayList<>();
    for (int i = Errands.payments(from); i > 0; i--) {
      Wallet to = receiver(wallets, sender);
      if (to.opened() && to != from) {
        receivers.add(to.account());
      }
    }
    if (receivers.size() >= Order.SendBatch.PAYMENTS_MIN) {
      inFlight += receivers.size();
      from.errands().batch(receivers, (job, accepted) -> inFlight -= receivers.size());
    }
  }

  /** Wallets of one municipality stand together, municipalities in turns over the continents. */
  private Wallet receiver(List<Wallet> wallets, int sender) {
    int accounts = world.settings().accounts();
    int town = sender / accounts;
    int towns = world.settings().municipalities();
    int continents = world.settings().continents();
    int kind = random.nextInt(10);
    int to;
    if (kind < 3) {
      to = town;
    } else if (kind < 6) {
      int sisters = (towns - 1 - town % continents) / continents + 1;
      to = town % continents + continents * random.nextInt(sisters);
    } else {
      to = random.nextInt(towns);
    }
    return wallets.get(to * accounts + random.nextInt(accounts));
  }
}
