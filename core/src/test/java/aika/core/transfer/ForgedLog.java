package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Order;
import aika.core.log.Checkpoint;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a chain could show whose whole quorum is corrupt: any leaves under a good checkpoint. */
final class ForgedLog {
  private final TestFederation fed;
  private final ChainId origin;
  private final MerkleTree tree = new MerkleTree();
  private final List<byte[]> leaves = new ArrayList<>();

  ForgedLog(TestFederation fed, ChainId origin) {
    this.fed = fed;
    this.origin = origin;
  }

  long add(byte[] leaf) {
    leaves.add(leaf);
    return tree.append(Merkle.leafHash(leaf));
  }

  long add(String leaf) {
    return add(leaf.getBytes(StandardCharsets.UTF_8));
  }

  long add(Leaf leaf) {
    return add(LeafText.encode(leaf));
  }

  /** A send that this chain never executed. */
  long send(Order.Send order) {
    long time = fed.now();
    return add(new Leaf.Executed(time, time, null, List.of(), fed.sign(order)));
  }

  Action.RecordCheckpoint recording() {
    Checkpoint checkpoint =
        new Checkpoint(fed.directory().origin(origin), tree.size(), tree.root());
    return new Action.RecordCheckpoint(origin, 1, checkpoint, List.of());
  }

  Action.Citation cite(long index) {
    return new Action.Citation(index, tree.size(), proof(index));
  }

  Action.Proof proof(long index) {
    byte[] leaf = leaves.get(Math.toIntExact(index));
    return new Action.Proof(leaf, Proofs.inclusion(index, tree.size(), tree));
  }

  long size() {
    return tree.size();
  }
}
