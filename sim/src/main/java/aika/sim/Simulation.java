package aika.sim;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.note.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run of the whole federation: residents send to each other while everything fails that can fail;
 * then faults stop, and every transfer must end. What must hold is checked at every step.
 *
 * <p>One thread, no clock, no files; equal settings give equal runs. An instance runs once.
 */
public final class Simulation {
  /** How long, in virtual time, everything may take to come to rest after the last fault. */
  private static final long REST_MILLIS_MAX = 15 * 60 * 1000;

  /** The same after days and wrong clocks: relays ask seldom by then. */
  private static final long LONG_REST_MILLIS_MAX = 2 * 60 * 60 * 1000;

  private static final long FAULTS_AFTER_LAST_SEND_MILLIS = 10_000;
  private static final int RETENTION_MILLIS = 5_000;
  private static final int PROGRESS_STEPS = 50_000;

  private final SimSettings settings;
  private final Sabotage sabotage;
  private final World world;
  private final Retention retention;
  private final Traffic traffic;
  private final List<Lasting> lasting = new ArrayList<>();
  private final List<Dissolution> dissolutions = new ArrayList<>();
  private @Nullable Inflation inflation;
  private @Nullable Scandal scandal;
  private long healAt = Long.MAX_VALUE;
  private boolean healed;

  public Simulation(SimSettings settings) {
    this(settings, Sabotage.NONE);
  }

  Simulation(SimSettings settings, Sabotage sabotage) {
    this(settings, sabotage, Diary.CLOSED);
  }

  private Simulation(SimSettings settings, Sabotage sabotage, Diary diary) {
    this.settings = settings;
    this.sabotage = sabotage;
    this.world = new World(settings, sabotage, diary);
    this.retention = world.retention();
    this.traffic = new Traffic(world);
  }

  /**
   * Runs until everything has come to rest.
   *
   * @throws SimFailure when something that must always hold does not
   */
  public SimReport run(ProgressListener listener) {
    try {
      List<Actor> nodes = nodes();
      nodes.forEach(Actor::started);
      wallets().forEach(Actor::started);
      traffic.started();
      new Chaos(world, nodes).started();
      new Forger(world).started();
      adversaries().forEach(Actor::started);
      upheavals().forEach(Actor::started);
      keepMemoryBounded();
      while (!rests()) {
        world.timeline().step();
        world.audit().check();
        if (world.timeline().steps() % PROGRESS_STEPS == 0) {
          listener.progress(world.counts().ended, settings.transfers(), elapsed());
        }
      }
      if (inflation != null) {
        inflation.checkClaims();
      }
      world.auditor().auditAll();
      retention.recountAll();
      if (scandal != null) {
        scandal.checkClaims();
      }
      dissolutions.forEach(Dissolution::checkNothingOwed);
      listener.progress(world.counts().ended, settings.transfers(), elapsed());
      return report();
    } catch (RuntimeException failure) {
      String what =
          failure instanceof Violation ? String.valueOf(failure.getMessage()) : failure.toString();
      throw new SimFailure(settings, world.timeline().steps(), what, failure);
    }
  }

  /**
   * Makes the run that failed once more and writes down what happened around the transfer or the
   * chain that the failure names: the last lines, each with virtual time since the start, who, and
   * what.
   */
  public List<String> explain(SimFailure failure) {
    Diary diary = Diary.about(failure.what(), world.directory().chains().keySet());
    try {
      new Simulation(settings, sabotage, diary).run((ended, transfers, millis) -> {});
    } catch (SimFailure again) {
      return diary.lines();
    }
    throw new IllegalStateException("the run does not fail again: " + failure.getMessage());
  }

  private long elapsed() {
    return world.now() - Timeline.START;
  }

  /** The federation, from the chains outwards. */
  private List<Actor> nodes() {
    List<Actor> nodes = new ArrayList<>(shards());
    List<ChainId> towns = world.federation().municipalities();
    for (ChainId id : world.federation().continents()) {
      nodes.addAll(seats(id, 0));
      Continent continent = new Continent(world, id);
      towns.stream().filter(town -> town.continent().equals(id)).forEach(continent::follow);
      world.add(id, continent);
    }
    for (Continent one : world.continents()) {
      world.continents().stream().filter(other -> other != one).forEach(one::exchange);
    }
    nodes.addAll(world.continents());
    for (int i = 0; i < towns.size(); i++) {
      ChainId id = towns.get(i);
      nodes.addAll(seats(id, i < settings.replicatedChains() ? settings.separateSeats() : 0));
      Follower follower = new Follower(world, id);
      if (settings.followsAll()) {
        towns.forEach(follower::follow);
      } else {
        follower.follow(id);
      }
      world.add(id, follower);
      nodes.add(follower);
    }
    return nodes;
  }

