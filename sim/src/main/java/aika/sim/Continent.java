package aika.sim;

import aika.core.follow.Consequence;
import aika.core.follow.Relay;
import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.LeafText;
import aika.core.ledger.Offer;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A continental node beside its chain: anchors its municipalities, lists their offers once they are
 * anchored, and copies the other continents' lists.
 */
final class Continent extends Actor implements Shard.Reader {
  private static final int TICK_MILLIS = 300;

  private final ChainId id;
  private final Shard home;
  private final Chain chain;
  private final Map<ChainId, Town> towns = new LinkedHashMap<>();
  private final Map<ChainId, Copy> copies = new LinkedHashMap<>();
  private Listing own = new Listing();
  private long epoch = 1;

  /** One of its municipalities: where it reads, and the offers that have not ended. */
  private static final class Town {
    final Cursor cursor;
    final Map<Long, Offer> open = new LinkedHashMap<>();
    final Map<Long, Offer> unlisted = new LinkedHashMap<>();
    long anchorAgain;

    Town(Cursor cursor) {
      this.cursor = cursor;
    }
  }

  /** What is known of another continent's list. */
  private static final class Copy {
    final Continent of;
    final List<Offer> unchecked = new ArrayList<>();
    Listing list = new Listing();
    long epoch;
    long next;

    Copy(Continent of) {
      this.of = of;
    }
  }

  /** Changes of a list from {@code from} on; with {@code whole}, the list begins anew. */
  record Changes(long epoch, long from, boolean whole, List<Listing.Change> changes, long next) {}

  Continent(World world, ChainId id) {
    super(world, "continent " + id);
    this.id = id;
    this.home = world.shard(id);
    this.chain = home.chain(id);
  }

  void follow(Shard shard, ChainId town) {
    Town[] holder = new Town[1];
    Cursor cursor =
        new Cursor(this, shard, town, entry -> read(holder[0], entry), () -> anchor(holder[0]));
    holder[0] = new Town(cursor);
    towns.put(town, holder[0]);
    shard.addReader(this);
  }

  void exchange(Continent other) {
    copies.put(other.id, new Copy(other));
  }

  @Override
  public Actor actor() {
    return this;
  }

  @Override
  public void approved(ChainId town) {
    town(town).cursor.pull();
  }

  @Override
  void started() {
    every(TICK_MILLIS, this::tick);
    every(2_000, () -> towns.values().forEach(town -> town.cursor.pull()));
  }

  @Override
  void crashed() {
    for (Town town : towns.values()) {
      town.cursor.reset(oldest(town));
      town.open.clear();
      town.unlisted.clear();
      town.anchorAgain = 0;
    }
    for (Copy copy : copies.values()) {
      copy.list = new Listing();
      copy.unchecked.clear();
      copy.epoch = 0;
      copy.next = 0;
    }
    own = new Listing();
    epoch++;
  }

  private static long oldest(Town town) {
    return town.open.isEmpty() ? town.cursor.next() : town.open.keySet().iterator().next();
  }

  boolean follows(ChainId town) {
    return towns.containsKey(town);
  }

  /** Leaves of one of its municipalities from this one on are still needed. */
  long needs(ChainId town) {
    return oldest(town(town));
  }

  /** Whose offers wait, on whatever continent they were made. */
  void offers(AccountId receiver, Consumer<List<Offer>> answer) {
    List<Offer> found = new ArrayList<>(own.of(receiver));
    copies.values().forEach(copy -> found.addAll(copy.list.of(receiver)));
    answer.accept(found);
  }

  /** What changed here since another continent last asked. */
  void changes(long knownEpoch, long from, Consumer<Changes> answer) {
    boolean whole = knownEpoch != epoch || !own.remembers(from);
    List<Listing.Change> changes =
        whole
            ? own.all().stream().map(offer -> new Listing.Change(offer, true)).toList()
            : own.since(from);
    answer.accept(new Changes(epoch, from, whole, changes, own.nextChange()));
  }

  private void read(Town town, Entry entry) {
    for (Consequence found : Consequence.of(town.cursor.chain(), entry)) {
      switch (found) {
        case Consequence.Offered offered -> {
          town.open.put(entry.index(), offered.offer());
          town.unlisted.put(entry.index(), offered.offer());
        }
        case Consequence.Ended ended -> {
          town.open.remove(ended.transfer().index());
          town.unlisted.remove(ended.transfer().index());
          own.remove(ended.transfer());
        }
        case Consequence.Decided decided -> {}
        case Consequence.CancelAsked asked -> {}
      }
    }
  }

