package aika.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every leaf and every pair of sizes up to {@value #SIZE_MAX}, against RFC 6962's definitions. */
class ProofsTest {
  private static final int SIZE_MAX = 40;

  private final List<Hash> leaves = Logs.leaves(SIZE_MAX);
  private final MerkleTree tree = Logs.tree(SIZE_MAX);

  @Test
  void inclusionOfEveryLeafAtEverySize() {
    for (int size = 1; size <= SIZE_MAX; size++) {
      Hash root = tree.root(size);
      assertEquals(Rfc6962.root(leaves.subList(0, size)), root);
      for (int index = 0; index < size; index++) {
        List<Hash> proof = Proofs.inclusion(index, size, tree);
        assertEquals(Rfc6962.path(index, leaves.subList(0, size)), proof);
        assertTrue(Proofs.verifyInclusion(leaves.get(index), index, size, proof, root));
      }
    }
  }

  @Test
  void tamperedInclusionIsRefused() {
    for (int size = 1; size <= SIZE_MAX; size++) {
      Hash root = tree.root(size);
      for (int index = 0; index < size; index++) {
        Hash leaf = leaves.get(index);
        List<Hash> proof = Proofs.inclusion(index, size, tree);
        for (List<Hash> tampered : tampered(proof)) {
          assertFalse(Proofs.verifyInclusion(leaf, index, size, tampered, root));
        }
        assertFalse(Proofs.verifyInclusion(Logs.flipped(leaf), index, size, proof, root));
        assertFalse(Proofs.verifyInclusion(leaf, index, size, proof, Logs.flipped(root)));
        for (int other = -1; other <= size; other++) {
          assertEquals(other == index, Proofs.verifyInclusion(leaf, other, size, proof, root));
        }
      }
    }
  }

  @Test
  void consistencyOfEveryPairOfSizes() {
    for (int size = 0; size <= SIZE_MAX; size++) {
      for (int old = 0; old <= size; old++) {
        List<Hash> proof = Proofs.consistency(old, size, tree);
        if (old > 0 && old < size) {
          assertEquals(Rfc6962.proof(old, leaves.subList(0, size)), proof);
        } else {
          assertEquals(List.of(), proof);
        }
        assertTrue(
            Proofs.verifyConsistency(old, size, proof, tree.root(old), tree.root(size)),
            old + " to " + size);
      }
    }
  }

  @Test
  void tamperedConsistencyIsRefused() {
    for (int size = 0; size <= SIZE_MAX; size++) {
      Hash root = tree.root(size);
      for (int old = 0; old <= size; old++) {
        Hash oldRoot = tree.root(old);
        List<Hash> proof = Proofs.consistency(old, size, tree);
        for (List<Hash> tampered : tampered(proof)) {
          assertFalse(
              Proofs.verifyConsistency(old, size, tampered, oldRoot, root), old + " to " + size);
        }
        Hash wrong = Logs.flipped(oldRoot);
        assertFalse(Proofs.verifyConsistency(old, size, proof, wrong, root));
        if (old > 0) {
          wrong = Logs.flipped(root);
          assertFalse(Proofs.verifyConsistency(old, size, proof, oldRoot, wrong));
        }
      }
    }
  }

  @Test
  void aForkIsNotConsistent() {
    for (int size = 2; size <= SIZE_MAX; size++) {
      for (int old = 1; old < size; old++) {
        List<Hash> changed = new ArrayList<>(leaves.subList(0, size));
        changed.set(old - 1, Logs.flipped(changed.get(old - 1)));
        List<Hash> proof = Rfc6962.proof(old, changed);
        Hash forked = Rfc6962.root(changed);
        assertFalse(Proofs.verifyConsistency(old, size, proof, tree.root(old), forked));
      }
    }
  }

  @Test
  void refusesSizesAndIndexesOutOfBounds() {
    Hash root = tree.root();
    assertFalse(Proofs.verifyInclusion(root, 0, 0, List.of(), root));
    assertFalse(Proofs.verifyInclusion(root, -1, 1, List.of(), root));
    assertFalse(Proofs.verifyInclusion(root, 0, -1, List.of(), root));
    assertFalse(Proofs.verifyConsistency(-1, 1, List.of(), root, root));
    assertFalse(Proofs.verifyConsistency(2, 1, List.of(), root, root));
    assertFalse(Proofs.verifyConsistency(0, 0, List.of(), root, root));
    List<Hash> endless = Collections.nCopies(Proofs.HASHES_MAX + 1, root);
    assertFalse(Proofs.verifyInclusion(root, 0, Long.MAX_VALUE, endless, root));
    assertFalse(Proofs.verifyConsistency(1, Long.MAX_VALUE, endless, root, root));
    assertThrows(IndexOutOfBoundsException.class, () -> Proofs.inclusion(40, 40, tree));
    assertThrows(IndexOutOfBoundsException.class, () -> Proofs.inclusion(-1, 40, tree));
    assertThrows(IndexOutOfBoundsException.class, () -> Proofs.inclusion(0, 41, tree));
    assertThrows(IndexOutOfBoundsException.class, () -> Proofs.consistency(2, 1, tree));
    assertThrows(IndexOutOfBoundsException.class, () -> Proofs.root(-1, tree));
    assertThrows(IndexOutOfBoundsException.class, () -> Proofs.root(41, tree));
  }

  @Test
  void worksAtTheLargestSizes() {
    Hash every = leaves.getFirst();
    Hash[] complete = new Hash[63];
    complete[0] = every;
    for (int level = 1; level < complete.length; level++) {
      complete[level] = Merkle.nodeHash(complete[level - 1], complete[level - 1]);
    }
    Nodes equalLeaves = (level, index) -> complete[level];
    long size = 1L << 62;
    Hash root = Proofs.root(size, equalLeaves);
    for (long index : new long[] {0, 1, size / 2, size / 2 + 1, size - 2, size - 1}) {
      List<Hash> proof = Proofs.inclusion(index, size, equalLeaves);
      assertTrue(proof.size() <= Proofs.HASHES_MAX);
      assertTrue(Proofs.verifyInclusion(every, index, size, proof, root));
    }
    for (long old : new long[] {1, size / 2, size / 2 + 1, size - 1}) {
      List<Hash> proof = Proofs.consistency(old, size, equalLeaves);
      Hash oldRoot = Proofs.root(old, equalLeaves);
      assertTrue(Proofs.verifyConsistency(old, size, proof, oldRoot, root), "from " + old);
    }
  }

  /** Each hash changed, dropped or doubled, neighbours swapped, and one hash more at either end. */
  private static List<List<Hash>> tampered(List<Hash> proof) {
    List<List<Hash>> all = new ArrayList<>();
    for (int at = 0; at < proof.size(); at++) {
      List<Hash> changed = new ArrayList<>(proof);
      changed.set(at, Logs.flipped(proof.get(at)));
      all.add(changed);
      List<Hash> dropped = new ArrayList<>(proof);
      dropped.remove(at);
      all.add(dropped);
      List<Hash> doubled = new ArrayList<>(proof);
      doubled.add(at, proof.get(at));
      all.add(doubled);
      if (at > 0) {
        List<Hash> swapped = new ArrayList<>(proof);
        Collections.swap(swapped, at - 1, at);
        all.add(swapped);
      }
    }
    List<Hash> before = new ArrayList<>(proof);
    before.addFirst(Merkle.EMPTY_ROOT);
    all.add(before);
    List<Hash> after = new ArrayList<>(proof);
    after.addLast(Merkle.EMPTY_ROOT);
    all.add(after);
    return all;
  }
}
