package aika.core.ledger;

import aika.core.log.Hash;
import aika.core.note.MalformedException;
import aika.core.note.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Compact bytes of things that stay inside a node: ordered commands and stored rows. Big-endian;
 * strings and byte arrays with a 32-bit length.
 */
public final class Wire {
  private byte[] bytes;
  private int size;

  public Wire(int capacity) {
    bytes = new byte[capacity];
  }

  public Wire u8(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  public Wire i32(int value) {
    room(4);
    bytes[size++] = (byte) (value >>> 24);
    bytes[size++] = (byte) (value >>> 16);
    bytes[size++] = (byte) (value >>> 8);
    bytes[size++] = (byte) value;
    return this;
  }

  public Wire i64(long value) {
    return i32((int) (value >>> 32)).i32((int) value);
  }

  public Wire raw(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  public Wire blob(byte[] value) {
    return i32(value.length).raw(value);
  }

  public Wire text(String value) {
    return blob(value.getBytes(StandardCharsets.UTF_8));
  }

  public Wire hash(Hash value) {
    return raw(value.bytes());
  }

  public int size() {
    return size;
  }

  /** What was written, after which nothing more is: a wire of the exact capacity is not copied. */
  public byte[] toBytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  /** Reads what {@link Wire} wrote; anything else is a {@link MalformedException}. */
  public static final class Reader {
    private final ByteBuffer in;

    public Reader(byte[] bytes) {
      in = ByteBuffer.wrap(bytes);
    }

    public int u8() {
      need(1);
      return in.get() & 0xff;
    }

    public int i32() {
      need(4);
      return in.getInt();
    }

    public long i64() {
      need(8);
      return in.getLong();
    }

    public byte[] raw(int length) {
      need(length);
      byte[] value = new byte[length];
      in.get(value);
      return value;
    }

    public byte[] blob() {
      return raw(i32());
    }

    public String text() {
      byte[] bytes = blob();
      return Utf8.decode(bytes, 0, bytes.length);
    }

    public Hash hash() {
      return Hash.of(raw(Hash.BYTES));
    }

    public boolean hasMore() {
      return in.hasRemaining();
    }

    private void need(int length) {
      if (length < 0 || length > in.remaining()) {
        throw new MalformedException("stored bytes end too early");
      }
    }
  }
}
