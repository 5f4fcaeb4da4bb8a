package aika.core.approval;

import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Directory;
import aika.core.ledger.Recovery;
import aika.core.ledger.SignedRecovery;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.SignedCheckpoint;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.PaddedNote;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestFederation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The limits of recoveries, of conflict proofs and of receipts (docs/spec/limits.md): at the limit,
 * and one past it. How many terms a receipt may carry is in TermsAuditTest.
 */
final class ProofLimitsTest {
  private static final String ORIGIN = TestFederation.ID + "/" + KOMATSU;

  private static List<VerifierKey> seats(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> TestKeys.cosigner(ORIGIN + "/s" + i, TestKeys.cheap("s" + i)))
        .toList();
  }

  private static Recovery recovery(List<VerifierKey> seats, String reason) {
    return new Recovery.Seat(TestFederation.ID, KOMATSU, 1, seats, reason);
  }

  // ---- recoveries

  private static byte[] recoveryOf(int bytes) {
    String text = recovery(seats(5), "lost").text();
    byte[] note =
        PaddedNote.to(bytes, SignedNote.sign(text, "k", Ed25519.TYPE, TestKeys.cheap("k")))
            .encode();
    assertEquals(bytes, note.length);
    return note;
  }

  /** [REC-3] */
  @Test
  void aRecoveryNoteHas32768BytesAndNoMore() {
    assertDoesNotThrow(() -> SignedRecovery.parse(recoveryOf(32_768)));
    malformed("32768", () -> SignedRecovery.parse(recoveryOf(32_769)));
  }

  /** [REC-2] */
  @Test
  void itsReasonHas200CharactersAndNoMore() {
    String most = recovery(seats(1), "𠮷".repeat(200)).text();
    assertEquals(most, Recovery.parse(most).text());
    String more = recovery(seats(1), "𠮷".repeat(201)).text();
    malformed("200 characters", () -> Recovery.parse(more));
    String none = recovery(seats(1), "").text();
    malformed("", () -> Recovery.parse(none));
  }

  /** [REC-2] */
  @Test
  void itSeatsOneToSevenAndNoMore() {
    for (int count : List.of(1, 7)) {
      String text = recovery(seats(count), "lost").text();
      assertEquals(text, Recovery.parse(text).text());
    }
    String most = recovery(seats(7), "lost").text();
    String eighth = "seat " + seats(8).getLast().format() + "\nreason";
    malformed("line 13", () -> Recovery.parse(most.replace("reason", eighth)));
    String none = recovery(seats(1), "lost").text().replaceFirst("seat .*\n", "");
    malformed("seat", () -> Recovery.parse(none));
  }

  /** [REC-1] */
  @Test
  void aQuorumHas15KeysAndMoreThanHalfDecide() {
    List<VerifierKey> keys = seats(16);
    for (int[] good : new int[][] {{1, 1}, {8, 15}, {15, 15}, {8, 14}}) {
      assertEquals(good[0], new Directory.Quorum(good[0], keys.subList(0, good[1])).threshold());
    }
    for (int[] bad : new int[][] {{0, 0}, {0, 1}, {7, 15}, {16, 15}, {7, 14}, {9, 16}, {16, 16}}) {
      List<VerifierKey> some = keys.subList(0, bad[1]);
      assertThrows(
          IllegalArgumentException.class,
          () -> new Directory.Quorum(bad[0], some),
          () -> Arrays.toString(bad));
    }
  }

  // ---- conflicts

  private static SignedCheckpoint checkpoint(long size, Hash root) {
    return SignedCheckpoint.sign(
        new Checkpoint(ORIGIN, size, root), Ed25519.TYPE, TestKeys.cheap("log"));
  }

  private static Hash hash(String word) {
    return Hash.of(TestKeys.seed(word));
  }

  /** [SEAL-40] */
  @Test
  void aConflictProofHas64000BytesAndNoMore() {
    ConflictProof small =
        ConflictProof.of(checkpoint(7, hash("one")), checkpoint(7, hash("other")));
    byte[] second = small.second().encode();
    byte[] head = Arrays.copyOf(small.encode(), small.encode().length - second.length);
    for (int bytes : List.of(64_000, 64_001)) {
      SignedNote padded = PaddedNote.to(bytes - head.length, SignedNote.parse(second));
      byte[] proof = Arrays.copyOf(head, bytes);
      System.arraycopy(padded.encode(), 0, proof, head.length, bytes - head.length);
      if (bytes == 64_000) {
        assertEquals(64_000, ConflictProof.parse(proof).encode().length);
      } else {
        malformed("64000", () -> ConflictProof.parse(proof));
      }
    }
  }

  /** [SEAL-40] From one leaf to more than half of all that a log can have. */
  @Test
  void aConflictProofHas63HashesAndNoMore() {
    Hash prefix = hash("prefix");
    Hash root = prefix;
    List<Hash> hashes = new ArrayList<>();
    for (int i = 0; i < 63; i++) {
      Hash next = hash("hash " + i);
      hashes.add(next);
      root = Merkle.nodeHash(root, next);
    }
    ConflictProof proof =
        new ConflictProof(
            checkpoint(1, hash("another leaf")), checkpoint((1L << 62) + 1, root), prefix, hashes);
    assertEquals(proof, ConflictProof.parse(proof.encode()));
    String text = new String(proof.encode(), StandardCharsets.UTF_8);
    String line = hash("hash 0").base64() + "\n";
    byte[] more = text.replace(line, line + line).getBytes(StandardCharsets.UTF_8);
    malformed("more than 63 proof lines", () -> ConflictProof.parse(more));
  }

  // ---- receipts

  private static String refused(byte[] receipt) {
    LifeReceipt.Result result =
        LifeReceipt.check(
            receipt, TestFederation.standard().directory(), TestKeys.CHEAP, TestKeys.CHEAP);
    return assertInstanceOf(LifeReceipt.Result.Refused.class, result).what();
  }

  private static byte[] receipt(int terms) {
    String head = "aika/receipt/v1\ntransfer Asia-Komatsu:3\nterms " + terms + "\nparts send\n";
    return head.getBytes(StandardCharsets.UTF_8);
  }

  /** [RCP-1] The one at the limit has nothing but a head. */
  @Test
  void aReceiptHasSoManyBytesAndNoMore() {
    byte[] most = Arrays.copyOf(receipt(0), 63_824_562);
    assertTrue(!refused(most).contains("bytes"), refused(most));
    byte[] more = Arrays.copyOf(most, most.length + 1);
    assertTrue(refused(more).contains("more than 63824562 bytes"), refused(more));
  }

  private static void malformed(String says, Runnable parsing) {
    MalformedException refused = assertThrows(MalformedException.class, parsing::run);
    assertTrue(String.valueOf(refused.getMessage()).contains(says), refused::getMessage);
  }
}
