package aika.sim;

import aika.core.approval.CosignerRules;
import aika.core.approval.Execution;
import aika.core.approval.Replica;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees every leaf of every chain once, at the moment it is executed, and checks what must always
 * hold. It keeps its own books, from the leaves' postings; a transfer is forgotten when it ended.
 */
final class Audit {
  /** Clocks are never so wrong unless an adversary turns them. */
  private static final long LATE_MILLIS = 10_000;

  private final Counts counts;
  private final long keptMillis;
  private final Map<ChainId, Books> books = new LinkedHashMap<>();
  private final Map<TransferId, Transfer> open = new LinkedHashMap<>();
  private final Map<TransferId, Forked> forked = new HashMap<>();
  private final Map<ChainId, Long> receivedOfForks = new HashMap<>();
  private final Map<OutcomeKind, Long> unmatched = new EnumMap<>(OutcomeKind.class);
  private final Map<OrderKey, Long> orders = new HashMap<>();
  private final Set<Long> paid = new HashSet<>();
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();
  private final @Nullable Offer[] recent = new Offer[256];
  private final Map<AccountId, Long> standingOrders = new HashMap<>();
  private final Set<AccountId> frozen = new HashSet<>();
  private final Closures closures;
  private long persons;
  private long unreceived;
  private long issued;
  private long minted;

  /** When the leaf that it looks at was written, ms. */
  private long written;

  private record OrderKey(AccountId account, OrderId id) {}

  private record Kept(OrderKey key, long intent, long until) {}

  private static final class Transfer {
    final Offer offer;
    @Nullable OutcomeKind decision;
    boolean cancelAsked;

    Transfer(Offer offer) {
      this.offer = offer;
    }
  }

  /** A transfer that exists only on a history that somebody made up. */
  private static final class Forked {
    final Offer offer;
    boolean decided;

    Forked(Offer offer) {
      this.offer = offer;
    }
  }

  /**
   * @param keptMillis how long an order is remembered
   */
  Audit(Counts counts, long keptMillis) {
    this.counts = counts;
    this.closures = new Closures(counts);
    this.keptMillis = keptMillis;
  }

  Books books(ChainId chain) {
    return books.computeIfAbsent(chain, Books::new);
  }

  /** Transfers that have not ended. */
  int openTransfers() {
    return open.size();
  }

  /** Offers about which nobody has decided. */
  List<Offer> undecided() {
    return open.values().stream()
        .filter(transfer -> transfer.decision == null)
        .map(transfer -> transfer.offer)
        .toList();
  }

  String firstOpen() {
    return open.isEmpty() ? "none" : open.values().iterator().next().offer.toString();
  }

  /** Some recently made offer, or null. */
  @Nullable Offer recent(int number) {
    return recent[number % recent.length];
  }

  /**
   * A chain has a leaf.
   *
   * @param at when it was written, by the right time, ms
   */
  void applied(ChainId chain, Entry entry, Row.Head head, long at) {
    written = at;
    counts.leaves++;
    Leaf leaf = entry.leaf();
    Books book = books(chain);
    book.post(entry, head);
    persons += book.personChange();
    issued += book.issuedChange();
    switch (leaf) {
      case Leaf.Executed executed -> executed(chain, book, entry, executed, head);
      case Leaf.Concluded concluded -> {
        decided(chain, book, entry, concluded.decision(), head);
      }
      case Leaf.Settled settled -> settled(chain, book, settled);
      case Leaf.Genesis genesis -> book.nothingMoved();
      case Leaf.Recorded recorded -> book.nothingMoved();
      case Leaf.Paid paid -> sent(book, entry, paid.from());
      case Leaf.Sealed sealed -> book.nothingMoved();
      case Leaf.Elected elected -> {
        book.nothingMoved();
        counts.elections++;
      }
      case Leaf.Recovered recovered -> {
        book.nothingMoved();
        closures.decided(recovered);
      }
      case Leaf.Conflicting conflicting -> {
        book.nothingMoved();
        counts.convictions++;
      }
    }
    check();
  }

