package aika.node.store;

import aika.core.money.ChainId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Builds keys whose byte order is the order that scans need. */
public final class ByteKey {
  private ByteKey() {}

  /** All keys of a chain: its name and a zero byte, which no name has. */
  public static byte[] of(ChainId chain) {
    return text(chain.value());
  }

  /** A text and a zero byte. */
  public static byte[] text(String text) {
    byte[] name = text.getBytes(StandardCharsets.UTF_8);
    byte[] key = new byte[name.length + 1];
    System.arraycopy(name, 0, key, 0, name.length);
    return key;
  }

  /** A chain and a number, in the numbers' order. */
  public static byte[] of(ChainId chain, long number) {
    return with(of(chain), number);
  }

  public static byte[] with(byte[] prefix, long number) {
    return ByteBuffer.allocate(prefix.length + Long.BYTES).put(prefix).putLong(number).array();
  }

  public static byte[] with(byte[] prefix, byte[] rest) {
    return ByteBuffer.allocate(prefix.length + rest.length).put(prefix).put(rest).array();
  }

  /** The number at the end of a key. */
  public static long number(byte[] key) {
    return ByteBuffer.wrap(key, key.length - Long.BYTES, Long.BYTES).getLong();
  }
}
