package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;

/** What was asked for is for another node, which serves this chain. */
public final class ElsewhereException extends RefusedException {
  private static final long serialVersionUID = 1L;

  private final transient ChainId chain;

  ElsewhereException(ChainId chain) {
    super(Refusal.of(Reason.UNKNOWN_CHAIN, chain + " is not served here"));
    this.chain = chain;
  }

  public ChainId chain() {
    return chain;
  }
}
