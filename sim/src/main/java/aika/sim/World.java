package aika.sim;

import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Origins;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.VerifierKey;
import aika.core.transfer.Authorization;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What all actors share, and where they find each other. */
final class World {
  /** So much slower is everything that is repeated while days pass. */
  static final long CALM = 500;

  private static final long SETTLED_MILLIS = 2_000;
  private static final long ORDER_KEPT_MILLIS = 180_000;

  private final SimSettings settings;
  private final Sabotage sabotage;
  private final Diary diary;
  private final Timeline timeline = new Timeline();
  private final Counts counts = new Counts();
  private final KeyedHash keys = new KeyedHash();
  private final SplittableRandom seeds;
  private final SplittableRandom downs;
  private final Network network;
  private final Federation federation;
  private final Audit audit;
  private final Auditor auditor = new Auditor(this);
  private final Retention retention = new Retention(this);
  private final Authorization authorization;
  private final Map<ChainId, Shard> shards = new LinkedHashMap<>();
  private final List<Chain> chains = new ArrayList<>();
  private final List<Shard> shardList = new ArrayList<>();
  private final Map<ChainId, Follower> followers = new LinkedHashMap<>();
  private final Map<ChainId, Continent> continents = new LinkedHashMap<>();
  private final Map<AccountId, Wallet> wallets = new LinkedHashMap<>();
  private final List<Wallet> walletList = new ArrayList<>();
  private final List<Representative> representatives = new ArrayList<>();
  private final Set<VerifierKey> lostSeats = new HashSet<>();
  private final Set<Conviction> convicted = new HashSet<>();
  private final Set<Actor> repeating = new LinkedHashSet<>();
  private @Nullable Partition partition;
  private @Nullable Scandal scandal;
  private boolean wasCut;
  private boolean clocksAreWrong;
  private long pace = 1;
  private long keptBack;
  private boolean faulty = true;
  private boolean winding;
  private long healedAt = Long.MAX_VALUE;
  private long intents;
  private long openJobs;

  private record Conviction(ChainId by, ChainId of) {}

  World(SimSettings settings, Sabotage sabotage, Diary diary) {
    this.diary = diary;
    this.settings = settings;
    this.sabotage = sabotage;
    this.seeds = new SplittableRandom(settings.seed());
    this.downs = split();
    this.network = new Network(timeline, counts, split(), settings.faults(), this::apart);
    this.federation = new Federation(settings, keys);
    boolean quiet = settings.adversaries().isEmpty();
    long kept = quiet ? ORDER_KEPT_MILLIS : 10 * ORDER_KEPT_MILLIS; // answers may come late
    this.audit = new Audit(counts, kept);
    this.authorization = new Authorization(federation.directory(), keys, keys);
  }

  SimSettings settings() {
    return settings;
  }

  Sabotage sabotage() {
    return sabotage;
  }

  Diary diary() {
    return diary;
  }

  Timeline timeline() {
    return timeline;
  }

  long now() {
    return timeline.now();
  }

  Counts counts() {
    return counts;
  }

  KeyedHash keys() {
    return keys;
  }

  Network network() {
    return network;
  }

  Federation federation() {
    return federation;
  }

  Directory directory() {
    return federation.directory();
  }

  /** Who signed what, checked alike by everybody. */
  Authorization authorization() {
    return authorization;
  }

  Audit audit() {
    return audit;
  }

  Retention retention() {
    return retention;
  }

  /** The outsider's audit of what is published. */
  Auditor auditor() {
    return auditor;
  }

  /** The published logs as this actor can read them. */
  Origins logs(Actor reader) {
    return new PublicLogs(this, reader);
  }

  /** A source of randomness of its own; asked for in the same order in every run. */
  SplittableRandom split() {
    return seeds.split();
  }

  void add(ChainId chain, Shard shard) {
    shards.put(chain, shard);
    chains.add(shard.chain(chain));
    if (shardList.isEmpty() || shardList.getLast() != shard) { // its chains come together
      shardList.add(shard);
    }
  }

  void add(ChainId chain, Follower follower) {
    followers.put(chain, follower);
  }

  void add(ChainId chain, Continent continent) {
    continents.put(chain, continent);
  }

  /** When something was sent, its two municipalities will have to read each other. */
  void dealt(ChainId chain, Entry entry) {
    Offer offer =
        settings.followsAll()
            ? null
            : entry.leaf().offer(new TransferId(chain, entry.index()), entry.hash());
    if (offer != null) {
      follower(chain).deal(offer.to().chain());
      follower(offer.to().chain()).deal(chain);
    }
  }

  void add(Representative representative) {
    representatives.add(representative);
  }

  void add(AccountId account, Wallet wallet) {
    wallets.put(account, wallet);
    walletList.add(wallet);
  }

  Shard shard(ChainId id) {
    return found(shards, id);
  }

  Chain chain(ChainId id) {
    return shard(id).chain(id);
  }

  /** Whether a chain can be executed from its first leaf on, which cites the others' first ones. */
  boolean keepsAllLeaves() {
    return chains.stream().allMatch(chain -> chain.firstKept() == 0);
  }

  /** Chains in the federation's order. */
  List<Chain> chains() {
    return chains;
  }

  List<Shard> shards() {
    return shardList;
  }

  Follower follower(ChainId id) {
    return found(followers, id);
  }

  /** Everyone who follows logs. */
  List<LogReader> logReaders() {
    List<LogReader> all = new ArrayList<>(followers.values());
    all.addAll(continents.values());
    return all;
  }

  Continent continent(ChainId id) {
    return found(continents, id);
  }

