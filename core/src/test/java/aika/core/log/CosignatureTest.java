package aika.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.KeyId;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.core.note.NoteSignature;
import aika.core.note.Signer;
import aika.core.note.ToyScheme;
import aika.core.note.VerifierKey;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CosignatureTest {
  private static final long TIME = 1_679_315_147;

  private final ToyScheme toy = new ToyScheme();
  private final MerkleTree tree = Logs.tree(9);
  private final SignedCheckpoint signed = Logs.signed(tree);
  private final Checkpoint checkpoint = signed.checkpoint();

  private NoteSignature cosigned(String name) {
    return Cosignature.sign(checkpoint, name, TIME, ToyScheme.signer(name));
  }

  @Test
  void signsTheBytesOfTheSpecification() {
    var small = new Checkpoint("log.example", 300, Logs.leaves(1).getFirst());
    String expected =
        HexFormat.of().formatHex("subtree/v1\n".getBytes(UTF_8))
            + "00"
            + "02"
            + HexFormat.of().formatHex("w1".getBytes(UTF_8))
            + "0000000064185"
            + "0cb"
            + "0b"
            + HexFormat.of().formatHex("log.example".getBytes(UTF_8))
            + "0000000000000000"
            + "000000000000012c"
            + HexFormat.of().formatHex(small.root().bytes());
    byte[] message = Cosignature.message(small, "w1", TIME);
    assertEquals(expected, HexFormat.of().formatHex(message));
    assertEquals(12 + 1 + 2 + 8 + 1 + 11 + 8 + 8 + 32, message.length);
  }

  @Test
  void refusesTimestampsThatAreNotPositive() {
    Signer signer = ToyScheme.signer("a");
    for (long time : new long[] {0, -1, Long.MIN_VALUE}) {
      assertThrows(MalformedException.class, () -> Cosignature.sign(checkpoint, "a", time, signer));
    }
    int keyId = Logs.seatKey("a").keyId();
    for (int length : new int[] {1, 7, 8, 40}) {
      var zero = new NoteSignature("a", keyId, new byte[length]);
      assertFalse(Cosignature.verify(checkpoint, Logs.seatKey("a"), toy, zero));
      assertThrows(MalformedException.class, () -> Cosignature.timestampSeconds(zero));
    }
  }

  @Test
  void commitsToNameTimeOriginSizeAndRoot() {
    NoteSignature line = cosigned("a");
    VerifierKey key = Logs.seatKey("a");
    assertTrue(Cosignature.verify(checkpoint, "a", key.publicKey(), toy, line));
    assertEquals(TIME, Cosignature.timestampSeconds(line));
    Hash root = checkpoint.root();
    for (Checkpoint other :
        List.of(
            new Checkpoint("other", 9, root),
            new Checkpoint(Logs.ORIGIN, 10, root),
            new Checkpoint(Logs.ORIGIN, 9, Logs.flipped(root)))) {
      assertFalse(Cosignature.verify(other, key, toy, line));
    }
    byte[] bytes = line.bytes();
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      var altered = new NoteSignature("a", key.keyId(), flipped);
      assertFalse(Cosignature.verify(checkpoint, key, toy, altered), "bit " + bit);
    }
    int idOfB = KeyId.of("b", Cosignature.TYPE, key.publicKey());
    var renamed = new NoteSignature("b", idOfB, bytes);
    assertFalse(Cosignature.verify(checkpoint, "b", key.publicKey(), toy, renamed));
  }

  @Test
  void takesKeysOfItsOwnTypeOnly() {
    var plain = new VerifierKey("a", 1, ToyScheme.signer("a").publicKey());
    var line = new NoteSignature("a", plain.keyId(), cosigned("a").bytes());
    assertFalse(Cosignature.verify(checkpoint, plain, toy, line));
  }

  @Test
  void countsEachSeatOnce() {
    SignedCheckpoint full =
        signed
            .withSignature(cosigned("a"))
            .withSignature(cosigned("b"))
            .withSignature(cosigned("stranger"));
    VerifierKey a = Logs.seatKey("a");
    VerifierKey b = Logs.seatKey("b");
    VerifierKey c = Logs.seatKey("c");
    assertEquals(
        List.of(new Cosignature(a, TIME), new Cosignature(b, TIME)),
        Cosignature.verified(full, List.of(a, b, c), toy));
    assertEquals(1, Cosignature.verified(full, List.of(a, a, a), toy).size());

    var sameKeyOtherName = new VerifierKey("a2", Cosignature.TYPE, a.publicKey());
    NoteSignature second = Cosignature.sign(checkpoint, "a2", TIME, ToyScheme.signer("a"));
    List<VerifierKey> seats = List.of(a, sameKeyOtherName);
    assertEquals(1, Cosignature.verified(full, seats, toy).size(), "it commits to the name");
    assertEquals(2, Cosignature.verified(full.withSignature(second), seats, toy).size());

    var forged = new NoteSignature("c", c.keyId(), cosigned("a").bytes());
    assertEquals(2, Cosignature.verified(full.withSignature(forged), List.of(a, b, c), toy).size());
    assertEquals(List.of(), Cosignature.verified(signed, List.of(a, b, c), toy));
  }

  @Test
  void worksWithMlDsa44() {
    MlDsa44 scheme = new MlDsa44();
    Signer signer = MlDsa44.signer(new byte[MlDsa44.SEED_BYTES]);
    NoteSignature line = Cosignature.sign(checkpoint, "seat", TIME, signer);
    assertEquals(8 + MlDsa44.SIGNATURE_BYTES, line.bytes().length);
    SignedCheckpoint approved = SignedCheckpoint.parse(signed.withSignature(line).encode());
    var key = new VerifierKey("seat", Cosignature.TYPE, signer.publicKey());
    assertEquals(
        List.of(new Cosignature(key, TIME)), Cosignature.verified(approved, List.of(key), scheme));
    assertArrayEquals(
        line.bytes(), approved.note().signatureBy("seat", key.keyId()).orElseThrow().bytes());
  }
}
