package aika.core.log;

import aika.core.note.ToyScheme;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Trees and checkpoints for the tests of this package. */
final class Logs {
  static final String ORIGIN = "aika.example/Asia-Komatsu";
  static final int TOY_TYPE = 0xff;

  private Logs() {}

  static Hash hash(String hex) {
    return Hash.of(HexFormat.of().parseHex(hex));
  }

  static List<Hash> hashes(String... hex) {
    List<Hash> hashes = new ArrayList<>();
    for (String each : hex) {
      hashes.add(hash(each));
    }
    return hashes;
  }

  static byte[] entry(int index) {
    return new byte[] {(byte) index, (byte) (index >> 8), (byte) (index >> 16)};
  }

  static List<Hash> leaves(int size) {
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leaves.add(Merkle.leafHash(entry(i)));
    }
    return leaves;
  }

  static MerkleTree tree(int size) {
    MerkleTree tree = new MerkleTree();
    leaves(size).forEach(tree::append);
    return tree;
  }

  static Hash flipped(Hash hash) {
    byte[] bytes = hash.bytes();
    bytes[17] ^= 0x10;
    return Hash.of(bytes);
  }

  static SignedCheckpoint signed(MerkleTree tree) {
    Checkpoint checkpoint = new Checkpoint(ORIGIN, tree.size(), tree.root());
    return SignedCheckpoint.sign(checkpoint, TOY_TYPE, ToyScheme.signer("log"));
  }

  static VerifierKey logKey() {
    return new VerifierKey(ORIGIN, TOY_TYPE, ToyScheme.signer("log").publicKey());
  }

  static VerifierKey seatKey(String name) {
    return new VerifierKey(name, Cosignature.TYPE, ToyScheme.signer(name).publicKey());
  }
}
