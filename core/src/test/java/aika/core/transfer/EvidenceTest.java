package aika.core.transfer;

import static aika.core.transfer.TestFederation.HOUR;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;
import static aika.core.transfer.TestFederation.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.ledger.Action;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/spec/evidence.md: nothing but the leaf itself under a recorded checkpoint convinces. */
final class EvidenceTest {
  private final TestFederation fed = TestFederation.standard();
  private final AccountId a = fed.open(KOMATSU, "aaaa", "1000.00");
  private final AccountId b = fed.open(KANAZAWA, "bbbb", "50.00");

  private void refused(Reason reason, TransferId transfer, Action.Citation cites) {
    fed.refused(reason, fed.receiveOrder(b, transfer), cites);
  }

  @Test
  void aReceiveNeedsEvidence() {
    TransferId transfer = fed.send(a, b, "1.00");
    fed.refused(Reason.EVIDENCE_MISSING, fed.receiveOrder(b, transfer), null);
    refused(Reason.EVIDENCE_MISSING, transfer, new Action.Citation(transfer.index(), 0, null));
    refused(Reason.EVIDENCE_MISSING, transfer, new Action.Citation(transfer.index(), 5, null));
    fed.record(KANAZAWA, KOMATSU);
    long size = fed.chain(KOMATSU).tree().size();
    refused(Reason.EVIDENCE_MISSING, transfer, new Action.Citation(transfer.index(), size, null));
  }

  @ParameterizedTest
  @EnumSource
  void aCheckpointCoversOnlyWhatIsBelowIt(TestFederation.Between between) {
    TestFederation local =
        new TestFederation(TestFederation.Signing.CHEAP, between, Policy.standard());
    AccountId from = local.open(KOMATSU, "aaaa", "10.00");
    AccountId to = local.open(KANAZAWA, "bbbb");
    local.record(KANAZAWA, KOMATSU);
    long size = local.chain(KOMATSU).tree().size();
    TransferId transfer = local.send(from, to, "1.00");
    assertEquals(size, transfer.index());
    local.refused(
        Reason.EVIDENCE_MISSING,
        local.receiveOrder(to, transfer),
        new Action.Citation(transfer.index(), size, null));
    Action.Proof later = local.chain(KOMATSU).proof(transfer.index(), size + 1);
    local.refused(
        Reason.EVIDENCE_MISSING,
        local.receiveOrder(to, transfer),
        new Action.Citation(transfer.index(), size, later));
    // A size that nobody recorded is no checkpoint.
    local.refused(
        Reason.EVIDENCE_MISSING,
        local.receiveOrder(to, transfer),
        new Action.Citation(transfer.index(), size + 1, later));
    local.receive(to, transfer);
  }

  @Test
  void anotherLeafIsNoEvidence() {
    TransferId transfer = fed.send(a, b, "1.00");
    TransferId other = fed.send(a, b, "2.00");
    fed.record(KANAZAWA, KOMATSU);
    long size = fed.chain(KOMATSU).tree().size();
    Action.Citation good = fed.cite(KOMATSU, transfer.index(), size);
    refused(Reason.EVIDENCE_INVALID, transfer, fed.cite(KOMATSU, other.index(), size));
    Action.Proof otherProof = fed.chain(KOMATSU).proof(other.index(), size);
    refused(
        Reason.EVIDENCE_INVALID, transfer, new Action.Citation(transfer.index(), size, otherProof));
    TransferId issue = new TransferId(KOMATSU, 2);
    refused(Reason.EVIDENCE_INVALID, issue, fed.cite(KOMATSU, 2, size));
    TransferId seal = new TransferId(KOMATSU, size - 1);
    refused(Reason.EVIDENCE_INVALID, seal, fed.cite(KOMATSU, size - 1, size));
    fed.accepted(new Order.Issue(fed.header(), a, Money.of("1.00")));
    fed.chain(KANAZAWA).accepted(START, fed.submission(fed.receiveOrder(b, transfer), good));
  }