  /** A corrupt municipality gives itself money that nobody issued. */
  void minted(ChainId chain, AccountId account, long amount) {
    books(chain).mint(account, amount);
    persons += amount;
    minted += amount;
  }

  /**
   * Another history makes these offers. Whoever is shown it may decide about them, and then never
   * about one of the same number; what is received so is money from nothing.
   */
  void forked(List<Offer> offers) {
    offers.forEach(offer -> forked.put(offer.transfer(), new Forked(offer)));
  }

  /** What a chain has received of a history that was given up. */
  long receivedOfForks(ChainId by) {
    return receivedOfForks.getOrDefault(by, 0L);
  }

  /**
   * Leaves that decide so and end no hold, since they are about a history that was given up; less
   * holds that end so without such a leaf, since their number was decided there.
   */
  long unmatched(OutcomeKind kind) {
    return unmatched.getOrDefault(kind, 0L);
  }

  /** Money that was made from nothing. */
  long minted() {
    return minted;
  }

  /** The federation's conservation rule, but for what is known to be made from nothing. */
  void check() {
    if (persons + unreceived != issued + minted) {
      throw new Violation(
          "money is not conserved: residents have "
              + persons
              + ", on the way are "
              + unreceived
              + ", issued were "
              + issued
              + ", made from nothing "
              + minted);
    }
  }

  private void executed(ChainId chain, Books book, Entry entry, Leaf.Executed leaf, Row.Head head) {
    Order order = leaf.order().order();
    once(chain, entry, order);
    counts.ordered(order.kind());
    Violation.unless(
        !frozen.contains(order.account()) || mayBeFrozen(order),
        () -> order.kind() + " in the name of " + order.account() + ", which is frozen");
    closures.ordered(chain, order);
    switch (order) {
      case Order.Open opened -> book.nothingMoved();
      case Order.Issue issue -> {
        long amount = issue.amount().minor();
        book.moved(amount, 0, amount);
      }
      case Order.Send send -> {
        sent(book, entry, send.from());
        Violation.unless(
            paid.add(intent(order)), () -> "paid twice: " + entry.index() + " by " + send.from());
      }
      case Order.SendBatch batch -> {
        sent(book, entry, batch.from());
        Violation.unless(
            paid.add(intent(order)), () -> "paid twice: " + entry.index() + " by " + batch.from());
      }
      case Order.Redeem redeem -> {
        long amount = redeem.amount().minor();
        book.moved(-amount, 0, -amount);
      }
      case Order.Clear clear -> book.cleared(clear.counterpart());
      case Order.AutoReceive standing -> {
        book.nothingMoved();
        standingOrders.put(standing.account(), standing.limit().minor());
      }
      case Order.Freeze freeze -> {
        book.nothingMoved();
        boolean changed =
            freeze.frozen() ? frozen.add(freeze.account()) : frozen.remove(freeze.account());
        Violation.unless(changed, () -> freeze.account() + " is already so: " + freeze.kind());
      }
      case Order.Close close -> {
        book.nothingMoved();
        closures.closed(close.account(), book.balance(close.account()), holds(close.account()));
      }
      case Order.Decide decide -> decided(chain, book, entry, leaf.decision(), head);
      case Order.Cancel cancel -> {
        book.nothingMoved();
        Transfer transfer = transfer(cancel.transfer(), "is cancelled");
        Violation.unless(
            transfer.offer.from().equals(cancel.account()),
            () -> cancel.transfer() + " is cancelled by a stranger");
        transfer.cancelAsked = true;
      }
      default -> book.nothingMoved();
    }
  }

  private boolean holds(AccountId account) {
    return open.values().stream().anyMatch(one -> one.offer.from().equals(account));
  }

  private static boolean mayBeFrozen(Order order) {
    return order instanceof Order.Freeze
        || order instanceof Order.RecoverKey
        || order instanceof Order.VetoRecovery;
  }

