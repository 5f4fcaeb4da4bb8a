package aika.node.gossip;

import java.util.Arrays;

/**
 * What nodes tell each other.
 *
 * @param from a chain of the node that tells; anybody can say so
 * @param bytes a note, nothing of it verified
 */
record Rumour(Kind kind, String from, byte[] bytes) {
  static final int BYTES_MAX = 65_536;

  /** What it is about. */
  enum Kind {
    /** A chain's newest checkpoint, signed by its log. */
    CHECKPOINT("checkpoint"),
    /** Where a chain's gateway is. */
    ADDRESS("address"),
    /** Two histories of one chain. */
    CONFLICT("conflict"),
    /** To whom a chain has made offers. */
    OFFERS("offers"),
    /** Nothing that this node knows. */
    OTHER("other");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }

    static Kind of(String word) {
      return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst().orElse(OTHER);
    }
  }
}
