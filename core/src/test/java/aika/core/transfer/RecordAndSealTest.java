package aika.core.transfer;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.EUROPE;
import static aika.core.transfer.TestFederation.HOUR;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;
import static aika.core.transfer.TestFederation.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checkpoints of other chains, and the ends of blocks. */
final class RecordAndSealTest {
  private final TestFederation fed = TestFederation.standard();
  private final TestChain komatsu = fed.chain(KOMATSU);
  private final TestChain kanazawa = fed.chain(KANAZAWA);

  private void grow() {
    fed.open(KOMATSU, "a" + komatsu.head().size() + "xxx");
    komatsu.seal(fed.now());
  }

  private Action.RecordCheckpoint recording(long size, Hash root, List<Hash> consistency) {
    String origin = fed.directory().origin(KOMATSU);
    return new Action.RecordCheckpoint(KOMATSU, 1, new Checkpoint(origin, size, root), consistency);
  }

  @Test
  void checkpointsGrow() {
    grow();
    fed.record(KANAZAWA, KOMATSU);
    Row.Latest first = kanazawa.state().get(new Key.OfLatest(KOMATSU));
    assertEquals(komatsu.head().size(), first == null ? 0 : first.size());
    kanazawa.refused(Reason.CHECKPOINT_NOT_LARGER, START, recording(3, komatsu.root(), List.of()));
    kanazawa.refused(
        Reason.CHECKPOINT_NOT_LARGER, START, recording(2, komatsu.tree().root(2), List.of()));
    kanazawa.refused(
        Reason.CHECKPOINT_NOT_LARGER, START, recording(0, Merkle.EMPTY_ROOT, List.of()));
    grow();
    fed.record(KANAZAWA, KOMATSU);
    Row.Latest second = kanazawa.state().get(new Key.OfLatest(KOMATSU));
    assertEquals(komatsu.head().size(), second == null ? 0 : second.size());
    assertEquals(kanazawa.last().index(), second == null ? 0 : second.index());
    assertEquals(
        new Row.Recorded(KOMATSU, 3, komatsu.tree().root(3)),
        kanazawa.state().get(new Key.OfRecorded(KOMATSU, 3)));
  }

  @Test
  void theFirstCheckpointHasNoConsistencyProof() {
    grow();
    kanazawa.refused(
        Reason.CHECKPOINT_INCONSISTENT,
        START,
        recording(3, komatsu.root(), List.of(komatsu.root())));
    kanazawa.refused(
        Reason.CHECKPOINT_NOT_LARGER, START, recording(0, Merkle.EMPTY_ROOT, List.of()));
    kanazawa.accepted(START, recording(3, komatsu.root(), List.of()));
  }

  @Test
  void aLaterCheckpointExtendsTheEarlier() {
    grow();
    fed.record(KANAZAWA, KOMATSU);
    grow();
    Action.RecordCheckpoint good = fed.recording(KANAZAWA, KOMATSU);
    long size = good.checkpoint().size();
    Hash root = good.checkpoint().root();
    Hash zero = Hash.of(new byte[32]);
    kanazawa.refused(Reason.CHECKPOINT_INCONSISTENT, START, recording(size, root, List.of()));
    kanazawa.refused(
        Reason.CHECKPOINT_INCONSISTENT, START, recording(size, zero, good.consistency()));
    for (int i = 0; i < good.consistency().size(); i++) {
      List<Hash> changed = new ArrayList<>(good.consistency());
      changed.set(i, zero);
      kanazawa.refused(Reason.CHECKPOINT_INCONSISTENT, START, recording(size, root, changed));
    }
    kanazawa.accepted(START, good);
    assertNull(kanazawa.state().get(new Key.OfRecorded(KOMATSU, size + 1)));
  }

  @Test
  void aCheckpointNamesItsLogAndItsTerm() {
    grow();
    Checkpoint checkpoint = fed.checkpoint(KOMATSU);
    for (long term : new long[] {0, 2, -1}) {
      kanazawa.refused(
          Reason.NOT_APPROVED,
          START,
          new Action.RecordCheckpoint(KOMATSU, term, checkpoint, List.of()));
    }
    for (String origin : List.of("aika.example/Europe-Paris", "other.example/Asia-Komatsu")) {
      Checkpoint other = new Checkpoint(origin, checkpoint.size(), checkpoint.root());
      kanazawa.refused(
          Reason.MALFORMED, START, new Action.RecordCheckpoint(KOMATSU, 1, other, List.of()));
    }
  }

