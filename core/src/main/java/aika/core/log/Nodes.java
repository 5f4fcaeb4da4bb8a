package aika.core.log;

/** Where the stored hashes of a Merkle tree come from. */
public interface Nodes {
  /**
   * Root of the complete subtree over the leaves from {@code index << level} up to, not including,
   * {@code (index + 1) << level}. Level 0 is the leaf hashes.
   *
   * @throws IndexOutOfBoundsException when the tree does not hold all of these leaves
   */
  Hash node(int level, long index);
}
