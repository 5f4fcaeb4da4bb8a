package aika.sim;

import aika.core.follow.Anchoring;
import aika.core.follow.OfferList;
import aika.core.follow.Step;
import aika.core.ledger.Action;
import aika.core.ledger.LeafText;
import aika.core.ledger.Offer;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A continental node beside its chain: anchors its municipalities and lists their offers with the
 * core's followers, and copies the other continents' lists.
 */
final class Continent extends LogReader {
  private static final int TICK_MILLIS = 300;
  private static final int SWEEP_MILLIS = 10_000;
  private static final long KEPT_MILLIS = 20_000;

  private final OfferList list;
  private final Anchoring anchoring;
  private final Map<ChainId, Stepping<Step>> anchors = new LinkedHashMap<>();
  private final Map<ChainId, Copy> copies = new LinkedHashMap<>();

  /** The list as others copy it. */
  private Listing own = new Listing();

  private long epoch = 1;
  private @Nullable LyingContinent liar;

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
    super(world, "continent " + id, id);
    list = new OfferList(this, rows, KEPT_MILLIS);
    anchoring = new Anchoring(this, world.directory());
    follow(id);
  }

  @Override
  void follow(ChainId id) {
    super.follow(id);
    if (id.municipal()) {
      anchors.put(id, new Stepping<>(this, () -> anchoring.next(id), step -> {}));
    }
  }

  /** From now on this one speaks for it. */
  void corrupt(LyingContinent by) {
    liar = by;
  }

  /** Who speaks for it; null while it is honest. */
  @Nullable LyingContinent liar() {
    return liar;
  }

  void exchange(Continent other) {
    copies.put(other.self, new Copy(other));
  }

  @Override
  void started() {
    super.started();
    list.all(offer -> own.add(world.sabotage().lists(offer)));
    every(TICK_MILLIS, () -> copies.values().forEach(this::copy));
    every(SWEEP_MILLIS, this::sweep);
  }

  @Override
  void crashed() {
    super.crashed();
    anchors.values().forEach(Stepping::forget);
    for (Copy copy : copies.values()) {
      copy.list = new Listing();
      copy.unchecked.clear();
      copy.epoch = 0;
      copy.next = 0;
    }
    own = new Listing();
    epoch++;
  }

  @Override
  long seen(ChainId id) {
    return list.seen(id);
  }

  @Override
  long needs(ChainId id) {
    rows.sync();
    long[] oldest = {seen(id)};
    list.all(offer -> {
      if (offer.transfer().origin().equals(id)) {
        oldest[0] = Math.min(oldest[0], offer.transfer().index());
      }
    });
    return oldest[0];
  }

  @Override
  void read(ChainId id) {
    Stepping<Step> anchor = anchors.get(id);
    if (anchor != null && (liar == null || liar.anchors(id))) {
      anchor.advance();
    }
    for (boolean more = true; more; ) {
      OfferList.Read read = list.read(self);
      for (Offer honest : read.listed()) {
        Offer offer = world.sabotage().lists(honest);
        own.add(offer);
        tell(offer);
      }
      read.ended().forEach(offer -> own.remove(offer.transfer()));
      more = read.more();
    }
    forget(self);
    forget(id); // what is listed of others is forgotten when they go on
  }

  private void sweep() {
    for (byte[] next = new byte[0]; next != null; ) {
      OfferList.Swept swept = list.sweep(next, world.now());
      swept.dropped().forEach(offer -> own.remove(offer.transfer()));
      next = swept.next();
    }
  }

  /** Whose offers wait, on whatever continent they were made. */
  void offers(AccountId receiver, Consumer<List<Offer>> answer) {
    List<Offer> found = new ArrayList<>(list.to(receiver, Integer.MAX_VALUE));
    copies.values().forEach(copy -> found.addAll(copy.list.of(receiver)));
    answer.accept(liar == null ? found : liar.shown(receiver, found));
  }

  /** What changed here since another continent last asked. */
  void changes(Continent reader, long knownEpoch, long from, Consumer<Changes> answer) {
    boolean whole = knownEpoch != epoch || !own.remembers(from);
    List<Listing.Change> changes =
        whole
            ? own.all().stream().map(offer -> new Listing.Change(offer, true)).toList()
            : own.since(from);
    Changes honest = new Changes(epoch, from, whole, changes, own.nextChange());
    answer.accept(liar == null ? honest : liar.shown(reader.self, honest));
  }

  private void tell(Offer offer) {
    boolean tells = liar == null || liar.tells();
    if (tells && offer.to().chain().continent().equals(self)) {
      Wallet wallet = world.wallet(offer.to());
      send(wallet, () -> wallet.offered(offer));
    }
  }

  private void copy(Copy copy) {
    copy.unchecked.removeIf(offer -> check(copy, offer));
    Continent of = copy.of;
    long known = copy.epoch;
    long from = copy.next;
    send(of, () -> of.changes(this, known, from, answer(of, changes -> copied(copy, changes))));
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

  private static Row.Recorded tree(ChainId origin, Checkpoint approved) {
    return new Row.Recorded(origin, approved.size(), approved.root());
  }

  /**
   * Lists another continent's offer once its leaf is found in its municipality's approved log; to
   * save time only for receivers of this continent, where all continents are honest. Returns
   * whether it is dealt with.
   */
  private boolean check(Copy copy, Offer offer) {
    TransferId transfer = offer.transfer();
    boolean here = offer.to().chain().continent().equals(self);
    if (here || world.settings().adversaries().contains(Adversary.CONTINENT)) {
      Shard origin = world.shard(transfer.origin());
      SignedCheckpoint approved = origin.chain(transfer.origin()).approved();
      if (!origin.up() || approved == null || world.apart(this, origin)) {
        return false;
      }
      if (transfer.index() < origin.chain(transfer.origin()).firstKept()) {
        return true; // it ended long ago
      }
      Action.Proof proof =
          world.logs(this).proof(tree(transfer.origin(), approved.checkpoint()), transfer.index());
      if (!proven(offer, approved, proof)) {
        Violation.unless(
            copy.of.liar != null,
            () -> copy.of + " lists an offer that " + transfer.origin() + " did not make");
        world.counts().did("continent: offers that others did not believe");
        if (!world.sabotage().believesLists()) {
          return true;
        }
      }
      Violation.unless(
          offer.equals(world.chain(transfer.origin()).offer(transfer.index())),
          () -> this + " believes an offer that " + transfer.origin() + " did not make");
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
}
