package aika.core.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.NoteSignature;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SeatsTest {
  private static Signer signer(int seat) {
    return TestKeys.cheap("seat" + seat);
  }

  private static Seats seats(int count) {
    List<VerifierKey> keys = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      keys.add(TestKeys.cosigner("seat" + i, signer(i)));
    }
    return new Seats(1, keys);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 3", "4, 3", "5, 4", "6, 5", "7, 5"})
  void moreThanTwoThirdsApprove(int seats, int quorum) {
    assertEquals(quorum, seats(seats).quorum());
  }

  @Test
  void aTermHas1To7DifferentSeats() {
    assertThrows(IllegalArgumentException.class, () -> seats(0));
    assertThrows(IllegalArgumentException.class, () -> seats(8));
    VerifierKey one = TestKeys.cosigner("seat1", signer(1));
    VerifierKey sameName = TestKeys.cosigner("seat1", signer(2));
    VerifierKey sameKey = TestKeys.cosigner("seat2", signer(1));
    for (VerifierKey other : List.of(one, sameName, sameKey)) {
      assertThrows(IllegalArgumentException.class, () -> new Seats(1, List.of(one, other)));
    }
    VerifierKey ofTown = TestKeys.cosigner("a.example/Town/seat1", signer(1));
    VerifierKey ofTownToo = TestKeys.cosigner("a.example/Town/seat2", signer(1));
    VerifierKey ofOther = TestKeys.cosigner("a.example/Other/seat1", signer(1));
    assertThrows(IllegalArgumentException.class, () -> new Seats(1, List.of(ofTown, ofTownToo)));
    assertEquals(2, new Seats(1, List.of(ofTown, ofOther)).quorum());
    ChainId chain = ChainId.of("Asia-Komatsu");
    assertThrows(
        IllegalArgumentException.class,
        () -> new Recovery.Seat("a.example", chain, 1, List.of(ofTown, ofOther), "lost"));
    VerifierKey ed25519 = TestKeys.verifier("seat3", signer(3));
    assertThrows(IllegalArgumentException.class, () -> new Seats(1, List.of(one, ed25519)));
  }

  @Test
  void theHashIsOfTheOrderedVerifierKeys() {
    Seats two = seats(2);
    assertEquals(
        "ea4c5e0c084b7ea7b26b864a74ec8c1aa30f7bc6077eb7083cbde2902f8c0f43",
        HexFormat.of().formatHex(two.hash().bytes()));
    List<VerifierKey> reversed = new ArrayList<>(two.keys());
    Collections.reverse(reversed);
    assertNotEquals(two.hash(), new Seats(1, reversed).hash());
    assertEquals(two.hash(), new Seats(2, two.keys()).hash());
  }

  // ---- approval

  private final Checkpoint checkpoint =
      new Checkpoint("aika.example/Asia-Komatsu", 9, Hash.of(TestKeys.seed("root")));
  private final Signer log = TestKeys.cheap("log");

  private SignedCheckpoint signed() {
    return SignedCheckpoint.sign(checkpoint, 1, log);
  }

  private NoteSignature cosignature(int seat, long seconds) {
    return Cosignature.sign(checkpoint, "seat" + seat, seconds, signer(seat));
  }

  @Test
  void approvedWhenTheQuorumIsThere() {
    SignedCheckpoint signed = signed();
    for (int seat = 1; seat <= 3; seat++) {
      signed = signed.withSignature(cosignature(seat, 100 + seat));
      assertEquals(OptionalLong.empty(), seats(5).approvedAt(signed, TestKeys.CHEAP));
    }
    signed = signed.withSignature(cosignature(5, 90));
    assertEquals(OptionalLong.of(103), seats(5).approvedAt(signed, TestKeys.CHEAP));
  }

  @Test
  void othersAndInvalidLinesDoNotCount() {
    SignedCheckpoint signed = signed();
    for (int seat = 1; seat <= 3; seat++) {
      signed = signed.withSignature(cosignature(seat, 100));
    }
    Checkpoint other = new Checkpoint(checkpoint.origin(), 10, checkpoint.root());
    NoteSignature ofOther = Cosignature.sign(other, "seat4", 100, signer(4));
    NoteSignature otherName = Cosignature.sign(checkpoint, "seat9", 100, signer(4));
    signed =
        signed.withSignature(ofOther).withSignature(otherName).withSignature(cosignature(6, 100));
    assertEquals(OptionalLong.empty(), seats(5).approvedAt(signed, TestKeys.CHEAP));
    assertEquals(
        OptionalLong.of(100),
        seats(5).approvedAt(signed.withSignature(cosignature(5, 99)), TestKeys.CHEAP));
  }
}
