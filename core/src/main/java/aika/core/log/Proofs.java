package aika.core.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * Merkle proofs: built as RFC 6962, sections 2.1.1 and 2.1.2, define them; checked by the
 * algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
 */
public final class Proofs {
  /** The limit of C2SP tlog-witness; enough for 2^62 leaves. */
  public static final int HASHES_MAX = 63;

  private Proofs() {}

  /** The root of the tree of the first {@code size} leaves. */
  public static Hash root(long size, Nodes nodes) {
    checkRange(0, size, Long.MAX_VALUE);
    return size == 0 ? Merkle.EMPTY_ROOT : subtree(0, size, nodes, new Merkle());
  }

  /** Proof that leaf {@code index} stands in the tree of {@code size} leaves; sibling first. */
  public static List<Hash> inclusion(long index, long size, Nodes nodes) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("leaf " + index + " of " + size);
    }
    Merkle merkle = new Merkle();
    List<Hash> proof = new ArrayList<>();
    long from = 0;
    long to = size;
    while (to - from > 1) {
      long middle = from + leftWidth(to - from);
      if (index < middle) {
        proof.add(subtree(middle, to, nodes, merkle));
        to = middle;
      } else {
        proof.add(subtree(from, middle, nodes, merkle));
        from = middle;
      }
    }
    Collections.reverse(proof);
    return proof;
  }

  /** Proof that the tree of {@code size} leaves begins with the one of {@code oldSize}. */
  public static List<Hash> consistency(long oldSize, long size, Nodes nodes) {
    checkRange(0, oldSize, size);
    List<Hash> proof = new ArrayList<>();
    if (oldSize == 0 || oldSize == size) {
      return proof;
    }
    Merkle merkle = new Merkle();
    long from = 0;
    long to = size;
    while (to != oldSize) {
      long middle = from + leftWidth(to - from);
      if (oldSize <= middle) {
        proof.add(subtree(middle, to, nodes, merkle));
        to = middle;
      } else {
        proof.add(subtree(from, middle, nodes, merkle));
        from = middle;
      }
    }
    if (from != 0) {
      proof.add(subtree(from, to, nodes, merkle));
    }
    Collections.reverse(proof);
    return proof;
  }

  /** Whether the proof leads from this leaf to this root. */
  public static boolean verifyInclusion(
      Hash leafHash, long index, long size, List<Hash> proof, Hash root) {
    if (index < 0 || index >= size || proof.size() > HASHES_MAX) {
      return false;
    }
    Merkle merkle = new Merkle();
    long node = index;
    long last = size - 1;
    Hash hash = leafHash;
    for (Hash sibling : proof) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = merkle.node(sibling, hash);
        int rise = Long.numberOfTrailingZeros(node);
        node >>>= rise;
        last >>>= rise;
      } else {
        hash = merkle.node(hash, sibling);
      }
      node >>>= 1;
      last >>>= 1;
    }
    return last == 0 && hash.equals(root);
  }

  /**
   * Whether the proof shows that the tree with {@code root} begins with the one with {@code
   * oldRoot}. Any tree begins with the empty one, and with itself, by the empty proof.
   */
  public static boolean verifyConsistency(
      long oldSize, long size, List<Hash> proof, Hash oldRoot, Hash root) {
    if (oldSize < 0 || oldSize > size || proof.size() > HASHES_MAX) {
      return false;
    }
    if (oldSize == size) {
      return proof.isEmpty()
          && oldRoot.equals(root)
          && (size > 0 || root.equals(Merkle.EMPTY_ROOT));
    }
    if (oldSize == 0) {
      return proof.isEmpty() && oldRoot.equals(Merkle.EMPTY_ROOT);
    }
    if (proof.isEmpty()) {
      return false;
    }
    Merkle merkle = new Merkle();
    int rise = Long.numberOfTrailingZeros(oldSize);
    long node = oldSize - 1 >>> rise;
    long last = size - 1 >>> rise;
    Iterator<Hash> hashes = proof.iterator();
    // The old tree's largest complete subtree at its end; the old root itself for a power of two.
    Hash newHash = Long.bitCount(oldSize) == 1 ? oldRoot : hashes.next();
    Hash oldHash = newHash;
    while (hashes.hasNext()) {
      Hash sibling = hashes.next();
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        oldHash = merkle.node(sibling, oldHash);
        newHash = merkle.node(sibling, newHash);
        int skip = Long.numberOfTrailingZeros(node);
        node >>>= skip;
        last >>>= skip;
      } else {
        newHash = merkle.node(newHash, sibling);
      }
      node >>>= 1;
      last >>>= 1;
    }
    return last == 0 && oldHash.equals(oldRoot) && newHash.equals(root);
  }

  /** Root of the leaves [from, to), where from is a multiple of the widest subtree in it. */
  private static Hash subtree(long from, long to, Nodes nodes, Merkle merkle) {
    long width = to - from;
    int level = Long.numberOfTrailingZeros(width);
    Hash hash = nodes.node(level, (to >>> level) - 1);
    long rest = width & width - 1;
    while (rest != 0) {
      level = Long.numberOfTrailingZeros(rest);
      hash = merkle.node(nodes.node(level, (from + rest >>> level) - 1), hash);
      rest &= rest - 1;
    }
    return hash;
  }

  /** The largest power of two below {@code width}: how RFC 6962 splits a tree. */
  private static long leftWidth(long width) {
    return Long.highestOneBit(width - 1);
  }

  private static void checkRange(long low, long value, long high) {
    if (value < low || value > high) {
      throw new IndexOutOfBoundsException("size " + value + " is not in " + low + " … " + high);
    }
  }
}
