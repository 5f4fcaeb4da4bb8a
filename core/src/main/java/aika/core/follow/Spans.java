package aika.core.follow;

import aika.core.ledger.Wire;
import aika.core.money.ChainId;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Leaves that one follower set aside to read later; written together with what it reads. */
final class Spans {
  private final Rows rows;
  private final String follower;

  /** The leaves {@code from} … {@code to} - 1. */
  record Span(long from, long to) {}

  Spans(Rows rows, String follower) {
    this.rows = rows;
    this.follower = follower + ".older";
  }

  void add(Changes changes, ChainId chain, Span span) {
    byte[] to = new Wire(Long.BYTES).i64(span.to).toBytes();
    changes.put(Rows.Table.CURSORS, RowKey.with(key(chain), span.from), to);
  }

  /** The leaves below {@code from} of this span were dealt with. */
  void shorten(Changes changes, ChainId chain, Span span, long from) {
    changes.delete(Rows.Table.CURSORS, RowKey.with(key(chain), span.from));
    if (from < span.to) {
      add(changes, chain, new Span(from, span.to));
    }
  }

  @Nullable Span first(ChainId chain) {
    @Nullable Span[] found = new @Nullable Span[1];
    scan(
        chain,
        span -> {
          found[0] = span;
          return false;
        });
    return found[0];
  }

  /** How many are set aside. */
  long leaves(ChainId chain) {
    long[] sum = {0};
    scan(
        chain,
        span -> {
          sum[0] += span.to - span.from;
          return true;
        });
    return sum[0];
  }

  private void scan(ChainId chain, Predicate<Span> visitor) {
    byte[] all = key(chain);
    rows.scan(
        Rows.Table.CURSORS,
        all,
        RowKey.after(all),
        (key, to) -> {
          RowKey.Reader in = new RowKey.Reader(key);
          in.text();
          in.chain();
          return visitor.test(new Span(in.number(), new Wire.Reader(to).i64()));
        });
  }

  private byte[] key(ChainId chain) {
    return RowKey.with(RowKey.text(follower), RowKey.of(chain));
  }
}
