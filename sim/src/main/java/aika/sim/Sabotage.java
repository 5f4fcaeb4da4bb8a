package aika.sim;

import aika.core.approval.CosignerRules;
import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.transfer.Protocol;
import aika.core.transfer.Siblings;
import org.jspecify.annotations.Nullable;

/**
 * Breaks one thing on purpose, so that tests can show which check notices. Every method does the
 * right thing unless it is overridden.
 */
interface Sabotage {
  Sabotage NONE = new Sabotage() {};

  default Applied execute(Protocol protocol, LedgerState state, Command command) {
    return protocol.apply(state, command);
  }

  /** What a chain believes of its siblings. */
  default Siblings siblings(Siblings honest) {
    return honest;
  }

  /** Whether the disk keeps what it says it keeps. */
  default boolean syncs() {
    return true;
  }

  /** Whether answers wait for the disk. */
  default boolean answersAfterSync() {
    return true;
  }

  /** The time that the journal remembers of a command. */
  default long journaled(long time) {
    return time;
  }

  default CosignerRules.Signed signs(CosignerRules.Signed honest) {
    return honest;
  }

  /** Whether a wallet makes a new order when an answer does not come. */
  default boolean forgetsOrderIds() {
    return false;
  }

  /** Whether the simulator looks at leaves at all, or leaves it to the cosigners. */
  default boolean audits() {
    return true;
  }

  /** What a continent lists of an offer. */
  default Offer lists(Offer honest) {
    return honest;
  }

  /** Whether a continent lists what another one says without looking at the log. */
  default boolean believesLists() {
    return false;
  }

  /** Whether a leader records what nobody approved. */
  default boolean recordsUnapproved() {
    return false;
  }

  /** Whether a seat compares a seal with its clock. */
  default boolean looksAtTheClock() {
    return true;
  }

  /** Whether a crash leaves a follower's rows as they were at one write, cursors included. */
  default boolean writesWhole() {
    return true;
  }

  /** What a follower asks its own chain; null for nothing. */
  default @Nullable Action relays(Action honest) {
    return honest;
  }

  /**
   * How much of a chain is built again with a new disk.
   *
   * @param approved the size of some earlier approval
   */
  default long rebuilds(long held, long approved) {
    return held;
  }
}
