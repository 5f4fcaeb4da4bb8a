package aika.core.follow;

import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.ledger.Wire;
import aika.core.log.Proofs;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The pending list (保留リスト): transfers that stand on a continental main chain and wait for their
 * receivers. A view, not consensus: it follows the continental chains' approved leaves and, below
 * each anchor there, the municipality's leaves. An offer goes when it has ended, or some time after
 * its valid-until.
 *
 * <p>An anchor whose leaves cannot be read is set aside and tried again: its municipality's log may
 * be late, or may never show them, since they are of a branch that was given up. Anchors of a
 * municipality whose log is not read here at all are passed by, but for the newest: should the log
 * be read one day, what stands below it is listed then.
 */
public class OfferList {
  private static final String NAME = "pending";
  private static final String PASSED = "pending.passed";
  private static final int LEAVES_MAX = 20_000;
  private static final int SWEEP_MAX = 10_000;

  /** Anchors that are tried again in one look. */
  private static final int AGAIN_MAX = 16;

  private final Chains chains;
  private final Rows rows;
  private final long keptMillis;
  private final Cursors cursors;

  /** Of each continent, where the next look goes on among the anchors that were set aside. */
  private final Map<ChainId, byte[]> again = new HashMap<>();

  /**
   * @param keptMillis how long after its valid-until an offer that has not ended stays on the list
   */
  public OfferList(Chains chains, Rows rows, long keptMillis) {
    this.chains = chains;
    this.rows = rows;
    this.keptMillis = keptMillis;
    this.cursors = new Cursors(rows, NAME);
  }

  /** What one look changed. */
  public static final class Read {
    private final Changes changes = new Changes();
    private final Map<ChainId, Long> municipal = new HashMap<>();
    private final List<Offer> listed = new ArrayList<>();
    private final List<Offer> ended = new ArrayList<>();
    private final List<ChainId> aside = new ArrayList<>();
    private final Map<ChainId, Anchor> passed = new HashMap<>();
    private long left = LEAVES_MAX;

    private Read() {}

    public List<Offer> listed() {
      return listed;
    }

    public List<Offer> ended() {
      return ended;
    }

    /** The municipalities whose anchors were set aside in this look. */
    public List<ChainId> aside() {
      return aside;
    }

    /** The municipalities whose anchors were passed by in this look. */
    public Set<ChainId> passed() {
      return passed.keySet();
    }

    /** Whether there is more to read at once. */
    public boolean more() {
      return left <= 0;
    }
  }

  private enum Found {
    LISTED,
    /** There are more leaves than one look reads. */
    PARTLY,
    UNREADABLE,
    /** Nobody reads this municipality here, or its log is only coming. */
    PASSED
  }

  /**
   * Reads on in a continental chain; anchors whose leaves cannot be read are set aside, and some of
   * those that were are tried again.
   */
  public Read read(ChainId continent) {
    Read read = new Read();
    tryAgain(read, continent);
    Log log = chains.log(continent);
    long from = cursors.of(continent);
    long next = from;
    while (log != null && next < log.readable() && read.left > 0) {
      Entry entry = log.entry(next);
      if (entry.leaf() instanceof Leaf.Recorded leaf) {
        Anchor anchor = Anchor.of(leaf, entry.index());
        Found found = listOrPass(read, anchor);
        if (found == Found.PARTLY) {
          break;
        }
        if (found == Found.UNREADABLE) {
          setAside(read, continent, anchor);
        }
      }
      next++;
      read.left--;
    }
    if (next > from) {
      cursors.set(read.changes, continent, next);
    }
    return written(read);
  }

  /**
   * Lists what stands below the newest anchor of this municipality that was passed by, as far as
   * its log is here by now.
   */
  public Read takeUp(ChainId municipality) {
    Read read = new Read();
    Anchor anchor = passed(municipality);
    Log log = chains.log(municipality);
    if (anchor == null || log == null || log.readable() < anchor.size()) {
      return read;
    }
    Found found = list(read, anchor);
    if (found != Found.PARTLY) {
      read.changes.delete(Rows.Table.CURSORS, passedKey(municipality));
      if (found != Found.LISTED) { // the log is here, but it is another branch
        setAside(read, municipality.continent(), anchor);
      }
    }
    return written(read);
  }

  private static void setAside(Read read, ChainId continent, Anchor anchor) {
    read.changes.put(Rows.Table.ASIDE, anchor.key(continent), anchor.value());
    read.aside.add(anchor.municipality());
  }

  private Read written(Read read) {
    read.passed.forEach((id, anchor) -> {
      byte[] index = new Wire(Long.BYTES).i64(anchor.index()).toBytes();
      read.changes.put(Rows.Table.CURSORS, passedKey(id), RowKey.with(index, anchor.value()));
    });
    if (!read.changes.list().isEmpty()) {
      rows.write(read.changes);
    }
    return read;
  }

