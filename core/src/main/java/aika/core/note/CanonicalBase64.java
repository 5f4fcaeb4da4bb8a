package aika.core.note;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Standard base64 (RFC 4648, section 4) with exactly one accepted text per value: padding is
 * required and unused bits are zero. The JDK's decoder accepts more than that.
 */
public final class CanonicalBase64 {
  private static final byte[] VALUES = values();

  private CanonicalBase64() {}

  public static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * @throws MalformedException when the text is not canonical base64
   */
  public static byte[] decode(String text) {
    byte[] ascii = text.getBytes(ISO_8859_1);
    byte[] bytes = decode(ascii, 0, ascii.length);
    // Characters beyond ISO 8859-1 became '?', which is no base64 either.
    if (bytes == null) {
      throw new MalformedException("not canonical base64");
    }
    return bytes;
  }

  /** The bytes that {@code ascii[from, to)} stands for, or null when it is not canonical. */
  static byte @Nullable [] decode(byte[] ascii, int from, int to) {
    int length = to - from;
    if ((length & 3) != 0) {
      return null;
    }
    if (length == 0) {
      return new byte[0];
    }
    int padding = ascii[to - 1] != '=' ? 0 : ascii[to - 2] != '=' ? 1 : 2;
    byte[] bytes = new byte[length / 4 * 3 - padding];
    int full = padding == 0 ? to : to - 4;
    int bad = 0;
    int out = 0;
    for (int in = from; in < full; in += 4) {
      int a = VALUES[ascii[in] & 0xff];
      int b = VALUES[ascii[in + 1] & 0xff];
      int c = VALUES[ascii[in + 2] & 0xff];
      int d = VALUES[ascii[in + 3] & 0xff];
      bad |= a | b | c | d;
      int word = a << 18 | b << 12 | c << 6 | d;
      bytes[out++] = (byte) (word >> 16);
      bytes[out++] = (byte) (word >> 8);
      bytes[out++] = (byte) word;
    }
    if (padding > 0) {
      int a = VALUES[ascii[full] & 0xff];
      int b = VALUES[ascii[full + 1] & 0xff];
      int c = padding == 1 ? VALUES[ascii[full + 2] & 0xff] : 0;
      bad |= a | b | c;
      int word = a << 18 | b << 12 | c << 6;
      int unused = padding == 1 ? word & 0xff : word & 0xffff;
      bad |= unused == 0 ? 0 : -1;
      bytes[out++] = (byte) (word >> 16);
      if (padding == 1) {
        bytes[out] = (byte) (word >> 8);
      }
    }
    return bad < 0 ? null : bytes;
  }

  private static byte[] values() {
    byte[] values = new byte[256];
    Arrays.fill(values, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    return values;
  }
}
