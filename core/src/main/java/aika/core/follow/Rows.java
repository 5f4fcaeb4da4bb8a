package aika.core.follow;

import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What followers keep, cursors included: tables of rows in the order of their keys, unsigned byte
 * by byte. After a crash they may be as they were at an earlier write, but never between two.
 */
public interface Rows {
  /** The followers' tables. */
  enum Table {
    /** Open offers by receiver: receiver, origin, index. */
    OFFERS,
    /** The same by sender; the value is the key in {@link #OFFERS}. */
    SENT,
    /** Anchors by municipality and size. */
    ANCHORS,
    /** Anchors that could not be read yet: continent, municipality, leaf. */
    ASIDE,
    /** Decisions that their origins have not settled yet: origin, decider, leaf. */
    OUTBOX,
    /** What a receiver's chain must be asked to conclude: receiver, time, kind, transfer. */
    DUE,
    /** Leaves that moved an account's money: account, time, leaf. */
    ACCOUNT_LEAVES,
    /** How far each follower has read each chain, and what it set aside. */
    CURSORS
  }

  byte @Nullable [] get(Table table, byte[] key);

  /** Visits keys from {@code from} on that are less than {@code to}, until told to stop. */
  void scan(Table table, byte[] from, byte[] to, BiPredicate<byte[], byte[]> visitor);

  /** All of it becomes visible together, or nothing. */
  void write(Changes changes);
}