  @Test
  void municipalitiesRecordMunicipalitiesAndContinentsTheirOwn() {
    for (ChainId id : List.of(KOMATSU, KANAZAWA, PARIS, ASIA, EUROPE)) {
      fed.chain(id).seal(START);
    }
    refusedRecording(KOMATSU, KOMATSU);
    refusedRecording(KOMATSU, ASIA);
    refusedRecording(ASIA, PARIS);
    refusedRecording(ASIA, EUROPE);
    refusedRecording(ASIA, ASIA);
    ChainId nowhere = ChainId.of("Asia-Nowhere");
    Checkpoint unknown = new Checkpoint(fed.directory().origin(nowhere), 1, komatsu.tree().root(1));
    komatsu.refused(
        Reason.UNKNOWN_CHAIN, START, new Action.RecordCheckpoint(nowhere, 1, unknown, List.of()));
    fed.record(ASIA, KOMATSU);
    fed.record(EUROPE, PARIS);
    fed.record(KOMATSU, PARIS);
  }

  private void refusedRecording(ChainId at, ChainId origin) {
    Action.RecordCheckpoint record =
        new Action.RecordCheckpoint(origin, 1, fed.checkpoint(origin), List.of());
    fed.chain(at).refused(Reason.UNKNOWN_CHAIN, START, record);
  }

  @Test
  void theLeafTellsWhoApproved() {
    grow();
    Leaf.Recorded leaf = assertInstanceOf(Leaf.Recorded.class, fed.record(ASIA, KOMATSU).leaf());
    assertEquals(fed.directory().entry(KOMATSU).seats().hash(), leaf.seats());
    assertEquals(1, leaf.term());
    assertEquals(List.of(), leaf.postings());
  }

  // ---- seals

  @Test
  void aSealTellsTheTotals() {
    AccountId a = fed.open(KOMATSU, "aaaa", "1000.00");
    AccountId b = fed.open(KANAZAWA, "bbbb", "10.00");
    fed.send(a, b, "200.00");
    fed.receive(a, fed.send(b, a, "3.00"));
    TransferId received = fed.send(a, b, "4.00");
    fed.receive(b, received);
    fed.settle(KANAZAWA, received);
    komatsu.seal(START);
    Leaf.Sealed seal = assertInstanceOf(Leaf.Sealed.class, komatsu.last().leaf());
    assertEquals(Money.of("-1000.00"), seal.issued());
    assertEquals(Money.of("799.00"), seal.balances());
    assertEquals(Money.of("200.00"), seal.holds());
    assertEquals(Money.of("1.00"), seal.clearing());
    assertEquals(
        Money.ZERO, seal.issued().plus(seal.balances()).plus(seal.holds()).plus(seal.clearing()));
    assertEquals(fed.directory().entry(KOMATSU).seats().hash(), seal.seats());
    assertEquals(seal.seats(), seal.nextSeats());
  }

  @Test
  void sealsAreNumberedAndNeverEmpty() {
    komatsu.refused(Reason.SEAL_STALE, START, new Action.Seal(0));
    komatsu.refused(Reason.SEAL_STALE, START, new Action.Seal(2));
    komatsu.accepted(START, new Action.Seal(1));
    komatsu.refused(Reason.SEAL_STALE, START, new Action.Seal(1));
    komatsu.refused(Reason.SEAL_STALE, START, new Action.Seal(2));
    fed.open(KOMATSU, "aaaa");
    komatsu.refused(Reason.SEAL_STALE, START, new Action.Seal(1));
    komatsu.accepted(START, new Action.Seal(2));
    Leaf.Sealed second = assertInstanceOf(Leaf.Sealed.class, komatsu.last().leaf());
    assertEquals(2, second.height());
    assertEquals(2, second.first());
    assertEquals(1, second.term());
    assertEquals(4, komatsu.head().blockStart());
    assertEquals(2, komatsu.head().height());
  }

  @Test
  void aFullBlockTakesNothingButItsSeal() {
    TestFederation small =
        TestFederation.with(
            new Policy(3, 100, HOUR, Money.ofMinor(1), Policy.MONEY_MAX, Policy.MONEY_MAX));
    TestChain chain = small.chain(KOMATSU);
    AccountId a = small.open(KOMATSU, "aaaa", "10.00");
    assertEquals(3, chain.head().blockLeaves());
    Action.Submit submit =
        small.submission(small.sendOrder(a, AccountId.of("Asia-Komatsu/bbbb"), "1.00"));
    Applied full = chain.applyOnly(START, submit);
    assertEquals(Reason.BUSY, assertInstanceOf(Applied.Refused.class, full).refusal().reason());
    Applied recording =
        chain.applyOnly(
            START, new Action.RecordCheckpoint(KANAZAWA, 1, small.checkpoint(KANAZAWA), List.of()));
    assertEquals(
        Reason.BUSY, assertInstanceOf(Applied.Refused.class, recording).refusal().reason());
    chain.accepted(START, new Action.Seal(1));
    chain.accepted(START, submit);
  }
}