  @Test
  void everyByteOfTheProofCounts() {
    TransferId transfer = fed.send(a, b, "1.00");
    fed.send(a, b, "2.00");
    fed.record(KANAZAWA, KOMATSU);
    long size = fed.chain(KOMATSU).tree().size();
    Action.Proof good = fed.chain(KOMATSU).proof(transfer.index(), size);
    for (int i = 0; i < good.leaf().length; i++) {
      byte[] leaf = good.leaf().clone();
      leaf[i] ^= 1;
      refuse(transfer, size, new Action.Proof(leaf, good.path()));
    }
    for (int i = 0; i < good.path().size(); i++) {
      List<Hash> path = new ArrayList<>(good.path());
      path.set(i, Hash.of(new byte[32]));
      refuse(transfer, size, new Action.Proof(good.leaf(), path));
    }
    List<Hash> longer = new ArrayList<>(good.path());
    longer.add(Hash.of(new byte[32]));
    refuse(transfer, size, new Action.Proof(good.leaf(), longer));
    List<Hash> shorter = good.path().subList(0, good.path().size() - 1);
    refuse(transfer, size, new Action.Proof(good.leaf(), shorter));
    refuse(transfer, size, new Action.Proof(good.leaf(), List.of()));
    refuse(transfer, size, new Action.Proof(new byte[0], good.path()));
  }

  private void refuse(TransferId transfer, long size, Action.Proof proof) {
    refused(Reason.EVIDENCE_INVALID, transfer, new Action.Citation(transfer.index(), size, proof));
  }

  @Test
  void anotherChainsCheckpointIsNoEvidence() {
    TransferId transfer = fed.send(a, b, "1.00");
    fed.record(PARIS, KOMATSU);
    AccountId paris = fed.open(PARIS, "cccc", "5.00");
    fed.send(paris, b, "1.00");
    fed.record(KANAZAWA, PARIS);
    long size = fed.chain(PARIS).tree().size();
    refused(
        Reason.EVIDENCE_MISSING,
        transfer,
        new Action.Citation(transfer.index(), size, fed.chain(KOMATSU).proof(transfer.index(), 4)));
  }

  // ---- the own chain

  @ParameterizedTest
  @ValueSource(longs = {1, 4, Long.MAX_VALUE})
  void theOwnChainIsCitedWithSizeZero(long recorded) {
    AccountId c = fed.open(KOMATSU, "cccc");
    TransferId transfer = fed.send(a, c, "1.00");
    Action.Citation cites = new Action.Citation(transfer.index(), recorded, null);
    fed.refused(Reason.EVIDENCE_INVALID, fed.receiveOrder(c, transfer), cites);
    fed.receive(c, transfer);
    long decided = fed.chain(KOMATSU).last().index();
    Action.Item item = new Action.Item(transfer.index(), decided, null);
    fed.chain(KOMATSU)
        .refused(
            Reason.EVIDENCE_INVALID,
            fed.now(),
            new Action.Settle(KOMATSU, recorded, List.of(item)));
  }

  @Test
  void unknownTransfersOfTheOwnChain() {
    AccountId c = fed.open(KOMATSU, "cccc");
    for (long index : new long[] {0, 1, 2, 99, Long.MAX_VALUE}) {
      fed.refused(
          Reason.UNKNOWN_TRANSFER,
          fed.receiveOrder(c, new TransferId(KOMATSU, index)),
          new Action.Citation(index, 0, null));
    }
  }

  @Test
  void evidenceHasNoNegativeIndex() {
    assertThrows(MalformedException.class, () -> new Action.Citation(-1, 0, null));
    assertThrows(MalformedException.class, () -> new Action.Citation(0, -1, null));
    assertThrows(MalformedException.class, () -> new Action.Item(-1, 0, null));
    assertThrows(MalformedException.class, () -> new Action.Item(0, -1, null));
    assertThrows(
        MalformedException.class,
        () -> new Action.Settle(KOMATSU, -1, List.of(new Action.Item(0, 0, null))));
  }

