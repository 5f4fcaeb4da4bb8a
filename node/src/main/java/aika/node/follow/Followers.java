package aika.node.follow;

import aika.core.follow.AccountLeaves;
import aika.core.follow.Anchoring;
import aika.core.follow.Endings;
import aika.core.follow.Outbox;
import aika.core.follow.Outcomes;
import aika.core.follow.Step;
import aika.core.ledger.Directory;
import aika.core.money.ChainId;
import aika.node.mirror.ReadableChains;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Drives the followers of the core: each on a thread of its own, woken by approvals and by the
 * clock. What waits for one does not hold up another.
 */
public final class Followers implements AutoCloseable {
  /** Decisions that came within this time are a sign of more. */
  private static final long FRESH_NANOS = 1_000_000_000;

  /** How much longer than its work what is old rests beside what is fresh. */
  private static final int REST_PER_WORK = 4;

  private final Shard shard;
  private final ReadableChains readable;
  private final Asking asking;
  private @Nullable ByRole byRole;
  private final Anchoring anchoring;
  private final Outcomes outcomes;
  private final Outbox outbox;
  private final Stuck stuckDecisions;
  private final Stuck stuckEndings;
  private final DueTimes dueTimes;
  private final PendingList pending;
  private final AccountLeaves accountLeaves;
  private final Evidencing evidencing;
  private final Partnering partnering;
  private final Waiting waiting;
  private volatile long lastFresh = System.nanoTime() - FRESH_NANOS;
  private final Set<ChainId> backlog = ConcurrentHashMap.newKeySet();
  private final Worker<ChainId> anchors = new Worker<>("anchors", this::anchor);
  private final Worker<ChainId> reader = new Worker<>("outcomes-reader", this::read);
  private final Worker<ChainId> older = new Worker<>("outcomes-older", this::readOlder);
  private final Worker<ChainId> indexer = new Worker<>("account-leaves", this::index);
  private final Worker<ChainId> settler = new Worker<>("outcomes-settler", this::settle);

  /**
   * @param readable the chains that are read, for those of them that are served here
   */
  public Followers(ReadableChains readable, Directory directory, Views views) {
    this(
        readable,
        directory,
        views,
        new ByRole(new FollowedChains(readable), readable.shard()::submit));
  }

  private Followers(ReadableChains readable, Directory directory, Views views, ByRole byRole) {
    this(readable, directory, views, new Asking(byRole));
    this.byRole = byRole;
  }

  Followers(ReadableChains readable, Directory directory, Views views, Asking asking) {
    this.readable = readable;
    shard = readable.shard();
    this.asking = asking;
    FollowedChains chains = new FollowedChains(readable);
    Endings endings = new Endings(chains, directory, views);
    anchoring = new Anchoring(chains, directory);
    outcomes = new Outcomes(chains, directory, views, endings);
    outbox = new Outbox(chains, directory, views);
    LongSupplier steady = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    stuckDecisions = new Stuck("decisions that settle transfers", steady);
    stuckEndings = new Stuck("expired or cancelled transfers", steady);
    dueTimes = new DueTimes(endings, asking, stuckEndings, shard.clock());
    pending = new PendingList(readable, chains, views);
    accountLeaves = new AccountLeaves(chains, views);
    evidencing = new Evidencing(readable, chains, directory);
    partnering = new Partnering(readable, chains, views);
    waiting = new Waiting(readable, pending, partnering.partners());
  }

  /** Starts with what happened while nobody followed. */
  public void start() {
    List<ChainId> municipalities = municipalities();
    backlog.addAll(municipalities);
    List<ChainId> all = readable.all().map(Chain::id).toList();
    all.forEach(this::approved);
    reader.start();
    all.stream().filter(ChainId::municipal).forEach(older::due);
    older.start();
    settler.start();
    dueTimes.start(municipalities);
    pending.start();
    anchors.start();
    indexer.start();
    partnering.start();
  }

  private List<ChainId> municipalities() {
    return shard.chains().stream().map(Chain::id).filter(ChainId::municipal).toList();
  }

  /** Whether to ask the chains, or only to see that whoever leads has asked them. */
  public void lead(boolean leads) {
    if (byRole != null) {
      byRole.lead(leads);
      if (leads) {
        dueTimes.hasten(municipalities());
      }
    }
  }

  public PendingList pending() {
    return pending;
  }

  /** What waits for whom. */
  public Waiting waitingOffers() {
    return waiting;
  }

  public Evidencing evidencing() {
    return evidencing;
  }

  /** With whom the municipalities deal. */
  public Partnering partnering() {
    return partnering;
  }

  /** Which leaves moved an account's money. */
  public AccountLeaves accountLeaves() {
    return accountLeaves;
  }

  /** Their names, for metrics and health. */
  public static List<String> names() {
    return List.of("pending_list", "outcomes", "anchors");
  }

