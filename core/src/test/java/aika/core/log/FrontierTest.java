package aika.core.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.note.MalformedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontierTest {
  private static final int LEAVES = 600;

  private final MerkleTree tree = Logs.tree(LEAVES);

  @Test
  void refusesBytesOfAnotherForm() {
    byte[] encoded = Frontier.of(5, tree).encode();
    assertEquals(8 + 2 * 32, encoded.length);
    for (int length : new int[] {0, 7, 8, 40, encoded.length - 1, encoded.length + 1}) {
      byte[] other = Arrays.copyOf(encoded, length);
      assertThrows(MalformedException.class, () -> Frontier.decode(other));
    }
    byte[] negative = ByteBuffer.allocate(8).putLong(Long.MIN_VALUE).array();
    assertThrows(MalformedException.class, () -> Frontier.decode(negative));
    assertThrows(IllegalArgumentException.class, () -> Frontier.of(-1, tree));
    assertThrows(IndexOutOfBoundsException.class, () -> Frontier.of(LEAVES + 1, tree));
  }

  @Test
  void growsAsTheTreeDoes() {
    Frontier frontier = new Frontier();
    for (int size = 0; size < LEAVES; size++) {
      assertEquals(size, frontier.size());
      assertEquals(tree.root(size), frontier.root());
      assertEquals(frontier, Frontier.of(size, tree));
      Frontier decoded = Frontier.decode(frontier.encode());
      assertEquals(frontier, decoded);
      assertArrayEquals(frontier.encode(), decoded.encode());
      decoded.append(tree.node(0, size));
      assertEquals(tree.root(size + 1), decoded.root());
      frontier.append(tree.node(0, size));
    }
  }

  @Test
  void copiesGoTheirOwnWay() {
    Frontier frontier = Frontier.of(7, tree);
    Frontier copy = frontier.copy();
    Hash root = frontier.root();
    copy.append(tree.node(0, 9));
    assertEquals(root, frontier.root());
    frontier.append(tree.node(0, 7));
    assertEquals(tree.root(8), frontier.root());
    assertNotEquals(copy, frontier);
  }

  @Test
  void tellsEachSubtreeOnceWhenItIsComplete() {
    List<String> completed = new ArrayList<>();
    Frontier frontier = new Frontier();
    for (int i = 0; i < 8; i++) {
      int leaf = i;
      frontier.append(
          tree.node(0, i),
          (level, index, hash) -> {
            assertEquals(tree.node(level, index), hash);
            completed.add(leaf + ":" + level + "/" + index);
          });
    }
    assertEquals(
        List.of(
            "0:0/0", "1:0/1", "1:1/0", "2:0/2", "3:0/3", "3:1/1", "3:2/0", "4:0/4", "5:0/5",
            "5:1/2", "6:0/6", "7:0/7", "7:1/3", "7:2/1", "7:3/0"),
        completed);
  }

  @Test
  void theTreeHoldsNoMoreThanItWasGiven() {
    assertEquals(LEAVES, tree.size());
    assertThrows(IndexOutOfBoundsException.class, () -> tree.node(0, LEAVES));
    assertThrows(IndexOutOfBoundsException.class, () -> tree.node(0, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> tree.node(-1, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> tree.node(9, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> tree.node(10, 0));
    assertEquals(tree.root(512), tree.node(9, 0));
  }
}
