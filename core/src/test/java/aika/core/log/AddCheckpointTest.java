package aika.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.MalformedException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AddCheckpointTest {
  private static final String HASH = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=";
  private static final String CHECKPOINT =
      """
      example.com/behind-the-sofa
      20852163
      CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

      — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
      — example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
      """;
  private static final String SPEC_EXAMPLE =
      """
      old 20852014
      PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
      jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
      5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
      /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

      """
          + CHECKPOINT;

  private static Stream<Arguments> malformed() {
    String decimal = "line 1: not a decimal number without leading zeros after \"old \"";
    return Stream.of(
        Arguments.of("", "line 1: missing"),
        Arguments.of("old 1\n", "line 2: missing"),
        Arguments.of("old 1\n\n", "no empty line between text and signatures"),
        Arguments.of("new 1\n\n" + CHECKPOINT, "line 1: must start with \"old \""),
        Arguments.of("old\n\n" + CHECKPOINT, "line 1: must start with \"old \""),
        Arguments.of("old 01\n\n" + CHECKPOINT, decimal),
        Arguments.of("old -1\n\n" + CHECKPOINT, decimal),
        Arguments.of("old 1 \n\n" + CHECKPOINT, decimal),
        Arguments.of(
            "old 20852164\n\n" + CHECKPOINT, "old size is not in 0 … the checkpoint's size"),
        Arguments.of(
            "old 1\n" + HASH.substring(1) + "\n\n" + CHECKPOINT,
            "line 2: a hash is base64 of 44 characters"),
        Arguments.of("old 1\n" + CHECKPOINT, "line 2: a hash is base64 of 44 characters"),
        Arguments.of(
            "old 1\n" + (HASH + "\n").repeat(64) + "\n" + CHECKPOINT,
            "line 65: more than 63 proof lines"),
        Arguments.of(
            "old 1\n" + HASH + "\n\n" + CHECKPOINT.replace("20852163", "020852163"),
            "line 5: not a decimal number without leading zeros"),
        Arguments.of(
            "old 1\n" + HASH + "\n\n" + CHECKPOINT.replace("q2I=\n", "q2I=\nextension\n"),
            "line 7: nothing may follow here"),
        Arguments.of(
            SPEC_EXAMPLE + "x\n", "line 13: a signature line starts with an em dash and a space"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesAndNamesTheLine(String body, String message) {
    var thrown =
        assertThrows(MalformedException.class, () -> AddCheckpoint.parse(body.getBytes(UTF_8)));
    assertEquals(message, thrown.getMessage());
  }

  @Test
  void readsTheExampleOfTheSpecification() {
    AddCheckpoint request = AddCheckpoint.parse(SPEC_EXAMPLE.getBytes(UTF_8));
    assertEquals(20852014, request.oldSize());
    assertEquals(4, request.proof().size());
    assertEquals(HASH, request.proof().getFirst().base64());
    assertEquals(20852163, request.checkpoint().checkpoint().size());
    assertEquals(2, request.checkpoint().note().signatures().size());
    assertArrayEquals(SPEC_EXAMPLE.getBytes(UTF_8), request.encode());
  }

  @Test
  void carriesAProofThatVerifies() {
    MerkleTree tree = Logs.tree(77);
    var sent = new AddCheckpoint(13, Proofs.consistency(13, 77, tree), Logs.signed(tree));
    AddCheckpoint request = AddCheckpoint.parse(sent.encode());
    assertEquals(sent, request);
    Hash root = request.checkpoint().checkpoint().root();
    assertTrue(
        Proofs.verifyConsistency(request.oldSize(), 77, request.proof(), tree.root(13), root));
    AddCheckpoint first = new AddCheckpoint(0, List.of(), Logs.signed(tree));
    assertEquals(first, AddCheckpoint.parse(first.encode()));
  }

  @Test
  void refusesTooMuch() {
    MerkleTree tree = Logs.tree(3);
    List<Hash> endless = Collections.nCopies(64, tree.root());
    SignedCheckpoint signed = Logs.signed(tree);
    assertThrows(MalformedException.class, () -> new AddCheckpoint(1, endless, signed));
    assertThrows(MalformedException.class, () -> new AddCheckpoint(4, List.of(), signed));
    assertThrows(MalformedException.class, () -> new AddCheckpoint(-1, List.of(), signed));
    byte[] large = new byte[AddCheckpoint.BODY_BYTES_MAX + 1];
    assertThrows(MalformedException.class, () -> AddCheckpoint.parse(large));
  }
}
