package aika.core.follow;

import aika.core.ledger.Entry;
import aika.core.ledger.Posting;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import java.nio.ByteBuffer;
import java.util.function.LongPredicate;

/**
 * An index of the approved leaves that moved an account's money, by time, so that a statement need
 * not read a whole chain. Nothing rests on it: it can be built again from the log.
 */
public final class AccountLeaves {
  private static final String NAME = "account-leaves";
  private static final int LEAVES_MAX = 2_000;

  private final Chains chains;
  private final Rows rows;
  private final Cursors cursors;

  public AccountLeaves(Chains chains, Rows rows) {
    this.chains = chains;
    this.rows = rows;
    this.cursors = new Cursors(rows, NAME);
  }

  /** Leaves of this chain that are in the index, as far as they moved money. */
  public long seen(ChainId municipality) {
    return cursors.of(municipality);
  }

  /**
   * Reads on in this chain.
   *
   * @return whether there may be more
   */
  public boolean read(ChainId municipality) {
    Log log = chains.log(municipality);
    long from = cursors.of(municipality);
    long to = log == null ? 0 : Math.min(log.readable(), from + LEAVES_MAX);
    if (log == null || from >= to) {
      return false;
    }
    Changes changes = new Changes();
    for (long i = from; i < to; i++) {
      Entry entry = log.entry(i);
      for (Posting posting : entry.leaf().postings()) {
        if (!posting.account().isOwn()) {
          byte[] key = key(posting.account(), entry.leaf().time(), i);
          changes.put(Rows.Table.ACCOUNT_LEAVES, key, new byte[0]);
        }
      }
    }
    cursors.set(changes, municipality, to);
    rows.write(changes);
    return true;
  }

  /**
   * Visits the leaves that moved this account's money, in their order, until told to stop.
   *
   * @param from not before this time, ms since 1970
   * @param to before this time
   */
  public void visit(AccountId account, long from, long to, LongPredicate visitor) {
    rows.scan(
        Rows.Table.ACCOUNT_LEAVES,
        key(account, from, 0),
        key(account, to, 0),
        (key, nothing) -> visitor.test(ByteBuffer.wrap(key).getLong(key.length - Long.BYTES)));
  }

  private static byte[] key(AccountId account, long time, long leaf) {
    return RowKey.with(RowKey.with(RowKey.text(account.toString()), time), leaf);
  }
}
