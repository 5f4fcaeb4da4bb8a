package aika.core.log;

import aika.core.note.KeyName;
import aika.core.note.Lines;
import aika.core.note.MalformedException;
import aika.core.note.Utf8;

/**
 * What a log is at one size (C2SP tlog-checkpoint): three lines with its origin, the number of its
 * leaves and their Merkle root. Extension lines are refused, because ML-DSA-44 cosignatures do not
 * cover them; the origin has the form of a key name, because the log's key is named so.
 */
public record Checkpoint(String origin, long size, Hash root) {
  public Checkpoint {
    KeyName.check(origin);
    if (size < 0) {
      throw new MalformedException("checkpoint of size " + size);
    }
    if (size == 0 && !root.equals(Merkle.EMPTY_ROOT)) {
      throw new MalformedException("checkpoint of size 0 has another root than the empty tree");
    }
  }

  /** The note text: what the log signs. */
  public String text() {
    return origin + "\n" + size + "\n" + root.base64() + "\n";
  }

  /**
   * @throws MalformedException when this is not exactly a checkpoint's text; the message names the
   *     line
   */
  public static Checkpoint parse(String text) {
    return parse(Lines.of(Utf8.encode(text)));
  }

  static Checkpoint parse(Lines lines) {
    String origin = lines.next().text();
    try {
      KeyName.check(origin);
    } catch (MalformedException e) {
      throw lines.malformed(e);
    }
    long size = lines.next().decimalAfter("");
    Hash root = Hash.parse(lines.next());
    if (size == 0 && !root.equals(Merkle.EMPTY_ROOT)) {
      throw lines.malformed("not the root of the empty tree");
    }
    lines.end();
    return new Checkpoint(origin, size, root);
  }
}