  private void sent(Books book, Entry entry, AccountId from) {
    TransferId id = new TransferId(from.chain(), entry.index());
    Offer offer = entry.leaf().offer(id, entry.hash());
    if (offer == null || !offer.amount().isPositive() || !offer.from().equals(from)) {
      throw new Violation(id + " is no offer");
    }
    long amount = offer.amount().minor();
    book.moved(-amount, amount, 0);
    open.put(id, new Transfer(offer));
    unreceived += amount;
    recent[(int) (counts.sent++ % recent.length)] = offer;
  }

  private static long intent(Order order) {
    return order.header().id().value().getMostSignificantBits();
  }

  private void once(ChainId chain, Entry entry, Order order) {
    long time = entry.leaf().time();
    Violation.unless(
        time <= order.header().notAfter(),
        () -> chain + " executes a stale order at " + entry.index());
    long now = written;
    if (now > order.header().notAfter() + LATE_MILLIS) {
      counts.did("clocks: orders taken after their time");
    }
    for (Kept old = kept.peek(); old != null && old.until < now; old = kept.peek()) {
      kept.remove();
      orders.remove(old.key);
      paid.remove(old.intent);
    }
    OrderKey key = new OrderKey(order.account(), order.header().id());
    Long earlier = orders.put(key, entry.index());
    Violation.unless(
        earlier == null,
        () -> chain + " executes order " + key.id + " at " + earlier + " and " + entry.index());
    kept.add(new Kept(key, intent(order), now + keptMillis));
  }

  /** A wallet was told that its order is leaf {@code index}. */
  void acknowledged(Order order, long index) {
    if (books.isEmpty()) {
      return; // told to look away
    }
    Long found = orders.get(new OrderKey(order.account(), order.header().id()));
    Violation.unless(
        found != null && found == index,
        () -> "an order was acknowledged as leaf " + index + " but is leaf " + found);
  }

  private Transfer transfer(TransferId id, String what) {
    Transfer transfer = open.get(id);
    if (transfer == null) {
      throw new Violation(id + " " + what + " but does not exist or has ended");
    }
    return transfer;
  }

  private void decided(
      ChainId chain, Books book, Entry entry, Leaf.@Nullable Decision decision, Row.Head head) {
    if (decision == null) {
      throw new Violation(chain + " leaf " + entry.index() + " decides nothing");
    }
    TransferId id = decision.transfer();
    Forked other = forked.get(id);
    if (other != null && other.offer.sendLeaf().equals(decision.sendLeaf())) {
      decidedOfFork(chain, book, other, decision.kind(), head);
      return;
    }
    Transfer transfer = transfer(id, "is decided");
    Offer offer = transfer.offer;
    OutcomeKind kind = decision.kind();
    Violation.unless(
        !decidedElse(id, chain), () -> id + " is " + kind + " and was decided of another history");
    Violation.unless(
        transfer.decision == null, () -> id + " is " + transfer.decision + " and then " + kind);
    Violation.unless(offer.to().chain().equals(chain), () -> id + " is decided by " + chain);
    Violation.unless(
        offer.sendLeaf().equals(decision.sendLeaf()), () -> id + " is of another send");
    transfer.decision = kind;
    closures.decided(entry.leaf(), offer, kind);
    long time = entry.leaf().time();
    if (entry.leaf() instanceof Leaf.Executed executed) {
      AccountId by = executed.order().order().account();
      Violation.unless(offer.to().equals(by), () -> id + " is decided by a stranger");
    }
    if (entry.leaf() instanceof Leaf.Concluded && kind == OutcomeKind.RECEIVED) {
      long limit = standingOrders.getOrDefault(offer.to(), 0L);
      Violation.unless(offer.amount().minor() <= limit, () -> id + " is beyond a standing order");
    }
    switch (kind) {
      case RECEIVED -> {
        Violation.unless(time < offer.validUntil(), () -> id + " is received too late");
        if (written > offer.validUntil() + LATE_MILLIS) {
          counts.did("clocks: received after their time");
        }
        book.received(id.origin(), offer.amount().minor(), head);
        unreceived -= offer.amount().minor();
        counts.received++;
      }
      case REJECTED -> {
        book.nothingMoved();
        counts.rejected++;
      }
      case CANCELLED -> {
        book.nothingMoved();
        Violation.unless(transfer.cancelAsked, () -> id + " is cancelled though nobody asked");
        counts.cancelled++;
      }
      case EXPIRED -> {
        book.nothingMoved();
        Violation.unless(time >= offer.validUntil(), () -> id + " expires too early");
        counts.expired++;
      }
    }
  }

