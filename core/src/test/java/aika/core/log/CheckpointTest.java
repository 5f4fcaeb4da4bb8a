package aika.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.core.note.ToyScheme;
import aika.core.note.VerifierKey;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointTest {
  private static final String ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
  private static final String SPEC_TEXT = "example.com/behind-the-sofa\n20852163\n" + ROOT + "\n";
  private static final String SPEC_EXAMPLE =
      SPEC_TEXT
          + "\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

  private static Stream<Arguments> malformed() {
    String emptyRoot = Merkle.EMPTY_ROOT.base64();
    String decimal = "line 2: not a decimal number without leading zeros";
    String chars = "line 3: a hash is base64 of 44 characters";
    return Stream.of(
        Arguments.of("", "line 1: missing"),
        Arguments.of("o", "line 1: does not end in a newline"),
        Arguments.of("o\n", "line 2: missing"),
        Arguments.of("o\n1\n", "line 3: missing"),
        Arguments.of("o\n1\n" + ROOT, "line 3: does not end in a newline"),
        Arguments.of("\n1\n" + ROOT + "\n", "line 1: key name must have 1 to 255 bytes"),
        Arguments.of(
            "a b\n1\n" + ROOT + "\n",
            "line 1: key name with white space, '+' or a control character"),
        Arguments.of(
            "o".repeat(256) + "\n1\n" + ROOT + "\n", "line 1: key name must have 1 to 255 bytes"),
        Arguments.of("o\n\n" + ROOT + "\n", decimal),
        Arguments.of("o\n01\n" + ROOT + "\n", decimal),
        Arguments.of("o\n-1\n" + ROOT + "\n", decimal),
        Arguments.of("o\n1 \n" + ROOT + "\n", decimal),
        Arguments.of("o\n9223372036854775808\n" + ROOT + "\n", decimal),
        Arguments.of("o\n1\n" + ROOT.substring(1) + "\n", chars),
        Arguments.of("o\n1\n" + ROOT + "=\n", chars),
        Arguments.of("o\n1\n " + ROOT.substring(1) + "\n", "line 3: not canonical base64"),
        Arguments.of("o\n1\n" + ROOT.replace("2I=", "2J=") + "\n", "line 3: not canonical base64"),
        Arguments.of("o\n1\n" + ROOT.replace("I=", "==") + "\n", "line 3: not canonical base64"),
        Arguments.of("o\n1\n" + "A".repeat(44) + "\n", "line 3: a hash has 32 bytes, not 33"),
        Arguments.of("o\n0\n" + ROOT + "\n", "line 3: not the root of the empty tree"),
        Arguments.of("o\n1\n" + emptyRoot + "\nextension\n", "line 4: nothing may follow here"),
        Arguments.of("o\n1\n" + emptyRoot + "\n\n", "line 4: nothing may follow here"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesAndNamesTheLine(String text, String message) {
    var thrown = assertThrows(MalformedException.class, () -> Checkpoint.parse(text));
    assertEquals(message, thrown.getMessage());
  }

  @Test
  void readsTheExampleOfTheSpecification() {
    SignedCheckpoint signed = SignedCheckpoint.parse(SPEC_EXAMPLE.getBytes(UTF_8));
    assertEquals(
        new Checkpoint("example.com/behind-the-sofa", 20852163, Hash.parse(ROOT)),
        signed.checkpoint());
    assertEquals(SPEC_TEXT, signed.checkpoint().text());
    assertArrayEquals(SPEC_EXAMPLE.getBytes(UTF_8), signed.encode());
    var empty = new Checkpoint("o", 0, Merkle.EMPTY_ROOT);
    assertEquals(empty, Checkpoint.parse(empty.text()));
  }

  @Test
  void refusesValuesThatNoTextStandsFor() {
    Hash root = Hash.parse(ROOT);
    assertThrows(MalformedException.class, () -> new Checkpoint("", 1, root));
    assertThrows(MalformedException.class, () -> new Checkpoint("o", -1, root));
    assertThrows(MalformedException.class, () -> new Checkpoint("o", 0, root));
    SignedNote other = SignedNote.parse(SPEC_EXAMPLE);
    var checkpoint = new Checkpoint("o", 1, root);
    assertThrows(MalformedException.class, () -> new SignedCheckpoint(other, checkpoint));
  }

  @Test
  void theLogsKeyIsNamedAsTheOrigin() {
    SignedCheckpoint signed = Logs.signed(Logs.tree(3));
    assertTrue(signed.isSignedByLog(Logs.logKey(), new ToyScheme()));
    var otherName = new VerifierKey("other", Logs.TOY_TYPE, Logs.logKey().publicKey());
    SignedNote note = signed.note().signedBy("other", Logs.TOY_TYPE, ToyScheme.signer("log"));
    assertFalse(SignedCheckpoint.of(note).isSignedByLog(otherName, new ToyScheme()));
    assertTrue(SignedCheckpoint.of(note).isSignedByLog(Logs.logKey(), new ToyScheme()));
  }
}