  List<Continent> continents() {
    return List.copyOf(continents.values());
  }

  List<Representative> representatives() {
    return representatives;
  }

  Wallet wallet(AccountId id) {
    return found(wallets, id);
  }

  List<Wallet> wallets() {
    return walletList;
  }

  private static <K, V> V found(Map<K, V> map, K key) {
    V value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no " + key);
    }
    return value;
  }

  /** A new number for something that a person wants once. */
  long intent() {
    return ++intents;
  }

  void jobOpened() {
    openJobs++;
  }

  void jobClosed() {
    openJobs--;
  }

  /** Orders that wallets still wait for. */
  long openJobs() {
    return openJobs;
  }

  /** A chain has recorded a checkpoint of another, which must be the other's. */
  void recorded(ChainId by, long index, Leaf.Recorded leaf) {
    Chain origin = chain(leaf.origin());
    boolean right =
        leaf.size() <= origin.size() && origin.tree().root(leaf.size()).equals(leaf.root());
    LyingContinent liar = by.municipal() ? null : continent(by).liar();
    Scandal shows = scandal;
    Violation.unless(
        right && liar == null
            || liar != null && liar.anchored(index, leaf, right)
            || shows != null && shows.recorded(by, index, leaf),
        () -> by + " records another history of " + leaf.origin() + " at " + leaf.size());
    Violation.unless(
        !convicted.contains(new Conviction(by, leaf.origin()))
            || right && origin.recovered(leaf.term()),
        () -> by + " believes seats of " + leaf.origin() + " that signed two histories");
    if (right && shows != null && convicted.contains(new Conviction(by, leaf.origin()))) {
      shows.chosen(by, leaf.size());
    }
  }

  /**
   * A chain has written down that seats of another signed two histories. It believes nobody who
   * descends from them by elections.
   */
  void convicted(ChainId by, ChainId origin) {
    convicted.add(new Conviction(by, origin));
  }

  /** From now on this one may show a second history. */
  void shows(Scandal by) {
    scandal = by;
  }

  /** The history that only some were shown, when this chain has one. */
  @Nullable Fork fork(ChainId of) {
    Fork fork = scandal == null ? null : scandal.fork();
    return fork == null || !fork.chain().equals(of) ? null : fork;
  }

  /** Whoever has this seat can sign no more. */
  void lose(VerifierKey seat) {
    lostSeats.add(seat);
  }

  boolean isLost(VerifierKey seat) {
    return lostSeats.contains(seat);
  }

  /** A corrupt municipality's leaf rests on money that nobody issued. */
  void minted(ChainId chain, long leaf, AccountId account, long amount) {
    audit.minted(chain, account, amount);
    retention.recount(chain).mint(leaf, account.local(), amount);
  }

  /** Something is repeated by this actor. */
  void repeats(Actor actor) {
    repeating.add(actor);
  }

  /** How much slower than usual everything is that is repeated. */
  long pace() {
    return pace;
  }

  void setPace(long other) {
    if (other != pace) {
      pace = other;
      List.copyOf(repeating).forEach(Actor::changePace);
    }
  }

  /** So many more transfers are sent later only. */
  void keepBack(long more) {
    keptBack += more;
  }

  long keptBack() {
    return keptBack;
  }

  void cut(Partition by) {
    partition = by;
  }

  void join() {
    partition = null;
    wasCut = true;
  }

  /** Whether a partition is over. */
  boolean wasCut() {
    return wasCut;
  }

  /** Whether the network between two actors is cut. */
  boolean apart(Actor one, Actor other) {
    ChainId here = one.place();
    ChainId there = other.place();
    return partition != null && here != null && there != null && partition.apart(here, there);
  }

  void clocksAreWrong(boolean now) {
    clocksAreWrong = now;
  }

  /** Whether the time by which a leader takes orders cannot be relied on. */
  boolean clocksAreWrong() {
    return clocksAreWrong;
  }

  /** As much of a log as an actor can read now: on its side of a partition all of it. */
  Chain reachable(Actor reader, ChainId origin, long size) {
    Chain chain = reachable(origin);
    if (partition != null && apart(reader, shard(origin)) && size > partition.mirrored(origin)) {
      throw new OriginUnreachableException(origin + " is cut off");
    }
    return chain;
  }

  /** The log of a chain, if its shard answers. */
  private Chain reachable(ChainId origin) {
    Shard shard = shard(origin);
    if (!shard.up()) {
      throw new OriginUnreachableException(origin + " is down");
    }
    return shard.chain(origin);
  }

  boolean faulty() {
    return faulty && settings.faults().crashMillis() > 0;
  }

  /** Whether the residents have stopped, and all that was begun comes to its end. */
  boolean winding() {
    return winding;
  }

  /** Whether what was sent before the faults stopped may still arrive. */
  boolean unsettled() {
    return !winding || now() < healedAt + settings.faults().lateMillisMax() + SETTLED_MILLIS;
  }

  /** No more faults: whoever is down comes back by its timer. */
  void heal() {
    faulty = false;
    winding = true;
    healedAt = Math.min(healedAt, now());
    network.heal();
    followers.values().forEach(Follower::replace);
    shards().forEach(shard -> shard.setClock(0));
    representatives.forEach(seat -> seat.setClock(0));
  }

  /** Whether a crash happens just here. */
  boolean strikes(SplittableRandom random) {
    return faulty() && random.nextInt(1_000) == 0;
  }

  void crashForAWhile(Actor actor) {
    if (actor.up()) {
      actor.crash();
      timeline.after(1 + downs.nextInt(settings.faults().downMillisMax()), actor::restart);
    }
  }
}
