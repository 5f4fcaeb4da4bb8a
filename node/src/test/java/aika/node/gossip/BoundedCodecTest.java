package aika.node.gossip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.scalecube.cluster.transport.api.Message;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** [GOS-3] */
final class BoundedCodecTest {
  private final BoundedCodec codec = new BoundedCodec();

  private byte[] bytes(Object data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codec.serialize(Message.withData(data).qualifier("aika/x").header("from", "Asia").build(), out);
    return out.toByteArray();
  }

  @Test
  void aMessageComesBack() throws IOException {
    Message message = codec.parse(bytes(new byte[] {1, 2, 3}));
    assertEquals("aika/x", message.qualifier());
    assertEquals("Asia", message.header("from"));
    assertArrayEquals(new byte[] {1, 2, 3}, message.<byte[]>data());
  }

  @Test
  void otherClassesAreNotMade() throws IOException {
    assertThrows(IOException.class, () -> bytes(new ArrayList<>(List.of("a"))));
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(list)) {
      objects.writeInt(0);
      objects.writeObject(new ArrayList<>(List.of("a")));
    }
    assertThrows(IOException.class, () -> codec.parse(list.toByteArray()));
    ByteArrayOutputStream empty = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(empty)) {
      objects.writeInt(0);
      objects.writeObject("x");
    }
    assertEquals("x", codec.parse(empty.toByteArray()).data());
    byte[] large = bytes(new byte[Rumour.BYTES_MAX + 1]);
    assertThrows(IOException.class, () -> codec.parse(large));
  }

  /** Room is made for as many headers as are said to come. */
  @Test
  void numbersAreBounded() throws IOException {
    for (int count : new int[] {-1, BoundedCodec.ELEMENTS_MAX + 1, Integer.MAX_VALUE}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
        objects.writeInt(count);
        objects.writeUTF("q");
        objects.writeObject("x");
      }
      assertThrows(IOException.class, () -> codec.parse(out.toByteArray()));
    }
  }

  @Test
  void anythingElseIsAnIoException() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] good = bytes(new byte[200]);
    for (int i = 0; i < 2_000; i++) {
      byte[] bad = good.clone();
      for (int change = 0; change <= random.nextInt(4); change++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        codec.parse(bad);
      } catch (IOException refused) {
        assertEquals(false, refused.toString().isEmpty(), "seed " + seed);
      }
    }
    ByteArrayOutputStream empty = new ByteArrayOutputStream();
    new DataOutputStream(empty).writeLong(0);
    assertThrows(IOException.class, () -> codec.parse(empty.toByteArray()));
  }
}
