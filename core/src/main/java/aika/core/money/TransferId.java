package aika.core.money;

import aika.core.note.MalformedException;

/**
 * A transfer's identity everywhere: the sender's chain and the index of its send leaf, {@code
 * Asia-Komatsu:1234}.
 */
public record TransferId(ChainId origin, long index) implements Comparable<TransferId> {
  public TransferId {
    if (index < 0) {
      throw new MalformedException("a leaf index is not negative: " + index);
    }
  }

  public static TransferId of(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new MalformedException("not a transfer id: " + Quoted.of(text));
    }
    return new TransferId(
        ChainId.of(text.substring(0, colon)), Decimal.parse(text.substring(colon + 1)));
  }

  // Written out for speed, as in ChainId.
  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof TransferId that && index == that.index && origin.equals(that.origin);
  }

  @Override
  public int hashCode() {
    return 31 * origin.hashCode() + Long.hashCode(index);
  }

  @Override
  public int compareTo(TransferId other) {
    int byOrigin = origin.compareTo(other.origin);
    return byOrigin != 0 ? byOrigin : Long.compare(index, other.index);
  }

  @Override
  public String toString() {
    return origin.value() + ':' + index;
  }
}
