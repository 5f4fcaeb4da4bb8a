package aika.core.follow;

import aika.core.ledger.Wire;
import aika.core.money.ChainId;

/** How far one follower has read each chain; written together with what it read. */
final class Cursors {
  private final Rows rows;
  private final String follower;

  Cursors(Rows rows, String follower) {
    this.rows = rows;
    this.follower = follower;
  }

  /** Leaves of the chain that were dealt with. */
  long of(ChainId chain) {
    byte[] found = rows.get(Rows.Table.CURSORS, key(chain));
    return found == null ? 0 : new Wire.Reader(found).i64();
  }

  void set(Changes changes, ChainId chain, long leaves) {
    changes.put(Rows.Table.CURSORS, key(chain), new Wire(Long.BYTES).i64(leaves).toBytes());
  }

  private byte[] key(ChainId chain) {
    return RowKey.with(RowKey.text(follower), RowKey.of(chain));
  }
}
