package aika.node.approve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.NoteSignature;
import aika.core.note.SignedNote;
import aika.node.TestFederation;
import aika.node.config.HeldKey;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that holds one of five seats, and what is brought to it. */
@Timeout(120)
final class CandidatesTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final int BLOCK = 4;

  @TempDir Path data;

  private final Ed25519 ed25519 = new Ed25519(1_024);
  private final TestFederation federation =
      new TestFederation(
          new Policy(
              BLOCK, 100, 86_400_000, Money.of("0.01"), Money.of("1000.00"), Money.of("9000.00")));
  private final List<HeldKey> seats = Objects.requireNonNull(federation.seats.get(KOMATSU));
  private Shard shard;
  private Approver approver;
  private Chain chain;
  private int people;

  @BeforeEach
  void start() throws InterruptedException {
    shard =
        Shard.start(
            new ShardSettings(
                "test",
                data,
                List.of(KOMATSU),
                3_600_000,
                1_000,
                StoreSettings.standard(),
                ShardSettings.Log.STANDARD),
            federation.directory,
            ed25519,
            System::currentTimeMillis);
    chain = shard.chain(KOMATSU);
    open();
    seal();
    await(() -> approver.candidates().of(KOMATSU) != null);
  }

  private void open() {
    approver = started(System::currentTimeMillis);
  }

  private Approver started(LongSupplier clock) {
    Approver started =
        new Approver(
            shard, federation.directory, federation.logKeys, seats.subList(0, 1), ed25519, clock);
    started.start();
    return started;
  }

  @AfterEach
  void stop() {
    approver.close();
    shard.close();
  }

  /** One block more. */
  private void seal() {
    long height = chain.head().height();
    while (chain.head().height() == height) {
      Answer answer =
          shard.submit(
              federation.open(federation.person(KOMATSU, "person" + (100 + people))), null);
      assertInstanceOf(Answer.Accepted.class, answer, answer::toString);
      people++;
    }
  }

  private Candidate candidate() {
    return Objects.requireNonNull(approver.candidates().of(KOMATSU));
  }

  private double silent(String seat) {
    return Objects.requireNonNull(approver.candidates().silentSeconds(KOMATSU).get(seat));
  }

  private static NoteSignature line(Checkpoint checkpoint, HeldKey seat, long time) {
    return Cosignature.sign(checkpoint, seat.key().name(), time, seat.signer());
  }

  private static long seconds() {
    return System.currentTimeMillis() / 1_000;
  }

  private Candidates.Brought bring(Checkpoint checkpoint, NoteSignature... lines) {
    return bringFrom("", checkpoint, lines);
  }

  private Candidates.Brought bringFrom(
      String machine, Checkpoint checkpoint, NoteSignature... lines) {
    return approver.bring(
        KOMATSU, SignedCheckpoint.of(new SignedNote(checkpoint.text(), List.of(lines))), machine);
  }

  private Candidates.Brought bring(Checkpoint checkpoint, HeldKey seat) {
    return bring(checkpoint, line(checkpoint, seat, seconds()));
  }

  private void refused(Reason reason, Candidates.Brought brought) {
    Candidate before = candidate();
    Candidates.Brought.Refused refused =
        assertInstanceOf(Candidates.Brought.Refused.class, brought, brought::toString);
    assertEquals(reason, refused.refusal().reason());
    assertEquals(before, candidate());
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      long seen = shard.changes().version();
      assertTrue(System.nanoTime() < deadline, "timed out");
      boolean _ = shard.changes().await(seen, 100);
    }
  }

  @Test
  void aQuorumOfHeldAndBroughtSeatsApprovesAndALateOneCountsAsHeard() throws Exception {
    Checkpoint tree = candidate().checkpoint();
    assertEquals(BLOCK + 1, tree.size());
    await(() -> candidate().cosigned().size() == 1);
    for (int i = 1; i <= 2; i++) {
      assertInstanceOf(Candidates.Brought.Counted.class, bring(tree, seats.get(i)));
      assertInstanceOf(Candidates.Brought.Counted.class, bring(tree, seats.get(i)), "twice");
    }
    assertEquals(3, candidate().cosigned().size());
    assertNull(chain.approved());
    String late = seats.get(4).key().name();
    assertTrue(silent(late) > 0);

    bring(tree, seats.get(3));
    await(() -> chain.approved() != null && candidate().approved());
    SignedCheckpoint first = Objects.requireNonNull(chain.approvedAt(tree.size()));
    assertTrue(
        federation.directory.entry(KOMATSU).seats().approvedAt(first, new MlDsa44()).isPresent());
    assertTrue(candidate().awaits(late));
    bring(tree, seats.get(4));
    assertEquals(0.0, silent(late));
    assertEquals(first, chain.approvedAt(tree.size()), "the first quorum stays");

    approver.close();
    open();
    await(() -> approver.candidates().of(KOMATSU) != null);
    assertTrue(candidate().approved());
    assertTrue(candidate().awaits(late), "what came late is asked for once more");
    assertEquals(4, candidate().cosigned().size());
  }

  @Test
  void whatIsForgedUnseatedOrOfAnotherTreeChangesNothing() throws Exception {
    await(() -> candidate().cosigned().size() == 1);
    Checkpoint tree = candidate().checkpoint();
    HeldKey seat = seats.get(1);
    Checkpoint other = new Checkpoint(tree.origin(), tree.size(), Hash.of(new byte[Hash.BYTES]));
    refused(
        Reason.BAD_SIGNATURE, bring(tree, line(other, seat, seconds()))); // signs something else
    NoteSignature theirs = line(tree, seats.get(2), seconds());
    refused(
        Reason.BAD_SIGNATURE,
        bring(tree, new NoteSignature(seat.key().name(), seat.key().keyId(), theirs.bytes())));
    refused(Reason.BAD_SIGNATURE, bring(tree, line(tree, seat, seconds() + 3_600)));
    HeldKey asia = Objects.requireNonNull(federation.seats.get(TestFederation.ASIA)).getFirst();
    refused(Reason.SEAT_NOT_SITTING, bring(tree, asia));
    refused(
        Reason.SEAT_NOT_SITTING, // not even beside a valid one
        bring(tree, line(tree, seat, seconds()), line(tree, asia, seconds())));
    refused(Reason.CHECKPOINT_INCONSISTENT, bring(other, seat));
    Checkpoint larger = new Checkpoint(tree.origin(), tree.size() + 1, tree.root());
    refused(Reason.CHECKPOINT_INCONSISTENT, bring(larger, seat));
    Checkpoint elsewhere =
        new Checkpoint(federation.directory.origin(TestFederation.ASIA), tree.size(), tree.root());
    refused(Reason.WRONG_CHAIN, bring(elsewhere, seat));
    HeldKey logKey = Objects.requireNonNull(federation.logKeys.get(KOMATSU));
    refused(
        Reason.BAD_SIGNATURE,
        approver.bring(KOMATSU, SignedCheckpoint.sign(tree, Ed25519.TYPE, logKey.signer()), ""));
    assertNull(chain.approved());
  }

  @Test
  void aLineMayBeAMinuteAhead() throws Exception {
    approver.close();
    long now = System.currentTimeMillis();
    approver = started(() -> now);
    await(() -> approver.candidates().of(KOMATSU) != null);
    await(() -> candidate().cosigned().size() == 1);
    Checkpoint tree = candidate().checkpoint();
    long seconds = TimeUnit.MILLISECONDS.toSeconds(now);
    refused(Reason.BAD_SIGNATURE, bring(tree, line(tree, seats.get(1), seconds + 61)));
    assertInstanceOf(
        Candidates.Brought.Counted.class, bring(tree, line(tree, seats.get(1), seconds + 60)));
  }

  /**
   * Brings lines of the next candidate, an hour ahead, by these seats, each from its machine; then
   * it is approved.
   */
  private void bringAhead(List<HeldKey> by, String machine) throws InterruptedException {
    boolean late = true;
    while (late) {
      long size = candidate().size();
      seal();
      await(() -> candidate().size() > size);
      Checkpoint shown = candidate().checkpoint();
      for (HeldKey seat : by) {
        bringFrom(
            machine.isEmpty() ? "" : machine + seat.key().name(),
            shown,
            line(shown, seat, seconds() + 3_600));
      }
      late =
          System.currentTimeMillis() - Objects.requireNonNull(chain.sealAt(shown.size())).time()
              > 900; // too late to be heard
      approveBy(shown);
    }
  }

  private void approveBy(Checkpoint shown) throws InterruptedException {
    seats.subList(1, 4).forEach(seat -> bring(shown, seat));
    await(() -> candidate().approved());
  }

  @Test
  void theRepresentativesClocksStopOneThatDiffersFromThem() throws Exception {
    approveBy(candidate().checkpoint());
    bringAhead(seats.subList(3, 5), "");
    assertNull(shard.clock().refusal(), "this machine's own");
    bringAhead(seats.subList(4, 5), "10.0.0.");
    assertNull(shard.clock().refusal(), "one other alone stops nobody");
    assertTrue(shard.clock().apartMillis() < -3_500_000);
    for (HeldKey seat : seats.subList(3, 5)) { // what was brought or approved before tells no time
      Checkpoint old = candidate().checkpoint();
      bringFrom("10.0.1." + seat.key().name(), old, line(old, seat, seconds() + 3_600));
    }
    assertNull(shard.clock().refusal());
    bringAhead(seats.subList(3, 5), "10.0.0.");
    assertEquals(Reason.CLOCK_DIFFERS, Objects.requireNonNull(shard.clock().refusal()).reason());
  }

  /** [SEAL-45] At the limit its place is free; a nanosecond before it is not. */
  @Test
  void aCandidateStaysForTenSeconds() {
    Candidate shown = candidate();
    assertEquals(1, shown.patience(shown.since() + 9_999_999_999L));
    assertEquals(0, shown.patience(shown.since() + 10_000_000_000L));
  }

  @Test
  void aCandidateStaysForAWhileAndThenTheNewestIsTaken() throws Exception {
    await(() -> candidate().cosigned().size() == 1);
    Candidate first = candidate();
    bring(first.checkpoint(), seats.get(1));
    seal();
    seal();
    bring(first.checkpoint(), seats.get(2));
    assertEquals(first.checkpoint(), candidate().checkpoint(), "slow cosigners meet on one size");
    long newest = chain.size();
    await(() -> candidate().size() == newest && candidate().cosigned().size() == 1);
    assertTrue(candidate().since() - first.since() >= 10_000_000_000L, "not sooner");
    refused(Reason.CHECKPOINT_NOT_LARGER, bring(first.checkpoint(), seats.get(3)));
    assertNull(chain.approved());
    for (int i = 1; i <= 3; i++) {
      bring(candidate().checkpoint(), seats.get(i));
    }
    await(() -> chain.approvedSize() == newest);
  }

  @Test
  void whatWasSealedMeanwhileIsShownAtOnceWhenTheLastIsApproved() throws Exception {
    await(() -> candidate().cosigned().size() == 1);
    Candidate first = candidate();
    seal();
    seal();
    for (int i = 1; i <= 3; i++) {
      bring(first.checkpoint(), seats.get(i));
    }
    await(() -> candidate().size() == chain.size());
    assertEquals(first.size(), chain.approvedSize());
  }
}
