package aika.core.note;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A text with the signatures of one or more keys (C2SP signed-note). Immutable.
 *
 * <p>Exactly one encoding is accepted per note, so {@code parse(b).encode()} equals {@code b}. At
 * most {@value #NOTE_BYTES_MAX} bytes and {@value #SIGNATURES_MAX} signatures, each of another key.
 * Parsing checks no signature.
 */
public final class SignedNote {
  public static final int NOTE_BYTES_MAX = 131_072;
  public static final int SIGNATURES_MAX = 16;

  private final byte[] encoded;
  private final int textBytes;
  private final String text;
  private final List<NoteSignature> signatures;

  /**
   * @param text ends in a newline and has no other control character
   * @throws MalformedException when text or signatures do not make a note
   */
  public SignedNote(String text, List<NoteSignature> signatures) {
    this(parse(assemble(Utf8.encode(text), signatures)));
    if (!this.text.equals(text)) {
      throw new MalformedException("note text must end in a newline");
    }
  }

  private SignedNote(SignedNote same) {
    this(same.encoded, same.textBytes, same.text, same.signatures);
  }

  private SignedNote(byte[] encoded, int textBytes, String text, List<NoteSignature> signatures) {
    this.encoded = encoded;
    this.textBytes = textBytes;
    this.text = text;
    this.signatures = signatures;
  }

  /**
   * @throws MalformedException when the bytes are not a note; the message names the line
   */
  public static SignedNote parse(byte[] encoded) {
    return parseOwned(encoded.clone(), 0);
  }

  /** Like {@link #parse(byte[])}, for bytes that nobody changes any more. */
  public static SignedNote parseShared(byte[] encoded) {
    return parseOwned(encoded, 0);
  }

  /** The note that follows the current line and ends with the lines. */
  public static SignedNote parseAfter(Lines lines) {
    return parseOwned(lines.rest(), lines.number());
  }

  /**
   * @throws MalformedException when the text is not a note; the message names the line
   */
  public static SignedNote parse(String encoded) {
    return parseOwned(Utf8.encode(encoded), 0);
  }

  /** A note with this one signature. */
  public static SignedNote sign(String text, String name, int type, Signer signer) {
    byte[] message = Utf8.encode(text);
    int keyId = KeyId.of(name, type, signer.publicKey());
    NoteSignature signature = new NoteSignature(name, keyId, signer.sign(message));
    return new SignedNote(text, List.of(signature));
  }

  /** This note with one more signature by this key. */
  public SignedNote signedBy(String name, int type, Signer signer) {
    int keyId = KeyId.of(name, type, signer.publicKey());
    return withSignature(new NoteSignature(name, keyId, signer.sign(textBytes())));
  }

  /**
   * This note with one more signature at its end.
   *
   * @throws MalformedException when there are too many, or the key has signed already
   */
  public SignedNote withSignature(NoteSignature signature) {
    return withSignatures(List.of(signature));
  }

  /** Like {@link #withSignature}, with several at once. */
  public SignedNote withSignatures(List<NoteSignature> further) {
    List<NoteSignature> more = new ArrayList<>(signatures);
    more.addAll(further);
    return new SignedNote(text, more);
  }

  /** The signed text, with its final newline. */
  public String text() {
    return text;
  }

  /** The signed bytes: the text in UTF-8. */
  public byte[] textBytes() {
    return Arrays.copyOf(encoded, textBytes);
  }

  /** SHA-256 of the signed bytes. */
  public byte[] textHash() {
    return Sha256.of(encoded, textBytes);
  }

  public List<NoteSignature> signatures() {
    return signatures;
  }

  /** The line of this key, whether its signature is valid or not. */
  public Optional<NoteSignature> signatureBy(String name, int keyId) {
    for (NoteSignature signature : signatures) {
      if (signature.isBy(name, keyId)) {
        return Optional.of(signature);
      }
    }
    return Optional.empty();
  }

  /** Whether the note has a line of this key and its signature over the text is valid. */
  public boolean isSignedBy(VerifierKey key, SignatureScheme scheme) {
    for (NoteSignature signature : signatures) {
      if (signature.isBy(key.name(), key.keyId())) {
        return scheme.verify(key.publicKey(), textBytes(), signature.bytes());
      }
    }
    return false;
  }

  /** The whole note in bytes, ready to send or store. */
  public byte[] encode() {
    return encoded.clone();
  }

  private static byte[] assemble(byte[] text, List<NoteSignature> signatures) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 128 * signatures.size());
    out.writeBytes(text);
    out.write('\n');
    signatures.forEach(signature -> signature.writeLine(out));
    return out.toByteArray();
  }

  private static SignedNote parseOwned(byte[] bytes, int linesBefore) {
    if (bytes.length > NOTE_BYTES_MAX) {
      throw new MalformedException("note of more than " + NOTE_BYTES_MAX + " bytes");
    }
    int textBytes = textBytes(bytes);
    int line = checkCharacters(bytes, textBytes, linesBefore);
    String text = Utf8.decode(bytes, 0, textBytes);
    Lines lines = Lines.of(bytes, textBytes + 1, bytes.length, line + 1);
    return new SignedNote(bytes, textBytes, text, NoteSignature.parseLines(lines));
  }

  /** Length of the text, which the last empty line separates from the signatures. */
  private static int textBytes(byte[] bytes) {
    for (int at = bytes.length - 1; at > 0; at--) {
      if (bytes[at] == '\n' && bytes[at - 1] == '\n') {
        return at;
      }
    }
    throw new MalformedException("no empty line between text and signatures");
  }

  /** Refuses control characters other than newline; returns the number of the last line. */
  private static int checkCharacters(byte[] bytes, int to, int linesBefore) {
    int lines = linesBefore;
    for (int at = 0; at < to; at++) {
      byte b = bytes[at];
      if (b == '\n') {
        lines++;
      } else if (b >= 0 && b < ' ') {
        throw new MalformedException("line " + (lines + 1) + ": control character");
      }
    }
    return lines;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedNote that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  /** The note as text. */
  @Override
  public String toString() {
    return Utf8.decode(encoded, 0, encoded.length);
  }
}
