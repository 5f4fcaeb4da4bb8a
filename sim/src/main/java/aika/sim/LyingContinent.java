package aika.sim;

import aika.core.audit.Finding;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A continent whose node and whole quorum are corrupt: it anchors trees that no municipality has,
 * leaves out others' anchors, keeps offers back, and tells each reader something else. It goes on
 * so to the end of the run.
 */
final class LyingContinent extends Actor {
  private static final int BEGINS_MILLIS = 2_500;
  private static final int STEP_MILLIS = 900;

  private final ChainId self;
  private final Chain chain;
  private final Shard shard;
  private final Map<ChainId, ForgedTree> forgeries = new LinkedHashMap<>();
  private final Set<ChainId> omitted = new LinkedHashSet<>();
  private boolean lying;

  LyingContinent(World world, ChainId self) {
    super(world, "corruption of " + self);
    this.self = self;
    this.shard = world.shard(self);
    this.chain = shard.chain(self);
  }

  @Override
  void started() {
    after(BEGINS_MILLIS, this::begin);
  }

  @Override
  void crashed() {}

  private void begin() {
    lying = true;
    world.representatives().stream()
        .filter(seat -> seat.chainId().equals(self))
        .forEach(Representative::collude);
    world.diary().happens(world, this, "begins: its node and all its seats are in it");
    every(STEP_MILLIS, this::strike);
  }

  private void strike() {
    List<ChainId> towns =
        world.federation().municipalities().stream()
            .filter(town -> town.continent().equals(self))
            .toList();
    ChainId town = towns.get(random.nextInt(towns.size()));
    switch (random.nextInt(3)) {
      case 0 -> forgeAnchor(town);
      case 1 -> omitted.add(town);
      default -> omitted.remove(town);
    }
  }

  /**
   * A tree that goes on from what was anchored last, with leaves that the municipality never had.
   */
  private void forgeAnchor(ChainId town) {
    Row.Latest latest = chain.latest(town);
    Row.Sitting sitting = chain.state().get(new Key.OfSitting(town));
    if (latest == null || !shard.up()) {
      return;
    }
    ForgedTree forged = forgeries.get(town);
    if (forged == null) {
      forged = new ForgedTree(world.chain(town).tree(), latest.size());
      forgeries.put(town, forged);
    }
    if (!forged.tree().root().equals(latest.root())) {
      forgeries.remove(town); // something else was anchored meanwhile
      return;
    }
    forged.grow(random);
    long term =
        sitting == null ? world.directory().entry(town).seats().term() : sitting.seats().term();
    shard.recordUnchecked(self, forged.record(world, town, term, latest.size()), ignored -> {});
  }

  /** Whether its chain may say this of another; a lie is for the auditor to find. */
  boolean anchored(long leaf, Leaf.Recorded anchor, boolean right) {
    if (!right && lying) {
      world.counts().did("continent: anchors of trees that are none");
      world.auditor().earn(self, Finding.Kind.RECORDED_CHECKPOINT, leaf, "NOT_APPROVED");
      world.diary().happens(world, this, "anchors a forged tree of " + anchor.origin());
    }
    return right || lying;
  }

  /** Whether it passes this municipality's blocks to its chain. */
  boolean anchors(ChainId town) {
    boolean passes = !lying || !omitted.contains(town);
    if (!passes) {
      world.counts().did("continent: anchors left out");
    }
    return passes;
  }

  /** Whether it tells a receiver of an offer by itself. */
  boolean tells() {
    return !lying || random.nextBoolean();
  }

  /** What it shows to a resident who asks for offers. */
  List<Offer> shown(AccountId reader, List<Offer> honest) {
    if (!lying) {
      return honest;
    }
    if (reader.local().hashCode() % 2 == 0) {
      world.counts().did("continent: lists kept back", honest.isEmpty() ? 0 : 1);
      return List.of();
    }
    List<Offer> shown = new ArrayList<>(honest);
    Offer other = world.audit().recent(random.nextInt(1_000));
    if (other != null) {
      shown.add(forged(other, reader));
    }
    return shown;
  }

  /** What it shows to another continent: something to one, less to the next, lies to a third. */
  Continent.Changes shown(ChainId reader, Continent.Changes honest) {
    int number = world.federation().continents().indexOf(reader) % 3;
    if (!lying || number == 0) {
      return honest;
    }
    List<Listing.Change> changes = new ArrayList<>();
    for (Listing.Change change : honest.changes()) {
      if (!change.listed()) {
        changes.add(change);
      } else if (number == 1) {
        world.counts().did("continent: offers kept back from another");
      } else {
        changes.add(new Listing.Change(forged(change.offer(), null), true));
      }
    }
    return new Continent.Changes(
        honest.epoch(), honest.from(), honest.whole(), changes, honest.next());
  }

  /** Of another amount, to somebody else, or of a leaf that offers nothing. */
  private Offer forged(Offer offer, @Nullable AccountId to) {
    world.counts().did("continent: offers that nobody made");
    int kind = random.nextInt(3);
    return new Offer(
        kind == 0 ? new TransferId(offer.transfer().origin(), 0) : offer.transfer(),
        offer.from(),
        to == null ? offer.to() : to,
        kind == 1 || to == null ? offer.amount().plus(offer.amount()) : offer.amount(),
        offer.validUntil(),
        offer.sendLeaf());
  }
}
