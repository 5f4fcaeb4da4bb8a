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
    checkCharacters(name);
    byte[] bytes = Utf8.encode(name);
    if (bytes.length > BYTES_MAX) {
      throw wrongLength();
    }
    return bytes;
  }

  /**
   * This name, checked.
   *
   * @throws MalformedException when it is not a key name
   */
  public static String check(String name) {
    boolean ascii = checkCharacters(name);
    if (!ascii) {
      encode(name);
    }
    return name;
  }

  /** Returns whether all of them are ASCII, so that the name needs no look at its bytes. */
  private static boolean checkCharacters(String name) {
    if (name.isEmpty() || name.length() > BYTES_MAX) {
      throw wrongLength();
    }
    boolean ascii = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!allowed(c)) {
        throw new MalformedException("key name with white space, '+' or a control character");
      }
      ascii &= c < 0x80;
    }
    return ascii;
  }

  private static MalformedException wrongLength() {
    return new MalformedException("key name must have 1 to " + BYTES_MAX + " bytes");
  }

  private static boolean allowed(char c) {
    if (c < 0x7f) {
      return c > ' ' && c != '+';
    }
    // Every Unicode space and control character lies in the basic plane.
    return !Character.isSpaceChar(c) && !Character.isWhitespace(c) && !Character.isISOControl(c);
  }
}
