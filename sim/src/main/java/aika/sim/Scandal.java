package aika.sim;

import aika.core.approval.OriginUnreachableException;
import aika.core.follow.Chains;
import aika.core.follow.Log;
import aika.core.follow.Relay;
import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.ledger.SignedRecovery;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.note.Signer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The whole quorum of one municipality approves two histories. One is its chain's; on the other its
 * accomplices send to others what they keep on the first, and sometimes elect their own people.
 * Some chains are shown this one, and their residents receive there what they never get. Then every
 * other chain is shown the proof and believes these seats no more; a little later the
 * municipality's recovery quorum seats others, on the chain's own history.
 */
final class Scandal extends Actor implements Lasting {
  /** Some have been elected by then. */
  private static final int BEGINS_MILLIS = 9_000;

  private static final int STEP_MILLIS = 700;
  private static final int BELIEVED_MILLIS = 2_500;
  private static final int BELIEVED_MILLIS_MAX = 6_000;
  private static final int FROZEN_MILLIS = 5_000;
  private static final int ACCOMPLICES = 12;
  private static final int SENDS_EACH = 18;
  private static final int AMOUNT_MINOR_MAX = 300;
  private static final int VALID_MILLIS = 30_000;
  private static final int REJECTED_OF = 12;
  private static final int STAND_LEAVES = 7;

  /** More than the chain itself writes until others sit. */
  private static final int FAR_LEAVES = 1_500;

  private final ChainId corrupt;
  private final List<ChainId> towns;
  private final List<LogReader> shown = new ArrayList<>();
  private final Set<ChainId> brought = new HashSet<>();
  private final Set<ChainId> chose = new HashSet<>();
  private final long share;
  private @Nullable Fork fork;
  private long began;
  private long proven;
  private long seatedAt;
  private boolean over;

  /**
   * @param towns those that may be shown the other history
   */
  Scandal(World world, ChainId corrupt, List<ChainId> towns) {
    super(world, "scandal of " + corrupt);
    this.corrupt = corrupt;
    this.towns = towns;
    this.share = world.settings().transfers() / 10;
  }

  /** Whether new representatives sit, and whoever was shown the other history has dropped it. */
  @Override
  public boolean over() {
    return over;
  }

  /** The other history; null before it begins. */
  @Nullable Fork fork() {
    return fork;
  }

  @Override
  void started() {
    world.shows(this);
    world.keepBack(2 * share);
    after(BEGINS_MILLIS, () -> every(STEP_MILLIS, this::step));
  }

  @Override
  void crashed() {}

  private void step() {
    Fork other = fork;
    if (over) {
      return;
    }
    if (other == null) {
      begin();
      return;
    }
    shown.stream().filter(reader -> reader.misled(corrupt)).forEach(r -> show(other, r.self));
    ConflictProof proof = other.conflict();
    if (proof == null || !believed(other)) {
      return;
    }
    world.chains().stream().filter(this::records).forEach(chain -> convict(chain, proof));
    shown.forEach(reader -> insist(other, world.chain(reader.self)));
    if (world.now() >= proven + FROZEN_MILLIS) {
      if (seatedAt == 0) {
        recover();
      } else {
        end();
      }
    }
  }

  /** Whether it is time for the proof: all have recorded what they are shown, or nearly so. */
  private boolean believed(Fork other) {
    boolean all = shown.stream().allMatch(reader -> other.recorded(reader.self) == other.size());
    long since = world.now() - began;
    if (proven == 0 && since >= (all ? BELIEVED_MILLIS : BELIEVED_MILLIS_MAX)) {
      proven = world.now();
    }
    return proven > 0;
  }

  private boolean records(Chain chain) {
    ChainId id = chain.id();
    return id.municipal() ? !id.equals(corrupt) : id.equals(corrupt.continent());
  }

  /** The other history is there at once: nobody but its own people has a say in it. */
  private void begin() {
    Chain chain = world.chain(corrupt);
    if (chain.approvedSize() == 0) {
      return;
    }
    Fork begun;
    try {
      begun = new Fork(world, chain, this);
    } catch (OriginUnreachableException later) {
      return; // the next step tries again
    }
    List<LogReader> readers = readers();
    write(begun, receivers(readers));
    if (begun.size() == begun.shared()) {
      return; // nobody has an account yet
    }
    world.counts().did("scandal: leaves of the other history", begun.size() - begun.shared());
    fork = begun;
    began = world.now();
    for (LogReader reader : readers) {
      reader.mislead(corrupt);
      shown.add(reader);
    }
    world.audit().forked(begun.offers());
    world.keepBack(-share);
    world.wallet(Wallet.first(corrupt)).errands().standingOrder(); // its chain goes on as well
    world.diary().happens(world, this, "begins another history behind leaf " + begun.shared());
  }

