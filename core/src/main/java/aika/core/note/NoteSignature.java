package aika.core.note;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** One signature line of a signed note: {@code — <key name> base64(key id || signature)}. */
public final class NoteSignature {
  /** Room for every assigned signature type; ML-DSA-44 with its timestamp takes 2,428. */
  public static final int SIGNATURE_BYTES_MAX = 5_000;

  private static final int KEY_ID_BYTES = 4;
  private static final byte[] LINE_START = {(byte) 0xe2, (byte) 0x80, (byte) 0x94, ' '};

  private final String name;
  private final int keyId;
  private final byte[] bytes;

  /**
   * @throws MalformedException when the name is not a key name, or the signature is empty or too
   *     long
   */
  public NoteSignature(String name, int keyId, byte[] bytes) {
    if (bytes.length == 0 || bytes.length > SIGNATURE_BYTES_MAX) {
      throw new MalformedException("signature must have 1 to " + SIGNATURE_BYTES_MAX + " bytes");
    }
    this.name = KeyName.check(name);
    this.keyId = keyId;
    this.bytes = bytes.clone();
  }

  public String name() {
    return name;
  }

  public int keyId() {
    return keyId;
  }

  /** The signature as its type defines it, without the key id. */
  public byte[] bytes() {
    return bytes.clone();
  }

  public boolean isBy(String name, int keyId) {
    return this.keyId == keyId && this.name.equals(name);
  }

  /** Parses a sequence of one or more signature lines, as a witness answers. */
  public static List<NoteSignature> parseLines(byte[] encoded) {
    if (encoded.length > SignedNote.NOTE_BYTES_MAX) {
      throw new MalformedException("more than " + SignedNote.NOTE_BYTES_MAX + " bytes");
    }
    return parseLines(Lines.of(encoded));
  }

  /** These signatures as lines. */
  public static byte[] encodeLines(List<NoteSignature> signatures) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    signatures.forEach(signature -> signature.writeLine(out));
    return out.toByteArray();
  }

  static List<NoteSignature> parseLines(Lines lines) {
    List<NoteSignature> signatures = new ArrayList<>(2);
    do {
      NoteSignature signature = parse(lines.next());
      if (signatures.size() == SignedNote.SIGNATURES_MAX) {
        throw lines.malformed("more than " + SignedNote.SIGNATURES_MAX + " signatures");
      }
      for (NoteSignature earlier : signatures) {
        if (earlier.isBy(signature.name, signature.keyId)) {
          throw lines.malformed("a second signature of the same key");
        }
      }
      signatures.add(signature);
    } while (lines.hasNext());
    return List.copyOf(signatures);
  }

  void writeLine(ByteArrayOutputStream out) {
    byte[] withId = new byte[KEY_ID_BYTES + bytes.length];
    for (int i = 0; i < KEY_ID_BYTES; i++) {
      withId[i] = (byte) (keyId >>> (24 - 8 * i));
    }
    System.arraycopy(bytes, 0, withId, KEY_ID_BYTES, bytes.length);
    out.writeBytes(LINE_START);
    out.writeBytes(KeyName.encode(name));
    out.write(' ');
    out.writeBytes(Base64.getEncoder().encode(withId));
    out.write('\n');
  }

  private static NoteSignature parse(Lines line) {
    if (!line.startsWith(LINE_START)) {
      throw line.malformed("a signature line starts with an em dash and a space");
    }
    int space = line.indexOf(' ', LINE_START.length);
    if (space < 0) {
      throw line.malformed("no space between key name and signature");
    }
    byte[] withId = line.base64(space + 1, KEY_ID_BYTES + SIGNATURE_BYTES_MAX);
    if (withId.length <= KEY_ID_BYTES) {
      throw line.malformed("no signature behind the key id");
    }
    int keyId = 0;
    for (int i = 0; i < KEY_ID_BYTES; i++) {
      keyId = keyId << 8 | withId[i] & 0xff;
    }
    byte[] bytes = Arrays.copyOfRange(withId, KEY_ID_BYTES, withId.length);
    try {
      return new NoteSignature(line.text(LINE_START.length, space), keyId, bytes);
    } catch (MalformedException e) {
      throw line.malformed(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteSignature that
        && isBy(that.name, that.keyId)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * keyId + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "NoteSignature[" + name + "+" + KeyId.format(keyId) + "]";
  }
}
