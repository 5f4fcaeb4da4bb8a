package aika.core.follow;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys whose byte order is the order that scans need. */
final class RowKey {
  private RowKey() {}

  /** A text and a zero byte, which no name has. */
  static byte[] text(String text) {
    return Arrays.copyOf(ascii(text), text.length() + 1);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] of(ChainId chain) {
    return text(chain.value());
  }

  static byte[] of(ChainId chain, long number) {
    return with(of(chain), number);
  }

  static byte[] of(AccountId account, ChainId chain, long number) {
    byte[] home = ascii(account.chain().value());
    byte[] local = ascii(account.local());
    byte[] name = ascii(chain.value());
    return ByteBuffer.allocate(home.length + local.length + name.length + 3 + Long.BYTES)
        .put(home)
        .put((byte) '/')
        .put(local)
        .put((byte) 0)
        .put(name)
        .put((byte) 0)
        .putLong(number)
        .array();
  }

  static byte[] with(byte[] prefix, long number) {
    return ByteBuffer.allocate(prefix.length + Long.BYTES).put(prefix).putLong(number).array();
  }

  static byte[] with(byte[] prefix, byte[] rest) {
    byte[] key = Arrays.copyOf(prefix, prefix.length + rest.length);
    System.arraycopy(rest, 0, key, prefix.length, rest.length);
    return key;
  }

  /** The first key behind all that begin with {@code prefix}, whose last byte is not 0xff. */
  static byte[] after(byte[] prefix) {
    byte[] key = prefix.clone();
    key[key.length - 1]++;
    return key;
  }

  /** Takes a key apart. */
  static final class Reader {
    private final byte[] key;
    private int at;

    Reader(byte[] key) {
      this.key = key;
    }

    String text() {
      int start = at;
      while (key[at] != 0) {
        at++;
      }
      at++;
      return new String(key, start, at - 1 - start, StandardCharsets.US_ASCII);
    }

    ChainId chain() {
      return ChainId.of(text());
    }

    int u8() {
      return key[at++] & 0xff;
    }

    long number() {
      at += Long.BYTES;
      return ByteBuffer.wrap(key, at - Long.BYTES, Long.BYTES).getLong();
    }
  }
}
