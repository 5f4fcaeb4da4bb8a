package aika.core.note;

/** Notes of an exact length: what is missing is made up by signature lines that nobody checks. */
public final class PaddedNote {
  private static final int LINE_BYTES_MAX = 6_000;
  private static final int LINE_BYTES_MIN = 100;

  private PaddedNote() {}

  /**
   * @param bytes of the whole note, at least {@value #LINE_BYTES_MIN} more than it has
   */
  public static SignedNote to(int bytes, SignedNote note) {
    SignedNote padded = note;
    for (int i = 0; padded.encode().length < bytes; i++) {
      int missing = bytes - padded.encode().length;
      int line = missing <= LINE_BYTES_MAX ? missing : LINE_BYTES_MAX - LINE_BYTES_MIN;
      padded = padded.withSignature(line(i, line));
    }
    return padded;
  }

  /** "— name base64" and a newline: the dash has three bytes. */
  private static NoteSignature line(int number, int bytes) {
    int rest = bytes - "--- ".length() - " \n".length();
    String name = (number + "x".repeat(8)).substring(0, 4 + rest % 4);
    int signed = (rest - name.length()) / 4 * 3;
    return new NoteSignature(name, number, new byte[signed - Integer.BYTES]);
  }
}
