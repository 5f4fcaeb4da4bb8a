package aika.core.follow;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.Wire;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which municipalities deal with which, as their approved leaves tell: of each that has made offers
 * to another, up to which leaf. Whoever serves one of the two has to read the other. Nothing rests
 * on it: it can be built again from the logs.
 */
public final class Partners {
  private static final String NAME = "partners";
  private static final String BY_SENDER = "partners.from";
  private static final String BY_RECEIVER = "partners.to";
  private static final int LEAVES_MAX = 2_000;

  private final Chains chains;
  private final Rows rows;
  private final Cursors cursors;

  public Partners(Chains chains, Rows rows) {
    this.chains = chains;
    this.rows = rows;
    this.cursors = new Cursors(rows, NAME);
  }

  /**
   * The head of one chain's offers to another.
   *
   * @param size leaves of {@code from} up to its last offer to {@code to}, that one included
   */
  public record Head(ChainId from, ChainId to, long size) {}

  /**
   * What one look found.
   *
   * @param heads of the offers that were read
   * @param recorded chains of which this one has recorded checkpoints
   */
  public record Read(List<Head> heads, Set<ChainId> recorded) {}

  /** Reads on in this municipality; null when all that is approved was read. */
  public @Nullable Read read(ChainId municipality) {
    Log log = chains.log(municipality);
    long from = cursors.of(municipality);
    long to = log == null ? 0 : Math.min(log.readable(), from + LEAVES_MAX);
    if (log == null || from >= to) {
      return null;
    }
    Map<ChainId, Long> sizes = new HashMap<>();
    Set<ChainId> recorded = new LinkedHashSet<>();
    for (long i = from; i < to; i++) {
      Entry entry = log.entry(i);
      if (entry.leaf() instanceof Leaf.Recorded leaf) {
        recorded.add(leaf.origin());
      }
      for (Consequence found : Consequence.of(municipality, entry)) {
        if (found instanceof Consequence.Offered offered) {
          sizes.put(offered.offer().to().chain(), i + 1);
        }
      }
    }
    sizes.remove(municipality);
    Changes changes = new Changes();
    List<Head> heads = new ArrayList<>();
    sizes.forEach((receiver, size) -> {
      heads.add(new Head(municipality, receiver, size));
      byte[] value = new Wire(Long.BYTES).i64(size).toBytes();
      changes
          .put(Rows.Table.CURSORS, key(BY_SENDER, municipality, receiver), value)
          .put(Rows.Table.CURSORS, key(BY_RECEIVER, receiver, municipality), value);
    });
    cursors.set(changes, municipality, to);
    rows.write(changes);
    return new Read(heads, recorded);
  }

  /** To whom this chain has made offers. */
  public List<Head> from(ChainId sender) {
    List<Head> found = new ArrayList<>();
    byte[] all = key(BY_SENDER, sender);
    rows.scan(
        Rows.Table.CURSORS,
        all,
        RowKey.after(all),
        (key, size) -> {
          found.add(new Head(sender, other(key), new Wire.Reader(size).i64()));
          return true;
        });
    return found;
  }

  /**
   * Who has made offers to this chain, in the order of their names.
   *
   * @param after only those behind this one; null for all
   */
  public List<Head> to(ChainId receiver, @Nullable ChainId after, int limit) {
    List<Head> found = new ArrayList<>();
    byte[] all = key(BY_RECEIVER, receiver);
    byte[] first = after == null ? all : RowKey.after(key(BY_RECEIVER, receiver, after));
    rows.scan(
        Rows.Table.CURSORS,
        first,
        RowKey.after(all),
        (key, size) -> {
          found.add(new Head(other(key), receiver, new Wire.Reader(size).i64()));
          return found.size() < limit;
        });
    return found;
  }

  /** When the last of these offers was made, ms. */
  public long time(Head head) {
    Log log = chains.log(head.from);
    return log == null || log.readable() < head.size ? 0 : log.entry(head.size - 1).leaf().time();
  }

  private static byte[] key(String name, ChainId chain) {
    return RowKey.with(RowKey.text(name), RowKey.of(chain));
  }

  private static byte[] key(String name, ChainId chain, ChainId other) {
    return RowKey.with(key(name, chain), RowKey.of(other));
  }

  private static ChainId other(byte[] key) {
    RowKey.Reader in = new RowKey.Reader(key);
    in.text();
    in.chain();
    return in.chain();
  }
}