  private List<Wallet> wallets() {
    for (ChainId town : world.federation().municipalities()) {
      for (int i = 0; i < settings.accounts(); i++) {
        AccountId account = new AccountId(town, "resident" + i);
        Wallet wallet = new Wallet(world, account);
        world.add(account, wallet);
      }
    }
    return world.wallets();
  }

  /** Each takes another municipality, as far as there are enough. */
  private List<Actor> adversaries() {
    List<ChainId> towns = world.federation().municipalities();
    List<Actor> all = new ArrayList<>();
    if (settings.adversaries().contains(Adversary.SCANDAL)) {
      List<ChainId> honest = honest();
      boolean shared = settings.adversaries().contains(Adversary.DISKS);
      List<ChainId> shown = shared ? honest.subList(0, honest.size() / 2) : honest;
      scandal = new Scandal(world, towns.getFirst(), shown);
      lasting.add(scandal);
      all.add(scandal);
    }
    if (settings.adversaries().contains(Adversary.INFLATION)) {
      inflation = new Inflation(world, towns.get(1 % towns.size()));
      lasting.add(inflation);
      all.add(inflation);
    }
    if (settings.adversaries().contains(Adversary.PARTITION)) {
      Partition partition = new Partition(world);
      lasting.add(partition);
      all.add(partition);
    }
    if (settings.adversaries().contains(Adversary.CLOCKS)) {
      WrongClocks clocks = new WrongClocks(world);
      lasting.add(clocks);
      all.add(clocks);
    }
    if (settings.adversaries().contains(Adversary.DISKS)) {
      List<ChainId> honest = honest();
      LostDisks disks = new LostDisks(world, honest.subList(honest.size() / 2, honest.size()));
      lasting.add(disks);
      all.add(disks);
    }
    if (settings.adversaries().contains(Adversary.RELAY)) {
      for (int i = Math.min(2, towns.size() - 1); i < towns.size(); i += 2) {
        ChainId town = towns.get(i);
        world.follower(town).corrupt(new LyingRelay(world, town));
      }
    }
    if (settings.adversaries().contains(Adversary.CONTINENT)) {
      ChainId last = world.federation().continents().getLast();
      LyingContinent liar = new LyingContinent(world, last);
      world.continent(last).corrupt(liar);
      all.add(liar);
    }
    return all;
  }

  /** Municipalities of which neither an adversary nor an upheaval takes hold. */
  private List<ChainId> honest() {
    List<ChainId> towns = world.federation().municipalities();
    Upheavals some = settings.upheavals();
    int upset = Math.min(some.closed() + some.unseated(), towns.size() - taken());
    return towns.subList(taken(), towns.size() - upset);
  }

  /** How many municipalities, from the first on, adversaries take. */
  private int taken() {
    int towns = settings.municipalities();
    int taken =
        settings.adversaries().contains(Adversary.INFLATION)
            ? 2
            : settings.adversaries().contains(Adversary.SCANDAL) ? 1 : 0;
    return Math.min(taken, towns);
  }

  /** In the last municipalities, of which no adversary has taken hold. */
  private List<Actor> upheavals() {
    Upheavals some = settings.upheavals();
    List<ChainId> towns = world.federation().municipalities();
    int free = towns.size() - taken();
    int closed = Math.min(some.closed(), free);
    int unseated = Math.min(some.unseated(), free - closed);
    List<Actor> all = new ArrayList<>();
    for (int i = 1; i <= closed; i++) {
      long share = settings.transfers() / 5 / closed;
      ChainId town = towns.get(towns.size() - i);
      dissolutions.add(new Dissolution(world, town, towns.getFirst(), share));
    }
    all.addAll(dissolutions);
    for (int i = 1; i <= unseated; i++) {
      long share = settings.transfers() / 10 / unseated;
      all.add(new LostSeats(world, towns.get(towns.size() - closed - i), share));
    }
    all.add(new Departures(world, some.leaving() == 0 ? 0 : settings.transfers() / 10));
    all.forEach(one -> lasting.add((Lasting) one));
    return all;
  }

