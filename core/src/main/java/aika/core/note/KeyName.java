package aika.core.note;

/**
 * Names of keys in signed notes: not empty, no white space, no {@code +}, no control characters
 * (C2SP signed-note), and at most {@value #BYTES_MAX} bytes of UTF-8 (tlog-cosignature writes them
 * behind a length byte).
 */
public final class KeyName {
  public static final int BYTES_MAX = 255;

  private KeyName() {}

  /**
   * The UTF-8 bytes of this name.
   *
   * @throws MalformedException when it is not a key name
   */
  public static byte[] encode(String name) {
    if (name.isEmpty() || name.length() > BYTES_MAX) {
      throw new MalformedException("key name must have 1 to " + BYTES_MAX + " bytes");
    }
    for (int i = 0; i < name.length(); i++) {
      if (!allowed(name.charAt(i))) {
        throw new MalformedException("key name with white space, '+' or a control character");
      }
    }
    byte[] bytes = Utf8.encode(name);
    if (bytes.length > BYTES_MAX) {
      throw new MalformedException("key name must have 1 to " + BYTES_MAX + " bytes");
    }
    return bytes;
  }

  /**
   * This name, checked.
   *
   * @throws MalformedException when it is not a key name
   */
  public static String check(String name) {
    encode(name);
    return name;
  }

  private static boolean allowed(char c) {
    if (c < 0x7f) {
      return c > ' ' && c != '+';
    }
    // Every Unicode space and control character lies in the basic plane.
    return !Character.isSpaceChar(c) && !Character.isWhitespace(c) && !Character.isISOControl(c);
  }
}