  /** Whether this chain has decided about another transfer of that number. */
  private boolean decidedElse(TransferId id, ChainId by) {
    Forked other = forked.get(id);
    return other != null && other.decided && other.offer.to().chain().equals(by);
  }

  private void decidedOfFork(
      ChainId chain, Books book, Forked other, OutcomeKind kind, Row.Head head) {
    Offer offer = other.offer;
    TransferId id = offer.transfer();
    Transfer real = open.get(id);
    Violation.unless(!other.decided, () -> id + " of another history is decided twice");
    Violation.unless(offer.to().chain().equals(chain), () -> id + " is decided by " + chain);
    Violation.unless(
        real == null || real.decision == null || !real.offer.to().chain().equals(chain),
        () -> id + " is decided, and then of another history");
    other.decided = true;
    unmatched.merge(kind, 1L, Long::sum);
    long amount = offer.amount().minor();
    if (kind == OutcomeKind.RECEIVED) {
      book.received(id.origin(), amount, head);
      minted += amount;
      receivedOfForks.merge(chain, amount, Long::sum);
      counts.did("scandal: received of the other history");
    } else {
      book.nothingMoved();
    }
  }

  private void settled(ChainId chain, Books book, Leaf.Settled leaf) {
    long received = 0;
    long refunded = 0;
    for (Leaf.Ended ended : leaf.ended()) {
      TransferId id = new TransferId(chain, ended.hold());
      Transfer transfer = transfer(id, "is settled");
      if (decidedElse(id, leaf.from()) && ended.kind() == OutcomeKind.CANCELLED) {
        transfer.decision = ended.kind(); // [E-9] its number is taken
        counts.cancelled++;
        unmatched.merge(ended.kind(), -1L, Long::sum);
        counts.did("scandal: refunded since its number was decided there");
      }
      Violation.unless(
          transfer.decision == ended.kind(),
          () -> id + " is settled as " + ended.kind() + " but was decided " + transfer.decision);
      Violation.unless(
          transfer.offer.to().chain().equals(leaf.from()),
          () -> id + " is settled by " + leaf.from());
      long amount = transfer.offer.amount().minor();
      if (ended.kind() == OutcomeKind.RECEIVED) {
        received += amount;
      } else {
        refunded += amount;
      }
      open.remove(id);
      counts.ended++;
    }
    book.settled(leaf.from(), received, refunded);
    unreceived -= refunded;
  }

  /** A seat is about to cosign. */
  void cosigned(Chain chain, CosignerRules.Signed signed) {
    same(chain, signed.size(), signed.root(), "a seat signs");
  }

  void approved(Chain chain, Checkpoint checkpoint) {
    counts.approvals++;
    same(chain, checkpoint.size(), checkpoint.root(), "a quorum approves");
  }

  /** A separate cosigner has executed up to a seal. */
  void replicated(Chain chain, Replica replica) {
    long size = replica.size();
    Execution.Sealed sealed = replica.sealed(chain.id(), size);
    if (sealed == null) {
      throw new Violation(chain.id() + " replica has no seal at " + size);
    }
    same(chain, size, sealed.root(), "a replica reaches");
  }

  private static void same(Chain chain, long size, Hash root, String what) {
    Violation.unless(
        size <= chain.size() && chain.tree().root(size).equals(root),
        () -> what + " another root of " + chain.id() + " at " + size);
  }
}
