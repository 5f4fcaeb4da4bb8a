package aika.node.cosign;

import aika.core.log.Checkpoint;
import aika.core.log.EntryBundle;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.note.Ed25519;
import aika.node.config.HeldKey;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A log that its node serves, and signs whatever is in it. */
final class ServedLog {
  private final List<byte[]> leaves;
  private final MerkleTree tree = new MerkleTree();
  private final SignedCheckpoint signed;

  ServedLog(List<byte[]> leaves, HeldKey logKey) {
    this.leaves = List.copyOf(leaves);
    leaves.forEach(leaf -> tree.append(Merkle.leafHash(leaf)));
    signed = sign(tree.root(), logKey);
  }

  private SignedCheckpoint sign(Hash root, HeldKey logKey) {
    return SignedCheckpoint.sign(
        new Checkpoint(logKey.key().name(), leaves.size(), root), Ed25519.TYPE, logKey.signer());
  }

  /** The same files under another root, which the log has signed, too. */
  SignedCheckpoint under(Hash root, HeldKey logKey) {
    return sign(root, logKey);
  }

  SignedCheckpoint signed() {
    return signed;
  }

  List<byte[]> leaves() {
    return leaves;
  }

  /** The log with another leaf at this place. */
  ServedLog with(int index, byte[] leaf, HeldKey logKey) {
    List<byte[]> changed = new ArrayList<>(leaves);
    changed.set(index, leaf);
    return new ServedLog(changed, logKey);
  }

  byte[] file(String path) {
    return switch (TilePath.parse(path)) {
      case TilePath.Entries entries -> {
        int from = (int) entries.index() * TilePath.FULL_WIDTH;
        yield EntryBundle.encode(leaves.subList(from, from + entries.width()));
      }
      case TilePath.Hashes hashes -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < hashes.width(); i++) {
          long at = hashes.index() * TilePath.FULL_WIDTH + i;
          out.writeBytes(tree.node(TilePath.HEIGHT * hashes.level(), at).bytes());
        }
        yield out.toByteArray();
      }
    };
  }
}
