package aika.sim;

import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.List;

/** Residents who move away, one by one. In each municipality the first one stays. */
final class Departures extends Actor implements Lasting {
  private static final int BEGINS_MILLIS = 1_000;
  private static final int FOR_MILLIS = 6_000;

  /** Some have left by then. */
  private static final int GONE_MILLIS = 12_000;

  private final List<Wallet> leaving = new ArrayList<>();
  private final long share;
  private boolean over;

  /**
   * @param share transfers that are sent only when some have left
   */
  Departures(World world, long share) {
    super(world, "departures");
    this.share = share;
    List<Wallet> all = new ArrayList<>(world.wallets());
    all.removeIf(wallet -> wallet.account().equals(Wallet.first(wallet.account().chain())));
    for (int i = world.settings().upheavals().leaving(); i > 0; i--) {
      leaving.add(all.remove(random.nextInt(all.size())));
    }
  }

  @Override
  public boolean over() {
    return over;
  }

  @Override
  void started() {
    world.keepBack(share);
    after(GONE_MILLIS, this::goOn);
    List<ChainId> towns = world.federation().municipalities();
    for (Wallet one : leaving) {
      ChainId to = towns.get(random.nextInt(towns.size()));
      after(BEGINS_MILLIS + random.nextInt(FOR_MILLIS), () -> one.leave(to, true));
    }
  }

  @Override
  void crashed() {}

  private void goOn() {
    over = true;
    world.keepBack(-share);
  }

  @Override
  public String left() {
    return leaving.stream()
        .filter(one -> !one.gone())
        .findFirst()
        .map(one -> one.account() + " is not closed")
        .orElse("");
  }
}
