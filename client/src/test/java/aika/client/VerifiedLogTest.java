package aika.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.Receipt;
import aika.core.ledger.Entry;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.VerifierKey;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

@Timeout(60)
final class VerifiedLogTest {
  private final SignedLog log = new SignedLog();
  private final ScriptedGateway gateway = new ScriptedGateway();
  private final AikaClient client = gateway.client(Duration.ofSeconds(20));
  private final FederationKeys keys = log.keys();
  private final VerifiedLog verified = client.log(SignedLog.KOMATSU, keys);

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  private static FeedEvent.Leaf leaf(Entry entry) {
    return new FeedEvent.Leaf(SignedLog.KOMATSU, entry);
  }

  private static void invalid(Executable check) {
    ClientException refused = assertThrows(ClientException.class, check);
    assertEquals(ClientException.PROOF_INVALID, refused.code());
  }

  @Test
  void followsTheRepresentativesFromTermToTerm() {
    gateway.publish(log);
    log.grow(3, 0);
    verified.accept(log.checkpoint());
    log.handOver();
    log.handOver();
    log.grow(2, 0);
    verified.accept(log.checkpoint());
    assertEquals(9, verified.size());
    assertTrue(verified.verify(leaf(log.entry(8))));
    // a gateway that keeps the hand-overs back shows approvals by nobody
    gateway.publish(new SignedLog());
    log.grow(1, 0);
    invalid(() -> client.log(SignedLog.KOMATSU, keys).accept(log.checkpoint()));
  }

  @Test
  void aHandOverOfAnotherHistoryIsRefused() {
    gateway.publish(log);
    log.grow(3, 0);
    log.handOver();
    SignedLog honest = new SignedLog();
    honest.handOverAs(log);
    log.grow(2, 0);
    SignedLog fork = new SignedLog();
    fork.grow(3, 1);
    fork.handOver();
    log.handOverAs(fork);
    invalid(() -> verified.accept(log.checkpoint()));
    assertEquals(0, verified.size());
    log.handOverAs(honest);
    verified.accept(log.checkpoint());
    assertEquals(7, verified.size());
  }

  @Test
  void aTermsLastBlockIsApprovedByItsOwnSeatsAlsoWhenNothingFollows() {
    gateway.publish(log);
    log.grow(3, 0);
    log.handOver();
    invalid(() -> verified.accept(log.checkpointBy(2)));
    verified.accept(log.checkpointBy(1));
    assertEquals(5, verified.size());
    assertTrue(verified.verify(leaf(log.entry(4))));
    log.handOver();
    verified.accept(log.checkpointBy(2));
    assertEquals(7, verified.size());
  }

  @Test
  void thoseWhoseTermIsOverApproveNothingBeyondItsEnd() {
    gateway.publish(log);
    log.grow(3, 0);
    verified.accept(log.checkpoint());
    SignedCheckpoint early = log.checkpoint();
    log.handOver();
    log.grow(2, 0);
    for (VerifiedLog each : List.of(verified, client.log(SignedLog.KOMATSU, keys))) {
      invalid(() -> each.accept(log.checkpointBy(1)));
    }
    assertEquals(3, verified.size());
    verified.accept(log.checkpointBy(2));
    assertEquals(7, verified.size());
    // what they approved while they sat stays approved
    verified.accept(early);
    assertEquals(7, verified.size());
  }

  @Test
  void believesWhomTheRecoveryQuorumHasSeated() {
    gateway.publish(log);
    log.grow(3, 0);
    log.recover();
    log.grow(2, 0);
    invalid(() -> verified.accept(log.checkpoint()));
    List<String> offline = log.recoveryKeys();
    int threshold = SignedLog.RECOVERY_THRESHOLD;
    FederationKeys whole = keys.withRecovery(SignedLog.KOMATSU, threshold, offline);
    VerifiedLog recovered = client.log(SignedLog.KOMATSU, whole);
    recovered.accept(log.checkpoint());
    assertEquals(7, recovered.size());
    FederationKeys all = keys.withRecovery(SignedLog.KOMATSU, 3, offline);
    invalid(() -> client.log(SignedLog.KOMATSU, all).accept(log.checkpoint()));
    assertThrows(
        IllegalArgumentException.class, () -> keys.withRecovery(SignedLog.KOMATSU, 1, offline));
    List<String> seats = log.seatKeys().subList(0, 1);
    assertThrows(
        IllegalArgumentException.class, () -> keys.withRecovery(SignedLog.KOMATSU, 1, seats));
    assertThrows(
        IllegalArgumentException.class,
        () -> keys.withRecovery(ChainId.of("Asia"), threshold, offline));
  }