  /** A municipality or two, and sometimes the continent; none with which the chain is executed. */
  private List<LogReader> readers() {
    List<LogReader> found = new ArrayList<>();
    Shard home = world.shard(corrupt);
    List<ChainId> others =
        towns.stream()
            .filter(town -> !home.hosts(town) && world.follower(town).follows(corrupt))
            .toList();
    for (int i = 0; i < others.size() && i <= random.nextInt(2); i++) {
      found.add(world.follower(others.get(i)));
    }
    Continent continent = world.continent(corrupt.continent());
    if (continent.liar() == null && (others.isEmpty() || random.nextBoolean())) {
      found.add(continent);
    }
    return found;
  }

  private List<AccountId> receivers(List<LogReader> readers) {
    Set<ChainId> places = new HashSet<>();
    readers.forEach(reader -> places.add(reader.self));
    return world.wallets().stream()
        .filter(wallet -> wallet.ready() && places.contains(wallet.account().chain()))
        .map(Wallet::account)
        .toList();
  }

  /** What its people want to stand there; now and then more than the chain itself will write. */
  private void write(Fork on, List<AccountId> receivers) {
    List<Wallet> accomplices =
        world.wallets().stream()
            .filter(wallet -> wallet.account().chain().equals(corrupt))
            .limit(ACCOMPLICES)
            .toList();
    for (int i = 0; i < SENDS_EACH && !receivers.isEmpty(); i++) {
      for (Wallet accomplice : accomplices) {
        on.order(send(accomplice, receivers.get(random.nextInt(receivers.size()))));
      }
    }
    long term = on.head().term();
    long until = on.size() + (random.nextBoolean() ? FAR_LEAVES : 1);
    for (int i = 0; on.size() < until && i < 2 * FAR_LEAVES; i++) {
      Wallet accomplice = accomplices.get(i % accomplices.size());
      on.order(i % STAND_LEAVES == 0 ? stand(accomplice, i) : standingOrder(accomplice));
    }
    on.seal();
    world.counts().did("scandal: terms that ended on the other history", on.head().term() - term);
  }

  private Order.Header header() {
    OrderId id = new OrderId(new UUID(world.intent(), 0));
    return new Order.Header(world.directory().federation(), id, soon());
  }

  private long soon() {
    return (world.now() + VALID_MILLIS) / 1000 * 1000;
  }

  private SignedOrder send(Wallet from, AccountId to) {
    Money amount = Money.ofMinor(1 + random.nextInt(AMOUNT_MINOR_MAX));
    return from.signed(new Order.Send(header(), from.account(), to, amount, soon(), null));
  }

  private SignedOrder standingOrder(Wallet of) {
    return of.signed(new Order.AutoReceive(header(), of.account(), Money.ofMinor(1)));
  }

  private SignedOrder stand(Wallet of, long number) {
    Signer seat = world.keys().seat("seat " + number + " of the other history of " + corrupt);
    Order.Header header = header();
    byte[] message = Order.Stand.possessionMessage(header, of.account());
    byte[] possession = world.keys().possession(seat.publicKey(), message);
    return of.signed(new Order.Stand(header, of.account(), seat.publicKey(), possession));
  }

  private void show(Fork other, ChainId to) {
    Chain chain = world.chain(to);
    if (other.recorded(to) < other.size()) {
      Relay.Cover cover =
          new Relay(only(other, chain), world.directory()).cover(to, corrupt, other.size());
      if (cover != null && !frozen(chain)) {
        Shard shard = world.shard(to);
        send(shard, () -> cover.first().forEach(record -> record(other, shard, to, record)));
      }
    } else if (brought.add(to)) {
      for (Offer offer : other.offers()) {
        if (offer.to().chain().equals(to)) {
          long index = offer.transfer().index();
          Action.Citation citation =
              new Action.Citation(index, other.size(), other.evidence(index, other.size()));
          boolean receive = random.nextInt(REJECTED_OF) != 0;
          world.wallet(offer.to()).decide(offer.transfer(), receive, citation);
        }
      }
    }
  }

  private static Chains only(Fork other, Chain chain) {
    return new Chains() {
      @Override
      public @Nullable Log log(ChainId id) {
        return id.equals(other.chain()) ? other : null;
      }

      @Override
      public @Nullable LedgerState served(ChainId id) {
        return id.equals(chain.id()) ? chain.state() : null;
      }
    };
  }

  private static void record(Fork other, Shard shard, ChainId to, Action.RecordCheckpoint record) {
    SignedCheckpoint signed = other.approvedAt(record.checkpoint().size());
    shard.record(to, record, signed, ignored -> {});
  }

