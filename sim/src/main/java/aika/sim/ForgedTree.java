package aika.sim;

import aika.core.ledger.Action;
import aika.core.log.Checkpoint;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * A tree that goes on from a real one with leaves that its chain never had: consistent, but false.
 */
final class ForgedTree {
  private static final int LEAVES_MAX = 40;

  private final MerkleTree tree = new MerkleTree();

  /**
   * @param size how much of it is real
   */
  ForgedTree(MerkleTree real, long size) {
    for (long i = 0; i < Math.min(size, real.size()); i++) {
      tree.append(real.node(0, i));
    }
  }

  MerkleTree tree() {
    return tree;
  }

  void grow(SplittableRandom random) {
    for (int more = 1 + random.nextInt(LEAVES_MAX); more > 0; more--) {
      byte[] leaf = ("money, leaf " + tree.size()).getBytes(StandardCharsets.UTF_8);
      tree.append(Merkle.leafHash(leaf));
    }
  }

  /**
   * What has to be asked of a chain to record it.
   *
   * @param from size that the chain has recorded last
   */
  Action.RecordCheckpoint record(World world, ChainId origin, long term, long from) {
    Checkpoint checkpoint =
        new Checkpoint(world.directory().origin(origin), tree.size(), tree.root());
    return new Action.RecordCheckpoint(
        origin, term, checkpoint, Proofs.consistency(from, tree.size(), tree));
  }
}
