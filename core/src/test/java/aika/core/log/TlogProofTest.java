package aika.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.MalformedException;
import aika.core.note.ToyScheme;
import aika.core.note.VerifierKey;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TlogProofTest {
  private static final String HASH = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=";
  private static final String CHECKPOINT =
      """
      example.com/fancylog
      109482
      sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

      — example.com/fancylog AAAAAAE=
      """;
  private static final String HEAD = "c2sp.org/tlog-proof@v1\n";

  /** The specification's example, with what it abridges replaced. */
  private static final String EXAMPLE =
      HEAD
          + """
          extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6
          index 73894
          gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
          B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
          EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
          RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
          AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

          """
          + CHECKPOINT;

  private final ToyScheme toy = new ToyScheme();
  private final List<VerifierKey> seats = Stream.of("s1", "s2", "s3").map(Logs::seatKey).toList();

  private static Stream<Arguments> malformed() {
    String index = "line 2: must start with \"index \"";
    return Stream.of(
        Arguments.of("", "line 1: missing"),
        Arguments.of("c2sp.org/tlog-proof@v2\n", "line 1: must be c2sp.org/tlog-proof@v1"),
        Arguments.of(" " + EXAMPLE, "line 1: must be c2sp.org/tlog-proof@v1"),
        Arguments.of(HEAD, "line 2: missing"),
        Arguments.of(HEAD + "extra\nindex 0\n\n" + CHECKPOINT, index),
        Arguments.of(HEAD + "extra \nindex 0\n\n" + CHECKPOINT, "line 2: not canonical base64"),
        Arguments.of(HEAD + "extra AB==\nindex 0\n\n" + CHECKPOINT, "line 2: not canonical base64"),
        Arguments.of(
            HEAD + "extra AA==\nextra AA==\nindex 0\n\n" + CHECKPOINT,
            "line 3: must start with \"index \""),
        Arguments.of(
            HEAD + "index 0\nextra AA==\n\n" + CHECKPOINT,
            "line 3: a hash is base64 of 44 characters"),
        Arguments.of(HEAD + "\nindex 0\n\n" + CHECKPOINT, index),
        Arguments.of(
            HEAD + "index 00\n\n" + CHECKPOINT,
            "line 2: not a decimal number without leading zeros after \"index \""),
        Arguments.of(
            HEAD + "index 109482\n\n" + CHECKPOINT, "index is not below the checkpoint's size"),
        Arguments.of(HEAD + "index 0\n", "line 3: missing"),
        Arguments.of(HEAD + "index 0\n" + HASH + "\n", "line 4: missing"),
        Arguments.of(
            HEAD + "index 0\n" + HASH + " \n\n" + CHECKPOINT,
            "line 3: a hash is base64 of 44 characters"),
        Arguments.of(
            HEAD + "index 0\n" + (HASH + "\n").repeat(64) + "\n" + CHECKPOINT,
            "line 66: more than 63 proof lines"),
        Arguments.of(
            HEAD + "index 0\n\n" + CHECKPOINT.replace("109482", "0x1"),
            "line 5: not a decimal number without leading zeros"),
        Arguments.of(
            HEAD + "index 0\n\n" + CHECKPOINT.replace("— ", "- "),
            "line 8: a signature line starts with an em dash and a space"),
        Arguments.of(EXAMPLE + "\n", "line 16: missing"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesAndNamesTheLine(String proof, String message) {
    var thrown =
        assertThrows(MalformedException.class, () -> TlogProof.parse(proof.getBytes(UTF_8)));
    assertEquals(message, thrown.getMessage());
  }

  @Test
  void takesAsManyHashesAsTheLargestTreeNeeds() {
    String text = HEAD + "index 0\n" + (HASH + "\n").repeat(63) + "\n" + CHECKPOINT;
    TlogProof proof = TlogProof.parse(text.getBytes(UTF_8));
    assertEquals(63, proof.proof().size());
    assertArrayEquals(text.getBytes(UTF_8), proof.encode());
  }

  private TlogProof proof(int index, int size, byte[] extra) {
    MerkleTree tree = Logs.tree(size);
    SignedCheckpoint checkpoint = Logs.signed(tree);
    for (VerifierKey seat : seats) {
      checkpoint =
          checkpoint.withSignature(
              Cosignature.sign(
                  checkpoint.checkpoint(),
                  seat.name(),
                  1_700_000_000,
                  ToyScheme.signer(seat.name())));
    }
    return new TlogProof(
        Optional.of(extra), index, Proofs.inclusion(index, size, tree), checkpoint);
  }

  /** What a verifier does that finds the leaf in the extra data. */
  private boolean isProven(byte[] encoded) {
    TlogProof proof;
    try {
      proof = TlogProof.parse(encoded);
    } catch (MalformedException e) {
      return false;
    }
    return proof.extra().isPresent()
        && proof.includes(Merkle.leafHash(proof.extra().get()))
        && proof.checkpoint().isSignedByLog(Logs.logKey(), toy)
        && Cosignature.verified(proof.checkpoint(), seats, toy).size() == 3;
  }

  @Test
  void noticesEveryFlippedBit() {
    byte[] encoded = proof(11, 21, Logs.entry(11)).encode();
    assertTrue(isProven(encoded));
    for (int bit = 0; bit < 8 * encoded.length; bit++) {
      byte[] flipped = encoded.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(isProven(flipped), "bit " + bit);
    }
  }

  @Test
  void provesThisLeafOnly() {
    TlogProof proof = proof(11, 21, Logs.entry(11));
    List<Hash> leaves = Logs.leaves(21);
    for (int leaf = 0; leaf < 21; leaf++) {
      assertEquals(leaf == 11, proof.includes(leaves.get(leaf)));
    }
  }

  @Test
  void readsTheExampleOfTheSpecification() {
    TlogProof proof = TlogProof.parse(EXAMPLE.getBytes(UTF_8));
    assertEquals(73894, proof.index());
    assertEquals(5, proof.proof().size());
    assertEquals(109482, proof.checkpoint().checkpoint().size());
    assertArrayEquals(EXAMPLE.getBytes(UTF_8), proof.encode());
    assertEquals(EXAMPLE, proof.toString());
    assertEquals(proof, TlogProof.parse(proof.encode()));
  }

  @Test
  void goesWithoutExtraAndWithoutHashes() {
    SignedCheckpoint checkpoint = Logs.signed(Logs.tree(1));
    TlogProof proof = new TlogProof(Optional.empty(), 0, List.of(), checkpoint);
    TlogProof parsed = TlogProof.parse(proof.encode());
    assertEquals(proof, parsed);
    assertTrue(parsed.extra().isEmpty());
    assertTrue(parsed.includes(Logs.leaves(1).getFirst()));
  }

  @Test
  void refusesTooMuch() {
    SignedCheckpoint checkpoint = Logs.signed(Logs.tree(1));
    Optional<byte[]> none = Optional.empty();
    assertThrows(MalformedException.class, () -> new TlogProof(none, 1, List.of(), checkpoint));
    assertThrows(MalformedException.class, () -> new TlogProof(none, -1, List.of(), checkpoint));
    List<Hash> endless = Collections.nCopies(64, Merkle.EMPTY_ROOT);
    assertThrows(MalformedException.class, () -> new TlogProof(none, 0, endless, checkpoint));
    for (int length : new int[] {0, TlogProof.EXTRA_BYTES_MAX + 1}) {
      Optional<byte[]> extra = Optional.of(new byte[length]);
      assertThrows(MalformedException.class, () -> new TlogProof(extra, 0, List.of(), checkpoint));
    }
    Optional<byte[]> largest = Optional.of(new byte[TlogProof.EXTRA_BYTES_MAX]);
    TlogProof large = new TlogProof(largest, 0, List.of(), checkpoint);
    assertEquals(large, TlogProof.parse(large.encode()));
    byte[] larger = new byte[TlogProof.PROOF_BYTES_MAX + 1];
    assertThrows(MalformedException.class, () -> TlogProof.parse(larger));
  }
}
