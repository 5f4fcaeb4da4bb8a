package aika.node.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.SignedOrder;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.OrderId;
import aika.node.store.SideStore;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an unsigned request that is sent again from paying again. The order that the node makes and
 * signs for it is stored before it is ordered; the same request gets the same signed bytes, which
 * the chain answers with the first result.
 *
 * <p>Rows: {@code i/<account>/<order id>} → time, body's hash, signed order; {@code
 * b/<account>/<body's hash>} → time, order id; {@code e/<last millisecond>/<row>} to find the
 * expired ones. Safe for use by several threads.
 */
public final class RepeatGuard {
  /** How long an identical body without an id means the first request. */
  public static final long WINDOW_MILLIS = 60_000;

  /** How long a request with an id means the first one of that id: 30 days. */
  public static final long NAMED_MILLIS = 30L * 24 * 60 * 60 * 1000;

  private static final int LOCKS = 64;
  private static final int EXPIRED_AT_ONCE = 256;
  private static final long PRUNE_PAUSE_MILLIS = 1_000;
  private static final byte[] NOTHING = {};
  private static final Logger LOG = LoggerFactory.getLogger(RepeatGuard.class);

  /** Where a row's name is in the key of its expiry: after e/, the time in hexadecimal, a slash. */
  static final int EXPIRED_ROW_AT = 2 + 2 * Long.BYTES + 1;

  private final SideStore store;
  private final LongSupplier clock;

  /** One request of an account at a time; accounts share locks by their hash. */
  private final List<ReentrantLock> locks =
      IntStream.range(0, LOCKS).mapToObj(each -> new ReentrantLock()).toList();

  private final AtomicBoolean pruning = new AtomicBoolean();
  private volatile long pruned;

  /** What to order for a request. */
  public sealed interface Claim {
    /**
     * @param repeat whether it was stored for an earlier, identical request
     */
    record Granted(SignedOrder order, boolean repeat) implements Claim {}

    /**
     * @param refusal {@code ID_REUSED}
     */
    record Refused(Refusal refusal) implements Claim {}
  }

  /** What has expired is removed in the background while requests come. */
  public RepeatGuard(SideStore store, LongSupplier clockMillis) {
    this.store = store;
    this.clock = clockMillis;
  }