  /** Approved leaves of this municipality's chain that the follower has not seen. */
  public long lag(String follower, Chain municipality) {
    ChainId id = municipality.id();
    long seen =
        switch (follower) {
          case "pending_list" -> pending.seen(id);
          case "outcomes" -> outcomes.seen(id);
          case "anchors" -> anchoring.seen(id);
          default -> throw new IllegalArgumentException("no follower " + follower);
        };
    return Math.max(0, municipality.approvedSize() - seen);
  }

  /** What can wait although it is due, for metrics. */
  public static List<String> waiting() {
    return List.of("outbox", "due");
  }

  /**
   * For how many seconds rows of this municipality wait although they are due; 0 when none does.
   *
   * @param what {@code outbox}: decisions that its chain has not settled; {@code due}: transfers to
   *     it whose time is over
   */
  public long waitingSeconds(String what, ChainId municipality) {
    return switch (what) {
      case "outbox" -> stuckDecisions.seconds(municipality);
      case "due" -> stuckEndings.seconds(municipality);
      default -> throw new IllegalArgumentException("nothing waits as " + what);
    };
  }

  /** A chain's approved part has grown. */
  public void approved(ChainId chain) {
    if (chain.municipal()) {
      anchors.due(chain);
      reader.due(chain);
      if (readable.serves(chain)) {
        indexer.due(chain);
      }
      pending.approved(chain);
      partnering.approved(chain);
      backlog.forEach(settler::due);
    } else {
      pending.approved(chain);
    }
  }

  private void anchor(List<ChainId> municipalities) {
    record Anchor(ChainId municipality, Asking.Asked asked) {}
    List<Anchor> anchoredNow = new ArrayList<>();
    for (ChainId municipality : municipalities) {
      Step step = anchoring.next(municipality);
      if (step != null) {
        anchoredNow.add(new Anchor(municipality, asking.ask(step)));
      }
    }
    for (Anchor anchor : anchoredNow) {
      anchor.asked.finish();
      if (!anchor.asked.undone().isEmpty()) {
        anchors.dueLater(anchor.municipality);
      }
    }
  }

  /** All chains' decisions go out together, and what is refused becomes backlog. */
  private void read(List<ChainId> municipalities) {
    record Reading(ChainId chain, Outcomes.Reading step, Asking.Asked asked) {}
    List<Reading> readings = new ArrayList<>();
    for (ChainId chain : municipalities) {
      Outcomes.Reading step = outcomes.next(chain);
      if (step != null) {
        readings.add(new Reading(chain, step, asking.ask(step)));
      }
    }
    for (Reading reading : readings) {
      lastFresh = reading.step.requests().isEmpty() ? lastFresh : System.nanoTime();
      if (finish(reading.step, reading.asked)) {
        reader.due(reading.chain);
      }
      if (reading.step.aside()) {
        older.due(reading.chain);
      }
    }
  }

  private boolean finish(Outcomes.Reading step, Asking.Asked asked) {
    boolean more = asked.finish();
    step.soonest().forEach(dueTimes::soon);
    asked.undone().forEach(this::later);
    step.kept().forEach(this::later);
    return more;
  }

  /**
   * What was set aside goes out in parts, one chain's after the other's. While there is something
   * fresh, each part is followed by a rest, since both need the same processors and chains.
   */
  private void readOlder(List<ChainId> municipalities) {
    long start = System.nanoTime();
    List<ChainId> more = new ArrayList<>();
    for (ChainId chain : municipalities) {
      Outcomes.Reading step = outcomes.older(chain);
      if (step != null && finish(step, asking.ask(step))) {
        more.add(chain);
      }
    }
    long end = System.nanoTime();
    boolean busy = end - lastFresh < FRESH_NANOS;
    for (ChainId chain : more) {
      if (busy) {
        older.dueIn(chain, REST_PER_WORK * (end - start));
      } else {
        older.due(chain);
      }
    }
  }

  private void index(List<ChainId> municipalities) {
    boolean any = false;
    for (ChainId chain : municipalities) {
      if (accountLeaves.read(chain)) {
        any = true;
        indexer.due(chain);
      }
    }
    if (any) {
      shard.changes().happened();
    }
  }

  private void later(ChainId origin) {
    stuckDecisions.waits(origin);
    backlog.add(origin);
    settler.dueLater(origin);
  }

  private void settle(List<ChainId> origins) {
    for (ChainId origin : origins) {
      backlog.remove(origin);
      Step step = outbox.next(origin);
      if (step == null) {
        stuckDecisions.done(origin);
      } else if (asking.ask(step).finish()) {
        settler.due(origin); // the others' turn is first
      } else {
        later(origin);
      }
    }
  }

  @Override
  public void close() {
    anchors.close();
    partnering.close();
    indexer.close();
    pending.close();
    reader.close();
    older.close();
    settler.close();
    dueTimes.close(); // the reader told it what is due
  }
}
