package aika.core.audit;

import aika.core.ledger.Entry;
import aika.core.ledger.Row;
import aika.core.ledger.WritableState;
import aika.core.money.ChainId;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What an audit knows of one chain: its rows, how far it is, and the checkpoint that it saw last.
 * One thread writes at a time; several read while none writes.
 */
public interface AuditBook extends WritableState {
  /** The books of all chains. */
  @FunctionalInterface
  interface Shelf {
    /**
     * The book of this chain.
     *
     * @param leaves the chain's leaves that were executed, for rows that only say where
     * @throws KeptStateException when what was kept cannot be read
     */
    AuditBook of(ChainId chain, LongFunction<Entry> leaves);
  }

  /** What {@link #see} was given last, or null. */
  byte @Nullable [] seen();

  /** Keeps this, before anything that is kept later. */
  void see(byte[] checkpoint);

  /** What {@link #keep} was given last, or null. */
  byte @Nullable [] kept();

  /**
   * Keeps what was written so far together with this mark, or none of both.
   *
   * @param mark null when what was written is only to make room, and the next audit begins anew
   */
  void keep(byte @Nullable [] mark);

  /** Drops everything but what was seen. */
  void clear();

  /** The largest recorded checkpoint of each chain. */
  void latest(Consumer<Row.Latest> visitor);

  /** The transfers that have not ended. */
  void open(Consumer<Row.Hold> visitor);
}