  @Test
  void everyLeafOfAGrowingLogIsFoundInItsTiles() {
    gateway.publish(log);
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int size : List.of(1, 2, 255, 256, 257, 700, 66_000)) {
      long before = verified.size();
      log.grow(size - (int) before, 0);
      verified.accept(log.checkpoint());
      assertEquals(size, verified.size());
      for (long index : List.of(0L, size - 1L, before, random.nextLong(size))) {
        assertTrue(verified.verify(leaf(log.entry(index))), size + " " + index);
      }
    }
  }

  @Test
  void asksForANewerCheckpointAndSaysWhatIsNotApprovedYet() {
    gateway.publish(log);
    log.grow(5, 0);
    assertTrue(verified.verify(leaf(log.entry(4))));
    SignedCheckpoint old = log.checkpoint();
    log.grow(1, 0);
    gateway.on("/chains/Asia-Komatsu/checkpoint", request -> request.answer(200, old.encode()));
    assertFalse(verified.verify(leaf(log.entry(5))));
    gateway.publish(log);
    assertTrue(verified.verify(leaf(log.entry(5))));
    verified.accept(old);
    assertEquals(6, verified.size());
  }

  @Test
  void aLeafThatWasChangedOrMovedIsRefused() {
    gateway.publish(log);
    log.grow(300, 0);
    SignedLog other = new SignedLog();
    other.grow(300, 1);
    invalid(() -> verified.verify(leaf(other.entry(7))));
    Entry moved = log.entry(8);
    invalid(() -> verified.verify(leaf(new Entry(7, moved.bytes(), moved.hash(), moved.leaf()))));
    assertTrue(verified.verify(leaf(log.entry(7))));
    assertThrows(
        IllegalArgumentException.class,
        () -> verified.verify(new FeedEvent.Leaf(ChainId.of("Asia"), log.entry(7))));
  }

  @Test
  void wrongTilesProveNothing() {
    gateway.publish(log);
    log.grow(300, 0);
    verified.accept(log.checkpoint());
    gateway.on("/chains/Asia-Komatsu/tile/", request -> request.answer(200, new byte[8_192]));
    invalid(() -> verified.verify(leaf(log.entry(7))));
    VerifiedLog second = client.log(SignedLog.KOMATSU, keys);
    second.accept(log.checkpoint());
    gateway.on("/chains/Asia-Komatsu/tile/", request -> request.answer(200, new byte[3]));
    invalid(() -> second.verify(leaf(log.entry(7))));
    gateway.on("/chains/Asia-Komatsu/tile/", request -> request.problem(404, "NOT_FOUND"));
    invalid(() -> second.verify(leaf(log.entry(7))));
  }

  @Test
  void aCheckpointNeedsTheLogAndMoreThanTwoThirds() {
    log.grow(3, 0);
    invalid(() -> verified.accept(log.checkpoint(2)));
    verified.accept(log.checkpoint(3));
    FederationKeys others = FederationKeys.of(SignedLog.FEDERATION);
    assertThrows(
        IllegalArgumentException.class,
        () -> client.log(SignedLog.KOMATSU, others).accept(log.checkpoint()));
    assertThrows(
        IllegalArgumentException.class,
        () -> others.with(ChainId.of("Asia"), 1, logVkey(), List.of()));
  }

  private static String logVkey() {
    String name = SignedLog.FEDERATION + "/Asia-Komatsu";
    return new VerifierKey(name, Ed25519.TYPE, new byte[32]).format();
  }

  @Test
  void twoHistoriesAreFoundOut() {
    gateway.publish(log);
    log.grow(300, 0);
    verified.accept(log.checkpoint());
    SignedLog other = new SignedLog();
    other.grow(300, 1);
    invalid(() -> verified.accept(other.checkpoint()));
    other.grow(100, 1);
    invalid(() -> verified.accept(other.checkpoint()));
    SignedLog shorter = new SignedLog();
    shorter.grow(200, 1);
    invalid(() -> verified.accept(shorter.checkpoint()));
    assertEquals(300, verified.size());
  }

  @Test
  void aReceiptIsCheckedWithoutAGateway() {
    log.grow(20, 0);
    byte[] receipt = log.receipt(7);
    Receipt proven = keys.receipt(receipt);
    assertEquals(7, proven.index());
    assertEquals(SignedLog.KOMATSU, proven.chain());
    byte[] changed = receipt.clone();
    changed[60] ^= 1;
    invalid(() -> keys.receipt(changed));
    invalid(() -> FederationKeys.of(SignedLog.FEDERATION).receipt(receipt));
  }
}
