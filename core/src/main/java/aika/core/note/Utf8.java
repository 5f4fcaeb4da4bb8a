package aika.core.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** UTF-8 that refuses what the JDK would silently replace. */
public final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /**
   * The text of these bytes.
   *
   * @throws MalformedException when they are not valid UTF-8
   */
  public static String decode(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, UTF_8);
    // A malformed sequence always shows as U+FFFD, so only such a text needs the slow decoder.
    if (text.indexOf(REPLACEMENT) >= 0) {
      try {
        UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
      } catch (CharacterCodingException e) {
        throw new MalformedException("not valid UTF-8", e);
      }
    }
    return text;
  }

  /**
   * The bytes of this text.
   *
   * @throws MalformedException when it has an unpaired surrogate
   */
  public static byte[] encode(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    if (!new String(bytes, UTF_8).equals(text)) {
      throw new MalformedException("text with an unpaired surrogate");
    }
    return bytes;
  }
}
