package aika.core.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {
  private static final String VKEY =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  private static final String SPEC_EXAMPLE =
      """
      This is an example message.

      — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
      """;
  private static final String SPEC_POEM =
      """
      Ognuno sta solo sul cuor della terra
      trafitto da un raggio di sole:

      ed è subito sera.

      — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
      """;

  private final Ed25519 ed25519 = new Ed25519(64);
  private final ToyScheme toy = new ToyScheme();
  private final Signer toySigner = ToyScheme.signer("toy");
  private final VerifierKey toyKey = new VerifierKey("toy", 0xff, toySigner.publicKey());

  private static Stream<Arguments> malformed() {
    String sig = "— k AAAAAAE=\n";
    return Stream.of(
        Arguments.of("", "no empty line between text and signatures"),
        Arguments.of("text\n", "no empty line between text and signatures"),
        Arguments.of("text\n" + sig, "no empty line between text and signatures"),
        Arguments.of("text\n\n", "line 3: missing"),
        Arguments.of("\n\n", "line 3: missing"),
        Arguments.of("text\n\n" + sig.trim(), "line 3: does not end in a newline"),
        Arguments.of("text\n\n" + sig + "\n", "line 5: missing"),
        Arguments.of("text\n\n" + sig + "x\n", em(4)),
        Arguments.of("text\n\n- k AAAAAAE=\n", em(3)),
        Arguments.of("text\n\n–  k AAAAAAE=\n", em(3)),
        Arguments.of("text\n\n—k AAAAAAE=\n", em(3)),
        Arguments.of("text\n\n — k AAAAAAE=\n", em(3)),
        Arguments.of("text\n\n— k\n", "line 3: no space between key name and signature"),
        Arguments.of("text\n\n—  AAAAAAE=\n", "line 3: key name must have 1 to 255 bytes"),
        Arguments.of("text\n\n— k  AAAAAAE=\n", base64(3)),
        Arguments.of("text\n\n— k AAAAAAE= \n", base64(3)),
        Arguments.of("text\n\n— k AAAAAAE=\r\n", base64(3)),
        Arguments.of("text\n\n— k AAAAAAE\n", base64(3)),
        Arguments.of("text\n\n— k AAAAAAF=\n", base64(3)),
        Arguments.of("text\n\n— k \n", base64(3)),
        Arguments.of("text\n\n— k AAAAAA==\n", "line 3: no signature behind the key id"),
        Arguments.of("text\n\n— k AAAA\n", "line 3: no signature behind the key id"),
        Arguments.of("text\n\n— a+b AAAAAAE=\n", name(3)),
        Arguments.of("text\n\n— a\u00a0b AAAAAAE=\n", name(3)),
        Arguments.of("text\n\n— a\u3000b AAAAAAE=\n", name(3)),
        Arguments.of("text\n\n— a\tb AAAAAAE=\n", name(3)),
        Arguments.of(
            "text\n\n— " + "k".repeat(256) + " AAAAAAE=\n",
            "line 3: key name must have 1 to 255 bytes"),
        Arguments.of(
            "text\n\n— " + "é".repeat(128) + " AAAAAAE=\n",
            "line 3: key name must have 1 to 255 bytes"),
        Arguments.of("text\n\n" + sig + sig, "line 4: a second signature of the same key"),
        Arguments.of(
            "text\n\n" + sig + "— k AAAAAAI=\n", "line 4: a second signature of the same key"),
        Arguments.of("a\n\tb\n\n" + sig, "line 2: control character"),
        Arguments.of("a\r\n\n" + sig, "line 1: control character"),
        Arguments.of("a\u0000\n\n" + sig, "line 1: control character"),
        Arguments.of(
            "text\n\n— k " + "A".repeat(7000) + "\n", "line 3: base64 of more than 5004 bytes"));
  }

  private static String em(int line) {
    return "line " + line + ": a signature line starts with an em dash and a space";
  }

  private static String base64(int line) {
    return "line " + line + ": not canonical base64";
  }

  private static String name(int line) {
    return "line " + line + ": key name with white space, '+' or a control character";
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesAndNamesTheLine(String note, String message) {
    var thrown = assertThrows(MalformedException.class, () -> SignedNote.parse(note));
    assertEquals(message, thrown.getMessage());
    assertThrows(MalformedException.class, () -> SignedNote.parse(note.getBytes(UTF_8)));
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] note = "caf?\n\n— k AAAAAAE=\n".getBytes(UTF_8);
    for (int bad : new int[] {0x80, 0xc0, 0xc3, 0xe9, 0xff}) {
      note[3] = (byte) bad;
      assertThrows(MalformedException.class, () -> SignedNote.parse(note));
    }
    assertThrows(MalformedException.class, () -> SignedNote.parse("a\ud800\n\n— k AAAAAAE=\n"));
    assertThrows(
        MalformedException.class, () -> SignedNote.sign("a\ud800\n", "toy", 0xff, toySigner));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "a\tb\n", "a\n\n— x AAAAAAE=", "a\n\nb"})
  void refusesToMakeNotesOfOtherTexts(String text) {
    assertThrows(MalformedException.class, () -> SignedNote.sign(text, "toy", 0xff, toySigner));
  }

  @Test
  void refusesTooManySignaturesAndTooManyBytes() {
    List<NoteSignature> signatures =
        new ArrayList<>(
            IntStream.range(0, SignedNote.SIGNATURES_MAX)
                .mapToObj(id -> new NoteSignature("k", id, new byte[] {1}))
                .toList());
    SignedNote full = new SignedNote("text\n", signatures);
    assertEquals(SignedNote.SIGNATURES_MAX, SignedNote.parse(full.encode()).signatures().size());
    var one = new NoteSignature("k", 16, new byte[] {1});
    var thrown = assertThrows(MalformedException.class, () -> full.withSignature(one));
    assertEquals("line 19: more than 16 signatures", thrown.getMessage());

    String tail = "\n\n— k AAAAAAE=\n";
    int room = SignedNote.NOTE_BYTES_MAX - tail.getBytes(UTF_8).length;
    assertEquals(room + 1, SignedNote.parse("a".repeat(room) + tail).text().length());
    assertThrows(MalformedException.class, () -> SignedNote.parse("a".repeat(room + 1) + tail));
  }

  @Test
  void refusesASecondSignatureOfTheSameKey() {
    SignedNote note = SignedNote.sign("text\n", "toy", 0xff, toySigner);
    assertThrows(MalformedException.class, () -> note.signedBy("toy", 0xff, toySigner));
    assertEquals(2, note.signedBy("toy", 0xfe, toySigner).signatures().size());
  }

  @Test
  void verifiesTheExampleOfTheSpecification() {
    SignedNote note = SignedNote.parse(SPEC_EXAMPLE);
    assertEquals("This is an example message.\n", note.text());
    assertTrue(note.isSignedBy(VerifierKey.parse(VKEY), ed25519));
    assertEquals(SPEC_EXAMPLE, note.toString());
    assertEquals(note, new SignedNote(note.text(), note.signatures()));
  }

  @Test
  void splitsAtTheLastEmptyLine() {
    SignedNote note = SignedNote.parse(SPEC_POEM);
    assertTrue(note.text().endsWith("sole:\n\ned è subito sera.\n"));
    assertArrayEquals(SPEC_POEM.getBytes(UTF_8), note.encode());
    assertArrayEquals(note.text().getBytes(UTF_8), note.textBytes());
    assertEquals("\n", SignedNote.parse("\n\n— k AAAAAAE=\n").text());
    assertEquals("a\n\n", SignedNote.parse("a\n\n\n— k AAAAAAE=\n").text());
  }

  @Test
  void ignoresOtherKeysAndRefusesTheirClaims() {
    SignedNote note = SignedNote.parse(SPEC_EXAMPLE);
    VerifierKey right = VerifierKey.parse(VKEY);
    assertFalse(note.isSignedBy(new VerifierKey("example.com/bar", 1, right.publicKey()), ed25519));
    assertFalse(note.isSignedBy(new VerifierKey(right.name(), 2, right.publicKey()), ed25519));
    SignedNote forged =
        new SignedNote(
            "Another message.\n",
            List.of(note.signatureBy(right.name(), right.keyId()).orElseThrow()));
    assertFalse(forged.isSignedBy(right, ed25519));
    assertTrue(note.signatureBy(right.name(), right.keyId() + 1).isEmpty());
  }

  @Test
  void noticesEveryFlippedBit() {
    SignedNote note = SignedNote.sign("愛貨\nkind send\n\namount 200.00\n", "toy", 0xff, toySigner);
    byte[] encoded = note.encode();
    for (int bit = 0; bit < 8 * encoded.length; bit++) {
      byte[] flipped = encoded.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(isIntact(flipped, toyKey, toy), "bit " + bit);
    }
    assertTrue(isIntact(encoded, toyKey, toy));
  }

  @Test
  void noticesEveryFlippedByteUnderEd25519() {
    byte[] encoded = SPEC_EXAMPLE.getBytes(UTF_8);
    VerifierKey key = VerifierKey.parse(VKEY);
    for (int at = 0; at < encoded.length; at++) {
      byte[] flipped = encoded.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      assertFalse(isIntact(flipped, key, ed25519), "byte " + at);
    }
  }

  private static boolean isIntact(byte[] encoded, VerifierKey key, SignatureScheme scheme) {
    try {
      return SignedNote.parse(encoded).isSignedBy(key, scheme);
    } catch (MalformedException e) {
      return false;
    }
  }

  @Test
  void staysAsItIsWhenItsBytesChange() {
    byte[] encoded = SPEC_EXAMPLE.getBytes(UTF_8);
    SignedNote note = SignedNote.parse(encoded);
    encoded[0] = 'X';
    note.encode()[0] = 'Y';
    note.textBytes()[0] = 'Z';
    note.signatures().getFirst().bytes()[0] ^= 1;
    assertEquals(SPEC_EXAMPLE, new String(note.encode(), StandardCharsets.UTF_8));
    assertTrue(note.isSignedBy(VerifierKey.parse(VKEY), ed25519));
  }

  @Test
  void readsAndWritesSignatureLinesAlone() {
    List<NoteSignature> two =
        SignedNote.sign("t\n", "a", 0xff, toySigner).signedBy("b", 0xff, toySigner).signatures();
    byte[] lines = NoteSignature.encodeLines(two);
    assertEquals(two, NoteSignature.parseLines(lines));
    assertThrows(MalformedException.class, () -> NoteSignature.parseLines(new byte[0]));
    assertThrows(
        MalformedException.class,
        () -> NoteSignature.parseLines(new byte[SignedNote.NOTE_BYTES_MAX + 1]));
  }
}
