package aika.core.approval;

import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import org.jspecify.annotations.Nullable;

/** Where the proofs are with which terms handed over: a log's files, or another receipt. */
@FunctionalInterface
public interface Handovers {
  /** Only those whom the federation file names are believed. */
  Handovers NONE = (chain, term) -> null;

  /**
   * What the chain's log publishes as {@code term/<n>}; null when there is none. Nothing of it has
   * been checked. Asked for one chain's terms in their order, each once.
   *
   * @throws aika.core.note.MalformedException when it is no tlog-proof
   */
  @Nullable TlogProof after(ChainId chain, long term);
}