  /** Municipalities of every other continent share a shard, when settings say so. */
  private List<Shard> shards() {
    List<ChainId> continents = world.federation().continents();
    List<ChainId> towns = world.federation().municipalities();
    List<Shard> shards = new ArrayList<>();
    for (ChainId continent : continents) {
      shards.add(shard(List.of(continent)));
    }
    for (int i = 0; i < continents.size(); i++) {
      ChainId continent = continents.get(i);
      List<ChainId> own = towns.stream().filter(t -> t.continent().equals(continent)).toList();
      if (settings.siblings() && i % 2 == 0) {
        shards.add(shard(own));
      } else {
        own.forEach(town -> shards.add(shard(List.of(town))));
      }
    }
    return shards;
  }

  private Shard shard(List<ChainId> ids) {
    Shard shard = new Shard(world, "shard of " + ids.getFirst(), ids);
    ids.forEach(id -> world.add(id, shard));
    return shard;
  }

  private List<Representative> seats(ChainId id, int separate) {
    List<Representative> seats = new ArrayList<>();
    for (int i = 0; i < settings.seats(); i++) {
      Representative seat = new Representative(world, world.shard(id), id, i, i < separate);
      world.add(seat);
      seats.add(seat);
    }
    world.shard(id).seat(id, seats);
    return seats;
  }

  private void keepMemoryBounded() {
    if (!settings.keepLogs()) {
      world
          .timeline()
          .after(
              RETENTION_MILLIS,
              () -> {
                retention.advance();
                keepMemoryBounded();
              });
    }
  }

  /** Whether all is done: no transfer open, no order unanswered, every leaf approved. */
  private boolean rests() {
    if (!traffic.done() || !lasting.stream().allMatch(Lasting::over)) {
      return false;
    }
    if (healAt == Long.MAX_VALUE) {
      healAt = world.now() + FAULTS_AFTER_LAST_SEND_MILLIS;
    }
    if (world.now() < healAt) {
      return false;
    }
    if (!healed) {
      healed = true;
      world.heal();
    }
    boolean open = world.audit().openTransfers() > 0 || world.openJobs() > 0;
    if (open || !left().isEmpty() || !approved()) {
      Violation.unless(
          world.now() < healAt + restMillisMax(),
          () ->
              "no rest: "
                  + world.audit().openTransfers()
                  + " transfers are open, the first "
                  + world.audit().firstOpen()
                  + "; unanswered orders: "
                  + world.openJobs()
                  + "; "
                  + left());
      return false;
    }
    return true;
  }

  /** What is left to be done, in words. */
  private String left() {
    return lasting.stream()
        .map(Lasting::left)
        .filter(what -> !what.isEmpty())
        .findFirst()
        .orElse("");
  }

  private long restMillisMax() {
    Set<Adversary> some = settings.adversaries();
    return some.contains(Adversary.PARTITION) || some.contains(Adversary.CLOCKS)
        ? LONG_REST_MILLIS_MAX
        : REST_MILLIS_MAX;
  }

  private boolean approved() {
    return world.chains().stream().allMatch(c -> c.size() > 0 && c.approvedSize() == c.size())
        && world.representatives().stream()
            .allMatch(seat -> seat.executedSize() == world.chain(seat.chainId()).size());
  }

  private SimReport report() {
    Counts c = world.counts();
    StringBuilder all = new StringBuilder();
    for (Chain chain : world.chains()) {
      all.append(chain.id()).append(' ').append(chain.size()).append(' ').append(chain.root());
      all.append('\n');
    }
    all.append(world.timeline().steps()).append(' ').append(c.messages).append(' ').append(c.lost);
    all.append(' ')
        .append(c.refused)
        .append(' ')
        .append(c.orders)
        .append(' ')
        .append(c.crashes)
        .append(' ')
        .append(elapsed());
    byte[] digest = Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
    return new SimReport(
        settings.seed(),
        world.timeline().steps(),
        c.leaves,
        c.sent,
        c.received,
        c.rejected,
        c.cancelled,
        c.expired,
        Collections.unmodifiableSortedMap(c.refused),
        Collections.unmodifiableSortedMap(c.orders),
        Collections.unmodifiableSortedMap(c.deeds),
        c.elections,
        c.convictions,
        c.repeated,
        c.approvals,
        c.audited,
        c.messages,
        c.lost,
        c.duplicated,
        c.crashes,
        elapsed(),
        HexFormat.of().formatHex(digest));
  }
}
