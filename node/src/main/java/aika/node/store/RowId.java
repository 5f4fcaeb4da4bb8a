package aika.node.store;

import aika.core.ledger.Key;
import aika.core.money.ChainId;

/**
 * A row among those of all chains. Looked up in up to three maps one after the other, so it knows
 * its hash.
 */
final class RowId {
  private final ChainId chain;
  private final Key<?> key;
  private final int hash;

  RowId(ChainId chain, Key<?> key) {
    this.chain = chain;
    this.key = key;
    hash = 31 * chain.hashCode() + key.hashCode();
  }

  ChainId chain() {
    return chain;
  }

  Key<?> key() {
    return key;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowId that
        && hash == that.hash
        && key.equals(that.key)
        && chain.equals(that.chain);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