  private void tick() {
    towns.values().forEach(this::anchor);
    copies.values().forEach(this::copy);
  }

  /** Anchors what the municipality's seats approved; what is anchored is listed. */
  private void anchor(Town town) {
    Cursor cursor = town.cursor;
    SignedCheckpoint approved = cursor.approved();
    if (approved == null || !home.up() || !cursor.shard().up()) {
      return;
    }
    Row.Latest latest = chain.latest(cursor.chain());
    list(town, latest == null ? 0 : latest.size());
    Optional<Action.RecordCheckpoint> record =
        Relay.record(
            cursor.chain(),
            latest,
            approved.checkpoint().size(),
            approved.checkpoint(),
            world.directory().entry(cursor.chain()).seats().term(),
            cursor.shard().chain(cursor.chain()).tree());
    if (record.isPresent() && world.now() >= town.anchorAgain) {
      town.anchorAgain = world.now() + 4 * TICK_MILLIS;
      Consumer<Answer> then =
          answer(
              home,
              done -> {
                Row.Latest anchored = chain.latest(cursor.chain());
                list(town, anchored == null ? 0 : anchored.size());
              });
      send(home, () -> home.record(id, record.get(), approved, then));
    }
  }

  private void list(Town town, long anchored) {
    while (!town.unlisted.isEmpty()) {
      Map.Entry<Long, Offer> first = town.unlisted.entrySet().iterator().next();
      if (first.getKey() >= anchored) {
        return;
      }
      town.unlisted.remove(first.getKey());
      Offer offer = world.sabotage().lists(first.getValue());
      own.add(offer);
      tell(offer);
    }
  }

  private void tell(Offer offer) {
    if (offer.to().chain().continent().equals(id)) {
      Wallet wallet = world.wallet(offer.to());
      send(wallet, () -> wallet.offered(offer));
    }
  }

  private void copy(Copy copy) {
    copy.unchecked.removeIf(offer -> check(copy, offer));
    Continent of = copy.of;
    long known = copy.epoch;
    long from = copy.next;
    send(of, () -> of.changes(known, from, answer(of, changes -> copied(copy, changes))));
  }

  private void copied(Copy copy, Changes changes) {
    boolean stale = changes.epoch < copy.epoch || !changes.whole && changes.from != copy.next;
    if (stale || changes.whole && changes.epoch == copy.epoch && changes.next <= copy.next) {
      return;
    }
    if (changes.whole) {
      copy.list = new Listing();
      copy.unchecked.clear();
    }
    copy.epoch = changes.epoch;
    copy.next = changes.next;
    for (Listing.Change change : changes.changes) {
      if (!change.listed()) {
        copy.list.remove(change.offer().transfer());
        copy.unchecked.removeIf(o -> o.transfer().equals(change.offer().transfer()));
      } else if (!check(copy, change.offer())) {
        copy.unchecked.add(change.offer());
      }
    }
  }

  /**
   * Lists another continent's offer once its leaf is found in its municipality's approved log; to
   * save time only for receivers of this continent. Returns whether it is dealt with.
   */
  private boolean check(Copy copy, Offer offer) {
    TransferId transfer = offer.transfer();
    if (offer.to().chain().continent().equals(id)) {
      Shard origin = world.shard(transfer.origin());
      SignedCheckpoint approved = origin.chain(transfer.origin()).approved();
      if (!origin.up() || approved == null) {
        return false;
      }
      Violation.unless(
          proven(
              offer,
              approved,
              world
                  .logs()
                  .proof(transfer.origin(), transfer.index(), approved.checkpoint().size())),
          () -> copy.of + " lists an offer that " + transfer.origin() + " did not make");
    }
    copy.list.add(offer);
    tell(offer);
    return true;
  }

  private static boolean proven(
      Offer offer, SignedCheckpoint approved, Action.@Nullable Proof proof) {
    if (proof == null) {
      return false;
    }
    long size = approved.checkpoint().size();
    Hash root = approved.checkpoint().root();
    Hash hash = Merkle.leafHash(proof.leaf());
    return Proofs.verifyInclusion(hash, offer.transfer().index(), size, proof.path(), root)
        && offer.equals(LeafText.parse(proof.leaf()).offer(offer.transfer(), hash));
  }

  private Town town(ChainId town) {
    Town found = towns.get(town);
    if (found == null) {
      throw new IllegalArgumentException(town + " is not of " + id);
    }
    return found;
  }
}