  /**
   * A request without an id.
   *
   * @param body see {@link CanonicalBody}
   * @param again whether it says that it is meant as another one
   * @param make makes and signs the order with a new id; its not-after lies beyond the window, so
   *     that the chain still knows the id when the last repetition comes
   */
  public Claim.Granted claim(
      AccountId account, Hash body, boolean again, Supplier<SignedOrder> make) {
    long now = clock.getAsLong();
    pruneNowAndThen(now);
    String row = "b/" + account + '/' + hex(body);
    ReentrantLock lock = lock(account);
    lock.lock();
    try {
      SignedOrder first = again ? null : first(account, row, now);
      if (first != null) {
        return new Claim.Granted(first, true);
      }
      SignedOrder made = checked(account, make.get(), now + WINDOW_MILLIS);
      OrderId id = made.order().header().id();
      String named = named(account, id);
      byte[] value = bytes(now, id.toString().getBytes(UTF_8));
      SideStore.Change change = store.change();
      keep(change, row, value, now + WINDOW_MILLIS);
      keep(change, named, bytes(now, body.bytes(), made.bytes()), now + NAMED_MILLIS);
      change.commit();
      return new Claim.Granted(made, false);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A request with an id of its own: the same body gets the first order, another {@code ID_REUSED}.
   *
   * @param make makes and signs the order with this id
   */
  public Claim claim(AccountId account, OrderId id, Hash body, Supplier<SignedOrder> make) {
    long now = clock.getAsLong();
    pruneNowAndThen(now);
    String row = named(account, id);
    ReentrantLock lock = lock(account);
    lock.lock();
    try {
      byte[] kept = store.get(row);
      if (kept != null && !expired(kept, NAMED_MILLIS, now)) {
        boolean same =
            Arrays.equals(kept, Long.BYTES, Long.BYTES + Hash.BYTES, body.bytes(), 0, Hash.BYTES);
        return same
            ? new Claim.Granted(order(kept), true)
            : new Claim.Refused(Refusal.of(Reason.ID_REUSED, "id " + id + " of " + account));
      }
      SignedOrder made = withId(id, checked(account, make.get(), now));
      SideStore.Change change = store.change();
      keep(change, row, bytes(now, body.bytes(), made.bytes()), now + NAMED_MILLIS);
      change.commit();
      return new Claim.Granted(made, false);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Another order under the id of one that was never accepted and cannot be any more, since its
   * not-after has passed on the chain. When another request was faster, its order.
   *
   * @param dead the order that was granted for this id before
   * @param make makes and signs the order with this id
   */
  public Claim.Granted renew(
      AccountId account, SignedOrder dead, Hash body, Supplier<SignedOrder> make) {
    long now = clock.getAsLong();
    OrderId id = dead.order().header().id();
    String row = named(account, id);
    ReentrantLock lock = lock(account);
    lock.lock();
    try {
      byte[] kept = store.get(row);
      if (kept != null && !order(kept).content().equals(dead.content())) {
        return new Claim.Granted(order(kept), true);
      }
      SignedOrder made = withId(id, checked(account, make.get(), now));
      SideStore.Change change = store.change();
      keep(change, row, bytes(now, body.bytes(), made.bytes()), now + NAMED_MILLIS);
      change.commit();
      return new Claim.Granted(made, false);
    } finally {
      lock.unlock();
    }
  }

  /** Removes all rows that expired, but those of accounts that have a request just now. */
  public void prune() {
    while (pruneSome(clock.getAsLong()) == EXPIRED_AT_ONCE) {
      // there are more
    }
  }

  /** Beside the request, which need not wait until other machines have it too. */
  private void pruneNowAndThen(long now) {
    if (now - pruned >= PRUNE_PAUSE_MILLIS && pruning.compareAndSet(false, true)) {
      pruned = now;
      var _ = Thread.ofVirtual().name("repeat-pruning").start(() -> pruneBeside(now));
    }
  }

  private void pruneBeside(long now) {
    try {
      pruneSome(now);
    } catch (RuntimeException failed) { // closed, or led by another: they are removed later
      LOG.info("expired requests are not removed now: {}", failed.getMessage());
    } finally {
      pruning.set(false);
    }
  }

  /** All rows of a step in one change: each change goes to all peers. */
  private int pruneSome(long now) {
    Set<ReentrantLock> held = new HashSet<>();
    SideStore.Change change = store.change();
    int done = 0;
    try {
      for (SideStore.Item item : store.items("e/", EXPIRED_AT_ONCE)) {
        long last = HexFormat.fromHexDigitsToLong(item.key(), 2, EXPIRED_ROW_AT - 1);
        if (now <= last) {
          break;
        }
        String row = item.key().substring(EXPIRED_ROW_AT);
        ReentrantLock lock = lock(AccountId.of(row.substring(2, row.lastIndexOf('/'))));
        if (held.contains(lock) || lock.tryLock()) { // who waits for two could wait for ever
          held.add(lock);
          remove(item.key(), row, now, change);
          done++;
        }
      }
      if (done > 0) {
        change.commitUnsynced();
      }
      return done;
    } finally {
      held.forEach(ReentrantLock::unlock);
    }
  }

  private void remove(String expiry, String row, long now, SideStore.Change change) {
    long lifetime = row.startsWith("b/") ? WINDOW_MILLIS : NAMED_MILLIS;
    change.delete(expiry);
    byte[] kept = store.get(row);
    // Written again since then, the row has a later expiry of its own.
    if (kept != null && expired(kept, lifetime, now)) {
      change.delete(row);
    }
  }

  private @Nullable SignedOrder first(AccountId account, String row, long now) {
    byte[] kept = store.get(row);
    if (kept == null || expired(kept, WINDOW_MILLIS, now)) {
      return null;
    }
    String id = new String(kept, Long.BYTES, kept.length - Long.BYTES, UTF_8);
    byte[] named = store.get(named(account, OrderId.of(id)));
    if (named == null) {
      throw new WalletException("the order " + id + " of " + account + " is missing");
    }
    return order(named);
  }

  private static SignedOrder checked(AccountId account, SignedOrder made, long notAfterMin) {
    if (!made.order().account().equals(account)) {
      throw new IllegalArgumentException("the order is of another account than its request");
    }
    if (made.order().header().notAfter() <= notAfterMin) {
      throw new IllegalArgumentException("the order's not-after lies within the window");
    }
    return made;
  }

  private static SignedOrder withId(OrderId id, SignedOrder made) {
    if (!made.order().header().id().equals(id)) {
      throw new IllegalArgumentException("the order has another id than its request");
    }
    return made;
  }

  private static void keep(SideStore.Change change, String row, byte[] value, long lastMillis) {
    change.put(row, value).put("e/" + HexFormat.of().toHexDigits(lastMillis) + '/' + row, NOTHING);
  }

  /** A clock that went back makes a row last longer: rather ask for "again" than pay twice. */
  private static boolean expired(byte[] kept, long lifetimeMillis, long now) {
    return now - ByteBuffer.wrap(kept).getLong() > lifetimeMillis;
  }

  private static SignedOrder order(byte[] kept) {
    return SignedOrder.parse(Arrays.copyOfRange(kept, Long.BYTES + Hash.BYTES, kept.length));
  }

  private static byte[] bytes(long time, byte[]... parts) {
    int length = Long.BYTES;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer out = ByteBuffer.allocate(length).putLong(time);
    for (byte[] part : parts) {
      out.put(part);
    }
    return out.array();
  }

  private static String named(AccountId account, OrderId id) {
    return "i/" + account + '/' + id;
  }

  private static String hex(Hash hash) {
    return HexFormat.of().formatHex(hash.bytes());
  }

  private ReentrantLock lock(AccountId account) {
    return locks.get(Math.floorMod(account.hashCode(), LOCKS));
  }
}