  // ---- cancel orders

  @ParameterizedTest
  @EnumSource
  void nothingIsCancelledWithoutTheSendersOrder(TestFederation.Between between) {
    TestFederation local =
        new TestFederation(TestFederation.Signing.CHEAP, between, Policy.standard());
    AccountId from = local.open(KOMATSU, "aaaa", "10.00");
    AccountId near = local.open(KOMATSU, "cccc");
    AccountId far = local.open(KANAZAWA, "bbbb");
    for (AccountId to : List.of(near, far)) {
      TransferId transfer = local.send(from, to, "1.00");
      TransferId other = local.send(from, to, "1.00");
      long otherCancel = local.cancel(from, other).index();
      ChainId d = to.chain();
      for (long index : new long[] {0, transfer.index(), other.index(), otherCancel}) {
        local
            .chain(d)
            .refused(Reason.EVIDENCE_INVALID, START, local.cancellation(d, transfer, index));
      }
    }
  }

  // ---- a corrupt counterpart

  private Order.Send forgedOrder(AccountId from, String amount) {
    return new Order.Send(fed.header(), from, b, Money.of(amount), START + HOUR, null);
  }

  private void forgedSendIsRefused(Reason reason, Order.Send order) {
    ForgedLog forged = new ForgedLog(fed, KOMATSU);
    long index = forged.send(order);
    fed.chain(KANAZAWA).accepted(START, forged.recording());
    TransferId transfer = new TransferId(KOMATSU, index);
    refused(reason, transfer, forged.cite(index));
    fed.chain(KANAZAWA)
        .refused(
            reason == Reason.CAP_REACHED ? Reason.NOT_YET_EXPIRED : reason,
            START,
            new Action.Conclude(transfer, OutcomeKind.EXPIRED, forged.cite(index)));
  }