  /** Whether it is of this history that a chain has recorded something. */
  boolean recorded(ChainId by, long index, Leaf.Recorded leaf) {
    Fork other = fork;
    Checkpoint checkpoint =
        new Checkpoint(world.directory().origin(leaf.origin()), leaf.size(), leaf.root());
    if (other == null || !leaf.origin().equals(corrupt) || !other.has(checkpoint)) {
      return false;
    }
    if (other.recorded(by) == 0) {
      world.counts().did("scandal: chains that recorded the other history");
      world.auditor().earnGivenUp(by, index);
    }
    other.recorded(by, leaf.size());
    return true;
  }

  /** A chain has recorded something of the history that was chosen. */
  void chosen(ChainId by, long size) {
    Fork other = fork;
    if (other != null && chose.add(by) && size < other.recorded(by)) {
      world.counts().did("scandal: chosen history shorter than what was recorded");
    }
  }

  private boolean frozen(Chain chain) {
    Row.Sitting row = chain.state().get(new Key.OfSitting(corrupt));
    return row != null && row.conflict();
  }

  private void convict(Chain chain, ConflictProof proof) {
    if (frozen(chain)) {
      return;
    }
    Row.Sitting row = chain.state().get(new Key.OfSitting(corrupt));
    Row.Sitting sitting = Row.Sitting.of(row, world.directory().entry(corrupt));
    for (Seats seats : sitting.convictable(world.now())) {
      if (world.authorization().convicted(proof, seats)) {
        Action.Convict convict = new Action.Convict(corrupt, seats.term(), proof);
        Shard shard = world.shard(chain.id());
        send(shard, () -> shard.convict(chain.id(), convict, ignored -> {}));
        return;
      }
    }
  }

  /** Its seats approve more of the other history, which nobody takes who has seen the proof. */
  private void insist(Fork other, Chain chain) {
    Row.Latest latest = chain.latest(corrupt);
    Row.Sitting row = chain.state().get(new Key.OfSitting(corrupt));
    if (latest == null || row == null || !row.conflict() || latest.size() != other.size()) {
      return;
    }
    ForgedTree more = new ForgedTree(other.tree(), latest.size());
    more.grow(random);
    Action.RecordCheckpoint record = more.record(world, corrupt, row.seats().term(), latest.size());
    SignedCheckpoint signed = other.approved(record.checkpoint(), row.seats());
    Shard shard = world.shard(chain.id());
    send(shard, () -> shard.record(chain.id(), record, signed, ignored -> {}));
  }

  private void recover() {
    SignedRecovery signed = new RecoveryQuorum(world, corrupt).seatsOthers("two histories");
    Shard shard = world.shard(corrupt);
    send(shard, () -> shard.recover(corrupt, signed, answer(shard, this::answered)));
  }

  private void answered(Answer answer) {
    if (answer instanceof Answer.Accepted accepted && seatedAt == 0) {
      seatedAt = accepted.index();
      world.keepBack(-share);
    }
  }

  /** Whoever was shown the other history drops it, once the new seats have approved their own. */
  private void end() {
    if (world.chain(corrupt).approvedSize() > seatedAt) {
      for (LogReader reader : shown) {
        if (frozen(world.chain(reader.self))) {
          reader.beginAnew(corrupt);
        }
      }
      over = shown.stream().noneMatch(reader -> reader.misled(corrupt));
    }
  }

  /**
   * What was received of the other history is owed to whoever received it, to the last yen and
   * within its limits; between all others, what one is owed the other owes.
   */
  void checkClaims() {
    Recount own = world.retention().recount(corrupt);
    Policy policy = world.directory().policy();
    for (Chain chain : world.chains()) {
      Row.Head head = chain.state().head();
      if (!chain.id().municipal() || chain.id().equals(corrupt) || head == null) {
        continue;
      }
      long owed = -world.retention().recount(chain.id()).dueTo(corrupt);
      long owes = own.dueTo(chain.id());
      long received = world.audit().receivedOfForks(chain.id());
      Violation.unless(
          owed - owes == received,
          () -> chain.id() + " is owed " + owed + " by " + corrupt + ", which owes " + owes);
      Row.Clearing row = chain.clearing(corrupt);
      long claim = row == null ? 0 : Math.max(0, -row.balance().minor());
      Violation.unless(
          claim <= policy.exposureMax().minor()
              && head.exposure().compareTo(policy.exposureSumMax()) <= 0,
          () -> chain.id() + " may lose " + claim + " by " + corrupt);
      world.counts().did("scandal: received of the other history, minor units", received);
    }
  }
}
