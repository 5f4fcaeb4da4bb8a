package aika.core.follow;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Row;
import aika.core.ledger.Wire;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Decisions that their origins did not take when they were read. Each step takes some of every
 * decider's, so that what one cannot deliver does not hold up the others'.
 */
public final class Outbox {
  private final Chains chains;
  private final Rows rows;
  private final Relay relay;

  public Outbox(Chains chains, Directory directory, Rows rows) {
    this.chains = chains;
    this.rows = rows;
    this.relay = new Relay(chains, directory);
  }

  static void keep(Changes changes, ChainId origin, ChainId from, List<Action.Item> items) {
    for (Action.Item item : items) {
      byte[] hold = new Wire(Long.BYTES).i64(item.hold()).toBytes();
      changes.put(Rows.Table.OUTBOX, key(origin, from, item.index()), hold);
    }
  }

  /** Whether decisions of {@code from} wait here for {@code origin}. */
  static boolean holds(Rows rows, ChainId origin, ChainId from) {
    boolean[] any = {false};
    byte[] all = RowKey.with(RowKey.of(origin), RowKey.of(from));
    rows.scan(
        Rows.Table.OUTBOX,
        all,
        RowKey.after(all),
        (key, hold) -> {
          any[0] = true;
          return false;
        });
    return any[0];
  }

  private static byte[] key(ChainId origin, ChainId from, long index) {
    return RowKey.with(RowKey.of(origin), RowKey.of(from, index));
  }

  /** Settles at {@code origin} what {@code from} decided, all of it covered. */
  static List<Request> requests(
      ChainId origin, ChainId from, Log decider, Relay.Cover cover, List<Action.Item> items) {
    List<Action.Item> proven = new ArrayList<>(items.size());
    for (Action.Item item : items) {
      Action.Proof proof = origin.equals(from) ? null : decider.proof(item.index(), cover.size());
      proven.add(proof == null ? item : new Action.Item(item.hold(), item.index(), proof));
    }
    List<Request> requests = new ArrayList<>();
    for (Action.Settle settle : Relay.settle(from, cover.size(), proven)) {
      requests.add(Request.of(origin, requests.isEmpty() ? cover.first() : List.of(), settle));
    }
    return requests;
  }

  private final class Parcels implements Step {
    private final List<Request> requests = new ArrayList<>();

    @Override
    public List<Request> requests() {
      return requests;
    }

    @Override
    public boolean finish(BitSet done) {
      Changes changes = new Changes();
      for (int i = 0; i < requests.size(); i++) {
        Request request = requests.get(i);
        if (done.get(i) && request.last() instanceof Action.Settle settle) {
          for (Action.Item item : settle.items()) {
            byte[] key = key(request.chain(), settle.from(), item.index());
            changes.delete(Rows.Table.OUTBOX, key);
          }
        }
      }
      rows.write(changes);
      return !done.isEmpty();
    }
  }

  /** Waiting decisions about transfers from {@code origin}; null when none can be settled. */
  public @Nullable Step next(ChainId origin) {
    Parcels parcels = new Parcels();
    boolean any = false;
    long size = leaves(chains, origin);
    byte[] all = RowKey.of(origin);
    byte[] end = RowKey.after(all);
    for (ChainId from = decider(all, end); from != null; ) {
      byte[] same = RowKey.with(all, RowKey.of(from));
      List<Action.Item> items = items(same, size);
      if (!items.isEmpty()) {
        any = true;
        Relay.Cover cover = relay.cover(origin, from, items.getLast().index() + 1);
        Log decider = chains.log(from);
        if (cover != null && decider != null) {
          parcels.requests.addAll(requests(origin, from, decider, cover, items));
        }
      }
      from = decider(RowKey.after(same), end);
    }
    return any ? parcels : null;
  }

  /** Whose decision is the first from this key on; null when there is none. */
  private @Nullable ChainId decider(byte[] key, byte[] end) {
    List<ChainId> found = new ArrayList<>(1);
    waiting(key, end, (decider, leaf) -> found.add(decider), 1);
    return found.isEmpty() ? null : found.getFirst();
  }

  private void waiting(byte[] key, byte[] end, BiConsumer<ChainId, Long> visitor, int limit) {
    int[] left = {limit};
    rows.scan(
        Rows.Table.OUTBOX,
        key,
        end,
        (row, hold) -> {
          RowKey.Reader in = new RowKey.Reader(row);
          in.chain();
          visitor.accept(in.chain(), in.number());
          return --left[0] > 0;
        });
  }

  /**
   * The leaves of a chain that is served here. A decision about a later one is of a history that
   * was given up [E-9], and waits for the leaf of that number.
   */
  static long leaves(Chains chains, ChainId chain) {
    LedgerState state = chains.served(chain);
    Row.Head head = state == null ? null : state.head();
    return head == null ? 0 : head.size();
  }

  private List<Action.Item> items(byte[] same, long size) {
    List<Action.Item> items = new ArrayList<>();
    rows.scan(
        Rows.Table.OUTBOX,
        same,
        RowKey.after(same),
        (key, hold) -> {
          RowKey.Reader in = new RowKey.Reader(key);
          in.chain();
          in.chain();
          Action.Item item = new Action.Item(new Wire.Reader(hold).i64(), in.number(), null);
          if (item.hold() < size) {
            items.add(item);
          }
          return items.size() < Action.SETTLE_ITEMS_MAX;
        });
    return items;
  }

  /** All that wait, by decider and leaf: their leaves are still evidence. */
  public void waiting(ChainId origin, BiConsumer<ChainId, Long> visitor) {
    byte[] all = RowKey.of(origin);
    waiting(all, RowKey.after(all), visitor, Integer.MAX_VALUE);
  }
}
