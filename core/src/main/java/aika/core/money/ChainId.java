package aika.core.money;

import aika.core.note.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * Name of a chain: {@code Asia} (continental) or {@code Asia-Komatsu} (municipal). The text before
 * the first {@code -} is the continent.
 *
 * <p>Letters, digits, {@code -} and {@code _}; the continent part has letters and digits only; at
 * most {@value #CHARS_MAX} characters.
 */
public record ChainId(String value) implements Comparable<ChainId> {
  public static final int CHARS_MAX = 64;

  /**
   * Read and written by all threads without order: a race costs one more object and nothing else,
   * since a record's fields are final.
   */
  private static final @Nullable ChainId[] KNOWN = new ChainId[4_096];

  public ChainId {
    int dash = value.indexOf('-');
    int continentEnd = dash < 0 ? value.length() : dash;
    if (value.length() > CHARS_MAX || continentEnd == 0 || dash == value.length() - 1) {
      throw new MalformedException("not a chain id: " + Quoted.of(value));
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean allowed =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || i >= continentEnd && (c == '-' || c == '_');
      if (!allowed) {
        throw new MalformedException("not a chain id: " + Quoted.of(value));
      }
    }
  }

  /** The chain of this name: for the few that a process meets all the time, the same object. */
  public static ChainId of(String value) {
    int slot = value.hashCode() & (KNOWN.length - 1);
    ChainId known = KNOWN[slot];
    if (known != null && known.value.equals(value)) {
      return known;
    }
    ChainId fresh = new ChainId(value);
    KNOWN[slot] = fresh;
    return fresh;
  }

  /** Whether this is a municipality's chain, as opposed to a continental main chain. */
  public boolean municipal() {
    return value.indexOf('-') >= 0;
  }

  /** The continental chain that this chain belongs to; itself for a continental chain. */
  public ChainId continent() {
    int dash = value.indexOf('-');
    return dash < 0 ? this : of(value.substring(0, dash));
  }

  // Ids are keys of every map on the way of a transfer. What a record generates goes through method
  // handles, which took a fifth of executing a transfer.
  @Override
  public boolean equals(Object other) {
    return this == other || other instanceof ChainId that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public int compareTo(ChainId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
