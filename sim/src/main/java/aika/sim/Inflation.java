package aika.sim;

import aika.core.audit.Finding;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A municipality whose leader and whole quorum make money from nothing: some of its residents send
 * to every other municipality what they do not have, again and again. The others take no more of it
 * than their exposure limits allow.
 */
final class Inflation extends Actor implements Lasting {
  private static final int BEGINS_MILLIS = 2_500;
  private static final int STEP_MILLIS = 100;
  private static final int ACCOMPLICES = 5;
  private static final int SENDS_EACH = 8;

  private final ChainId corrupt;
  private final List<Wallet> wallets;
  private int left;

  Inflation(World world, ChainId corrupt) {
    super(world, "inflation of " + corrupt);
    this.corrupt = corrupt;
    this.wallets =
        world.wallets().stream()
            .filter(wallet -> wallet.account().chain().equals(corrupt))
            .limit(ACCOMPLICES)
            .toList();
    this.left = SENDS_EACH * (world.settings().municipalities() - 1);
  }

  @Override
  public boolean over() {
    return left == 0;
  }

  @Override
  void started() {
    after(BEGINS_MILLIS, this::begin);
  }

  @Override
  void crashed() {}

  private void begin() {
    Set<AccountId> accomplices = new LinkedHashSet<>();
    wallets.forEach(wallet -> accomplices.add(wallet.account()));
    Chain chain = world.chain(corrupt);
    chain.corrupt(new Corruption(chain.size(), accomplices, this::made));
    world.representatives().stream()
        .filter(seat -> seat.chainId().equals(corrupt))
        .forEach(Representative::collude);
    world.diary().happens(world, this, "begins: its leader and all its seats are in it");
    every(STEP_MILLIS, this::spend);
  }

  private void made(long leaf, AccountId account, Money amount) {
    world.counts().did("inflation: sends from nothing");
    world.counts().did("inflation: made from nothing, minor units", amount.minor());
    world.minted(corrupt, leaf, account, amount.minor());
    world.auditor().earn(corrupt, Finding.Kind.LEAF_REFUSED, leaf, "INSUFFICIENT_FUNDS");
  }

  private void spend() {
    List<ChainId> towns = world.federation().municipalities();
    Wallet from = wallets.get(random.nextInt(wallets.size()));
    if (left == 0 || !from.ready()) {
      return;
    }
    ChainId town = towns.get(left % towns.size());
    if (!town.equals(corrupt)) {
      left--;
      long most = world.directory().policy().exposureMax().minor();
      Money amount = Money.ofMinor(most - random.nextLong(most / 3));
      AccountId to = new AccountId(town, "resident" + random.nextInt(world.settings().accounts()));
      from.send(to, amount, accepted -> {});
    } else {
      left--;
    }
  }

  /** What the honest lost at most, when all has come to rest: each chain counts its own claims. */
  void checkClaims() {
    long all = 0;
    for (Chain chain : world.chains()) {
      Row.Head head = chain.state().head();
      Row.Clearing row = chain.clearing(corrupt);
      if (!chain.id().equals(corrupt) && head != null) {
        Policy policy = world.directory().policy();
        long claim = row == null ? 0 : Math.max(0, -row.balance().minor());
        Violation.unless(
            claim <= policy.exposureMax().minor()
                && head.exposure().compareTo(policy.exposureSumMax()) <= 0,
            () -> chain.id() + " may lose " + claim + " by " + corrupt);
        all += claim;
      }
    }
    world.counts().did("inflation: claims at the end, minor units", all);
  }
}