  /** Whether something of this municipality was passed by that can be taken up. */
  public boolean hasPassed(ChainId municipality) {
    return rows.get(Rows.Table.CURSORS, passedKey(municipality)) != null;
  }

  private @Nullable Anchor passed(ChainId municipality) {
    byte[] found = rows.get(Rows.Table.CURSORS, passedKey(municipality));
    if (found == null) {
      return null;
    }
    Wire.Reader in = new Wire.Reader(found);
    long index = in.i64();
    return new Anchor(municipality, in.i64(), in.hash(), index, in.i64());
  }

  private static byte[] passedKey(ChainId municipality) {
    return RowKey.with(RowKey.text(PASSED), RowKey.of(municipality));
  }

  private void tryAgain(Read read, ChainId continent) {
    byte[] all = RowKey.of(continent);
    byte[] end = RowKey.after(all);
    List<byte[]> seen = new ArrayList<>();
    List<Anchor> anchors = new ArrayList<>();
    rows.scan(
        Rows.Table.ASIDE,
        again.getOrDefault(continent, all),
        end,
        (key, value) -> {
          seen.add(key);
          anchors.add(Anchor.of(key, value));
          return seen.size() < AGAIN_MAX;
        });
    for (int i = 0; i < anchors.size() && read.left > 0; i++) {
      Found found = listOrPass(read, anchors.get(i));
      if (found == Found.LISTED || found == Found.PASSED) {
        read.changes.delete(Rows.Table.ASIDE, seen.get(i));
      }
      read.left--;
    }
    again.put(continent, seen.size() < AGAIN_MAX ? all : seen.getLast());
  }

  /** Of what is passed by, the newest covers all. */
  private Found listOrPass(Read read, Anchor anchor) {
    Found found = list(read, anchor);
    if (found != Found.UNREADABLE) {
      return found;
    }
    ChainId id = anchor.municipality();
    Log municipality = chains.log(id);
    Anchor known = read.passed.containsKey(id) ? read.passed.get(id) : passed(id);
    boolean passes =
        municipality == null || known != null && municipality.readable() < anchor.size();
    if (passes && (known == null || known.index() < anchor.index())) {
      read.passed.put(id, anchor);
    }
    return passes ? Found.PASSED : Found.UNREADABLE;
  }

  /** Reads the leaves below an anchor, once its municipality's log shows exactly these. */
  private Found list(Read read, Anchor anchor) {
    ChainId id = anchor.municipality();
    Log municipality = chains.log(id);
    if (municipality == null
        || municipality.readable() < anchor.size()
        || !Proofs.root(anchor.size(), municipality.nodes()).equals(anchor.root())) {
      return Found.UNREADABLE;
    }
    long from = read.municipal.computeIfAbsent(id, cursors::of);
    long to = Math.max(from, Math.min(anchor.size(), from + read.left));
    for (long i = from; i < to; i++) {
      for (Consequence found : Consequence.of(id, municipality.entry(i))) {
        switch (found) {
          case Consequence.Offered offered -> list(read, offered.offer(), anchor.time());
          case Consequence.Ended ended -> drop(read, municipality.offer(ended.transfer().index()));
          case Consequence.Decided decided -> {}
          case Consequence.CancelAsked asked -> {}
          case Consequence.Closed closed -> {}
        }
      }
    }
    read.left -= to - from;
    if (to > from) {
      read.municipal.put(id, to);
      cursors.set(read.changes, id, to);
    }
    if (to < anchor.size()) {
      return Found.PARTLY;
    }
    byte[] when = new Wire(2 * Long.BYTES).i64(anchor.index()).i64(anchor.time()).toBytes();
    read.changes.put(Rows.Table.ANCHORS, RowKey.of(id, anchor.size()), when);
    return Found.LISTED;
  }

  private void list(Read read, Offer offer, long time) {
    if (over(offer, time)) {
      return;
    }
    byte[] key = key(offer.to(), offer.transfer());
    read.changes
        .put(Rows.Table.OFFERS, key, bytes(offer))
        .put(Rows.Table.SENT, key(offer.from(), offer.transfer()), key);
    read.listed.add(offer);
  }

  private boolean over(Offer offer, long time) {
    return time - keptMillis >= offer.validUntil();
  }

  private static void drop(Read read, @Nullable Offer offer) {
    if (offer != null) {
      drop(read.changes, offer);
      read.ended.add(offer);
    }
  }

  private static void drop(Changes changes, Offer offer) {
    changes
        .delete(Rows.Table.OFFERS, key(offer.to(), offer.transfer()))
        .delete(Rows.Table.SENT, key(offer.from(), offer.transfer()));
  }

  /**
   * What a sweep dropped, and where it goes on.
   *
   * @param next null when all was looked at
   */
  public record Swept(List<Offer> dropped, byte @Nullable [] next) {}

