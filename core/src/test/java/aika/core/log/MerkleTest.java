package aika.core.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The eight-leaf tree that Certificate Transparency implementations share as a reference. */
class MerkleTest {
  private static final String[] ENTRIES = {
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f"
  };
  private static final String[] ROOTS = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
  };
  private static final String LEAF_1 =
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
  private static final String NODE_2_3 =
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
  private static final String NODE_4_7 =
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
  private static final String LEAF_4 =
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
  private static final String NODE_6_7 =
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
  private static final String NODE_4_5 =
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

  private final MerkleTree tree = new MerkleTree();

  MerkleTest() {
    for (String entry : ENTRIES) {
      tree.append(Merkle.leafHash(HexFormat.of().parseHex(entry)));
    }
  }

  @Test
  void rootsAtEverySize() {
    Frontier frontier = new Frontier();
    for (int size = 0; size <= 8; size++) {
      assertEquals(Logs.hash(ROOTS[size]), tree.root(size), "size " + size);
      assertEquals(Logs.hash(ROOTS[size]), frontier.root(), "size " + size);
      if (size < 8) {
        frontier.append(tree.node(0, size));
      }
    }
    assertEquals(Merkle.EMPTY_ROOT, tree.root(0));
  }

  @Test
  void inclusionProofs() {
    assertEquals(Logs.hashes(LEAF_1, NODE_2_3, NODE_4_7), Proofs.inclusion(0, 8, tree));
    assertEquals(Logs.hashes(LEAF_4, NODE_6_7, ROOTS[4]), Proofs.inclusion(5, 8, tree));
    assertEquals(Logs.hashes(ROOTS[2]), Proofs.inclusion(2, 3, tree));
    assertEquals(Logs.hashes(ROOTS[1], NODE_2_3, LEAF_4), Proofs.inclusion(1, 5, tree));
    assertEquals(List.of(), Proofs.inclusion(0, 1, tree));
  }

  @Test
  void consistencyProofs() {
    assertEquals(List.of(), Proofs.consistency(1, 1, tree));
    assertEquals(Logs.hashes(LEAF_1, NODE_2_3, NODE_4_7), Proofs.consistency(1, 8, tree));
    assertEquals(Logs.hashes(NODE_4_5, NODE_6_7, ROOTS[4]), Proofs.consistency(6, 8, tree));
    assertEquals(Logs.hashes(NODE_2_3, LEAF_4), Proofs.consistency(2, 5, tree));
  }

  @Test
  void oneInstanceHashesAsTheStaticMethodsDo() {
    Merkle merkle = new Merkle();
    byte[] bytes = {9, 1, 2, 3, 9};
    for (int round = 0; round < 3; round++) {
      Hash leaf = merkle.leaf(bytes, 1, 3);
      assertEquals(Merkle.leafHash(new byte[] {1, 2, 3}), leaf);
      assertEquals(Merkle.nodeHash(leaf, Merkle.EMPTY_ROOT), merkle.node(leaf, Merkle.EMPTY_ROOT));
    }
  }

  @Test
  void hashesAreValues() {
    Hash hash = Logs.hash(ROOTS[8]);
    byte[] bytes = hash.bytes();
    bytes[0] ^= 1;
    Hash other = Hash.of(bytes);
    bytes[0] ^= 1;
    assertEquals(hash, Hash.of(bytes));
    assertEquals(hash.hashCode(), Hash.of(bytes).hashCode());
    assertTrue(hash.compareTo(other) > 0);
    assertEquals(hash, Hash.parse(hash.base64()));
    byte[] out = new byte[40];
    hash.copyTo(out, 5);
    assertArrayEquals(hash.bytes(), Arrays.copyOfRange(out, 5, 37));
    assertEquals(hash, Hash.of(out, 5));
    for (int length : new int[] {0, 31, 33}) {
      assertThrows(MalformedException.class, () -> Hash.of(new byte[length]));
    }
    List<String> bad = new ArrayList<>(List.of("", "AAAA", hash.base64() + "\n"));
    bad.add(hash.base64().substring(0, 43));
    bad.add(hash.base64().replace('=', 'A'));
    bad.add(hash.base64().substring(0, 42) + "==");
    for (String text : bad) {
      assertThrows(MalformedException.class, () -> Hash.parse(text));
    }
  }
}