  /** Received, they would take money from the receiver, or halt the chain. */
  @ParameterizedTest
  @ValueSource(strings = {"0.00", "-0.01", "-50.00", "-50.01", "-92233720368547758.07"})
  void forgedAmountsThatAreNotPositive(String amount) {
    forgedSendIsRefused(Reason.EVIDENCE_INVALID, forgedOrder(a, amount));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10000000000000000.01", "92233720368547758.07"})
  void forgedAmountsThatNoChainCanIssue(String amount) {
    AccountId paris = fed.open(PARIS, "cccc", "5.00");
    fed.receive(b, fed.send(paris, b, "5.00"));
    forgedSendIsRefused(Reason.EVIDENCE_INVALID, forgedOrder(a, amount));
  }

  @Test
  void theLargestForgedAmountMeetsTheCap() {
    AccountId paris = fed.open(PARIS, "cccc", "5.00");
    fed.receive(b, fed.send(paris, b, "5.00"));
    forgedSendIsRefused(Reason.CAP_REACHED, forgedOrder(a, Policy.MONEY_MAX.toString()));
  }

  @Test
  void aChainSpeaksForItsOwnAccountsOnly() {
    forgedSendIsRefused(
        Reason.EVIDENCE_INVALID, forgedOrder(AccountId.of("Europe-Paris/cccc"), "1.00"));
  }

  @Test
  void aSendOfAnotherFederationIsNone() {
    Order.Send order = forgedOrder(a, "1.00");
    Order.Header other =
        new Order.Header("other.example", order.header().id(), order.header().notAfter());
    forgedSendIsRefused(
        Reason.EVIDENCE_INVALID,
        new Order.Send(other, a, b, order.amount(), order.validUntil(), null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "hello\n", "aika/leaf/v1\n", "aika/leaf/v1\nkind send\n"})
  void leavesThatDecodeAsNothing(String leaf) {
    ForgedLog forged = new ForgedLog(fed, KOMATSU);
    long index = forged.add(leaf);
    fed.chain(KANAZAWA).accepted(START, forged.recording());
    refused(Reason.EVIDENCE_INVALID, new TransferId(KOMATSU, index), forged.cite(index));
  }

  /** [E-9] What was decided about another history is never decided about this one. */
  @Test
  void aDecisionAboutAnotherSendOfThisIndexRefunds() {
    TransferId transfer = fed.send(a, b, "1.00");
    Leaf.Cited other = new Leaf.Cited(transfer.index(), 1, Hash.of(new byte[32]));
    ForgedLog forged = new ForgedLog(fed, KANAZAWA);
    long index = forged.add(new Leaf.Concluded(START, transfer, OutcomeKind.RECEIVED, other));
    TestChain komatsu = fed.chain(KOMATSU);
    komatsu.accepted(START, forged.recording());
    komatsu.accepted(START, settle(forged, transfer, index));
    assertEquals(Row.Hold.Status.REFUNDED, komatsu.hold(transfer.index()).status());
    assertEquals(Money.ZERO, komatsu.clearing(KANAZAWA));
  }

  @Test
  void aWrongDecisionEndsNothing() {
    TransferId transfer = fed.send(a, b, "1.00");
    TestChain komatsu = fed.chain(KOMATSU);
    Hash sendLeaf = komatsu.last().hash();
    Leaf.Cited good = new Leaf.Cited(transfer.index(), 1, sendLeaf);
    ForgedLog forged = new ForgedLog(fed, KANAZAWA);
    TransferId other = new TransferId(KOMATSU, transfer.index() + 1);
    List<Long> useless =
        List.of(
            forged.add(new Leaf.Concluded(START, other, OutcomeKind.EXPIRED, good)),
            forged.add(new Leaf.Recorded(START, KOMATSU, 5, sendLeaf, 1, sendLeaf)),
            forged.add("not a leaf\n"));
    long right = forged.add(new Leaf.Concluded(START, transfer, OutcomeKind.EXPIRED, good));
    komatsu.accepted(START, forged.recording());
    for (long index : useless) {
      komatsu.refused(Reason.NOTHING_TO_SETTLE, START, settle(forged, transfer, index));
    }
    Action.Item withoutProof = new Action.Item(transfer.index(), right, null);
    komatsu.refused(
        Reason.NOTHING_TO_SETTLE,
        START,
        new Action.Settle(KANAZAWA, forged.size(), List.of(withoutProof)));
    Action.Item otherProof =
        new Action.Item(transfer.index(), right, forged.proof(useless.getFirst()));
    komatsu.refused(
        Reason.NOTHING_TO_SETTLE,
        START,
        new Action.Settle(KANAZAWA, forged.size(), List.of(otherProof)));
    // The right to decide is the receiver's chain's, wrong as it may be.
    komatsu.accepted(START, settle(forged, transfer, right));
    assertEquals(Money.of("1000.00"), komatsu.account(a).balance());
  }

  private static Action.Settle settle(ForgedLog log, TransferId transfer, long index) {
    Action.Item item = new Action.Item(transfer.index(), index, log.proof(index));
    return new Action.Settle(KANAZAWA, log.size(), List.of(item));
  }

  @Test
  void onlyTheReceiversChainEndsAHold() {
    TransferId transfer = fed.send(a, b, "1.00");
    Hash sendLeaf = fed.chain(KOMATSU).last().hash();
    Leaf.Cited cited = new Leaf.Cited(transfer.index(), 1, sendLeaf);
    ForgedLog forged = new ForgedLog(fed, PARIS);
    long index = forged.add(new Leaf.Concluded(START, transfer, OutcomeKind.EXPIRED, cited));
    fed.chain(KOMATSU).accepted(START, forged.recording());
    Action.Item item = new Action.Item(transfer.index(), index, forged.proof(index));
    fed.chain(KOMATSU)
        .refused(
            Reason.NOTHING_TO_SETTLE,
            START,
            new Action.Settle(PARIS, forged.size(), List.of(item)));
    fed.chain(KOMATSU)
        .refused(
            Reason.EVIDENCE_MISSING,
            START,
            new Action.Settle(KANAZAWA, forged.size(), List.of(item)));
  }
}