  /**
   * Drops offers that should have ended long ago; to be called again until nothing is next.
   *
   * @param from empty to begin with
   * @param now ms since 1970
   */
  public Swept sweep(byte[] from, long now) {
    Changes changes = new Changes();
    List<Offer> dropped = new ArrayList<>();
    List<byte[]> seen = new ArrayList<>();
    rows.scan(
        Rows.Table.OFFERS,
        from,
        END,
        (key, value) -> {
          Offer offer = offer(value);
          if (over(offer, now)) {
            drop(changes, offer);
            dropped.add(offer);
          }
          seen.add(key);
          return seen.size() < SWEEP_MAX;
        });
    rows.write(changes);
    boolean all = seen.size() < SWEEP_MAX;
    return new Swept(dropped, all ? null : RowKey.with(seen.getLast(), new byte[1]));
  }

  /** Open offers to one account, the oldest of each origin first. */
  public List<Offer> to(AccountId receiver, int limit) {
    return scan(RowKey.text(receiver.toString()), limit, offer -> true);
  }

  /** The same, but only those that can still be received at {@code time}, ms. */
  public List<Offer> receivable(AccountId receiver, long time, int limit) {
    byte[] prefix = RowKey.text(receiver.toString());
    return scan(prefix, limit, offer -> offer.validUntil() > time);
  }

  /** The same, to all accounts of a municipality or a continent. */
  public List<Offer> receivable(ChainId place, long time, int limit) {
    byte[] prefix = RowKey.ascii(place.value() + (place.municipal() ? '/' : '-'));
    return scan(prefix, limit, offer -> offer.validUntil() > time);
  }

  /** Open offers of one account, the oldest first. */
  public List<Offer> from(AccountId sender, int limit) {
    List<Offer> found = new ArrayList<>();
    byte[] prefix = RowKey.text(sender.toString());
    rows.scan(
        Rows.Table.SENT,
        prefix,
        RowKey.after(prefix),
        (key, offerKey) -> {
          byte[] value = rows.get(Rows.Table.OFFERS, offerKey);
          if (value != null && !decided(offer(value))) { // dropped together with its entry here
            found.add(offer(value));
          }
          return found.size() < limit;
        });
    return found;
  }

  private List<Offer> scan(byte[] prefix, int limit, Predicate<Offer> wanted) {
    List<Offer> found = new ArrayList<>();
    rows.scan(
        Rows.Table.OFFERS,
        prefix,
        RowKey.after(prefix),
        (key, value) -> {
          Offer offer = offer(value);
          if (wanted.test(offer) && !decided(offer)) {
            found.add(offer);
          }
          return found.size() < limit;
        });
    return found;
  }

  /** Every offer on the list. */
  public void all(Consumer<Offer> visitor) {
    rows.scan(
        Rows.Table.OFFERS,
        new byte[0],
        END,
        (key, value) -> {
          visitor.accept(offer(value));
          return true;
        });
  }

  /** The receiver's chain may have decided already while the origin has not settled yet. */
  private boolean decided(Offer offer) {
    LedgerState receiver = chains.served(offer.to().chain());
    return receiver != null && receiver.get(new Key.OfOutcome(offer.transfer())) != null;
  }

  /** Where and when a transfer came on the list. */
  public record Listed(ChainId continent, long index, long time) {}

  /** When the block of this send was anchored on its continental main chain; empty before. */
  public Optional<Listed> listed(TransferId transfer) {
    ChainId origin = transfer.origin();
    List<Listed> found = new ArrayList<>(1);
    rows.scan(
        Rows.Table.ANCHORS,
        RowKey.of(origin, transfer.index() + 1),
        RowKey.after(RowKey.of(origin)),
        (key, value) -> {
          Wire.Reader in = new Wire.Reader(value);
          found.add(new Listed(origin.continent(), in.i64(), in.i64()));
          return false;
        });
    return found.stream().findFirst();
  }

  /** How many anchors of a continental chain are set aside. */
  public long aside(ChainId continent) {
    byte[] all = RowKey.of(continent);
    long[] count = {0};
    rows.scan(Rows.Table.ASIDE, all, RowKey.after(all), (key, value) -> ++count[0] > 0);
    return count[0];
  }

  /** Leaves of this chain that the list has seen. */
  public long seen(ChainId chain) {
    return cursors.of(chain);
  }

  /** Behind every key: names are ASCII. */
  private static final byte[] END = {(byte) 0xff};

  private static byte[] key(AccountId account, TransferId transfer) {
    return RowKey.of(account, transfer.origin(), transfer.index());
  }

  private static byte[] bytes(Offer offer) {
    return new Wire(160)
        .text(offer.transfer().toString())
        .text(offer.from().toString())
        .text(offer.to().toString())
        .i64(offer.amount().minor())
        .i64(offer.validUntil())
        .hash(offer.sendLeaf())
        .toBytes();
  }

  private static Offer offer(byte[] bytes) {
    Wire.Reader in = new Wire.Reader(bytes);
    return new Offer(
        TransferId.of(in.text()),
        AccountId.of(in.text()),
        AccountId.of(in.text()),
        Money.ofMinor(in.i64()),
        in.i64(),
        in.hash());
  }
}
