package aika.core.transfer;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.HOUR;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Posting;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ends of holds, one leaf for many. */
final class SettlementTest {
  private static final Policy MANY =
      new Policy(500, 1_000, 24 * HOUR, Money.ofMinor(1), Policy.MONEY_MAX, Policy.MONEY_MAX);

  private final TestFederation fed = TestFederation.with(MANY);
  private final AccountId a = fed.open(KOMATSU, "aaaa", "1000.00");
  private final AccountId c = fed.open(KOMATSU, "cccc", "1000.00");
  private final AccountId b = fed.open(KANAZAWA, "bbbb");

  private Action.Item item(TransferId transfer) {
    return fed.settlement(KANAZAWA, transfer).items().getFirst();
  }

  /** All of these under the latest checkpoint. */
  private Action.Settle batch(List<TransferId> transfers) {
    fed.record(KOMATSU, KANAZAWA);
    long size = fed.chain(KANAZAWA).tree().size();
    List<Action.Item> items = new ArrayList<>();
    for (TransferId transfer : transfers) {
      Row.Outcome outcome = fed.chain(KANAZAWA).state().get(new Key.OfOutcome(transfer));
      long index = outcome == null ? 0 : outcome.index();
      items.add(new Action.Item(transfer.index(), index, fed.chain(KANAZAWA).proof(index, size)));
    }
    return new Action.Settle(KANAZAWA, size, items);
  }

  @Test
  void aBatchEnds250Holds() {
    List<TransferId> transfers = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      transfers.add(fed.send(i % 2 == 0 ? a : c, b, "1.00"));
    }
    fed.record(KANAZAWA, KOMATSU);
    for (int i = 0; i < 250; i++) {
      if (i % 5 < 3) {
        fed.receive(b, transfers.get(i));
      } else {
        fed.reject(b, transfers.get(i));
      }
    }
    Entry entry = fed.chain(KOMATSU).accepted(START, batch(transfers));
    Leaf.Settled settled = assertInstanceOf(Leaf.Settled.class, entry.leaf());
    assertEquals(250, settled.ended().size());
    assertEquals(
        List.of(
            new Posting(Draft.holds(KOMATSU), Money.of("-250.00"), Money.ZERO),
            new Posting(Draft.clearing(KOMATSU, KANAZAWA), Money.of("150.00"), Money.of("150.00")),
            new Posting(c, Money.of("50.00"), Money.of("925.00")),
            new Posting(a, Money.of("50.00"), Money.of("925.00"))),
        settled.postings());
    assertEquals(0, fed.chain(KOMATSU).account(a).openHolds());
    fed.checkConservation();
  }

  @Test
  void aBatchHas1To250Items() {
    assertThrows(MalformedException.class, () -> new Action.Settle(KANAZAWA, 1, List.of()));
    List<Action.Item> many = Collections.nCopies(251, new Action.Item(0, 0, null));
    assertThrows(MalformedException.class, () -> new Action.Settle(KANAZAWA, 1, many));
  }

  /** What a sibling's state says is cited by its leaf, which stands in this chain's leaf. */
  @Test
  void aSiblingsDecisionIsCitedByItsLeaf() {
    TestFederation siblings =
        new TestFederation(TestFederation.Signing.CHEAP, TestFederation.Between.SIBLINGS, MANY);
    AccountId from = siblings.open(KOMATSU, "aaaa", "10.00");
    TransferId transfer = siblings.send(from, siblings.open(KANAZAWA, "bbbb"), "5.00");
    siblings.receive(b, transfer);
    Action.Settle right = siblings.settlement(KANAZAWA, transfer);
    Action.Item item = right.items().getFirst();
    for (long index : new long[] {0, item.index() - 1}) {
      Action.Item wrong = new Action.Item(item.hold(), index, null);
      siblings
          .chain(KOMATSU)
          .refused(
              Reason.NOTHING_TO_SETTLE,
              siblings.now(),
              new Action.Settle(KANAZAWA, right.recorded(), List.of(wrong)));
    }
    siblings.chain(KOMATSU).accepted(siblings.now(), right);
    siblings.checkConservation();
  }

  @Test
  void theSameItemTwiceEndsOneHold() {
    TransferId transfer = fed.send(a, b, "5.00");
    fed.receive(b, transfer);
    Entry entry = fed.chain(KOMATSU).accepted(START, batch(List.of(transfer, transfer, transfer)));
    assertEquals(1, assertInstanceOf(Leaf.Settled.class, entry.leaf()).ended().size());
    assertEquals(Money.of("5.00"), fed.chain(KOMATSU).clearing(KANAZAWA));
    fed.checkConservation();
  }

  @Test
  void uselessItemsDoNotHarmTheOthers() {
    TransferId open = fed.send(a, b, "5.00");
    TransferId received = fed.send(a, b, "7.00");
    TransferId toOther = fed.send(a, c, "9.00");
    TransferId nothing = new TransferId(KOMATSU, 0);
    fed.receive(b, received);
    fed.receive(c, toOther);
    Entry entry =
        fed.chain(KOMATSU).accepted(START, batch(List.of(open, nothing, toOther, received)));
    Leaf.Settled settled = assertInstanceOf(Leaf.Settled.class, entry.leaf());
    assertEquals(1, settled.ended().size());
    assertEquals(received.index(), settled.ended().getFirst().hold());
    assertEquals(Row.Hold.Status.HELD, fed.chain(KOMATSU).hold(open.index()).status());
    fed.checkConservation();
  }

  @Test
  void refundsAloneTouchNoClearingAccount() {
    TransferId transfer = fed.send(a, b, "5.00");
    fed.reject(b, transfer);
    Leaf leaf = fed.settle(KANAZAWA, transfer).leaf();
    assertEquals(
        List.of(
            new Posting(Draft.holds(KOMATSU), Money.of("-5.00"), Money.ZERO),
            new Posting(a, Money.of("5.00"), Money.of("1000.00"))),
        leaf.postings());
  }

  @Test
  void lateEvidenceUnderALaterCheckpointChangesNothing() {
    TransferId transfer = fed.send(a, b, "5.00");
    fed.receive(b, transfer);
    Action.Settle first = fed.settlement(KANAZAWA, transfer);
    fed.chain(KOMATSU).accepted(START, first);
    fed.receive(b, fed.send(a, b, "1.00"));
    Action.Settle again = batch(List.of(transfer));
    assertTrue(again.recorded() > first.recorded());
    fed.chain(KOMATSU).refused(Reason.NOTHING_TO_SETTLE, START, again);
    fed.chain(KOMATSU).refused(Reason.NOTHING_TO_SETTLE, START, first);
    fed.checkConservation();
  }

  @Test
  void anEarlierCheckpointStaysGood() {
    TransferId transfer = fed.send(a, b, "5.00");
    fed.receive(b, transfer);
    Action.Settle early = fed.settlement(KANAZAWA, transfer);
    fed.receive(b, fed.send(a, b, "1.00"));
    fed.record(KOMATSU, KANAZAWA);
    fed.chain(KOMATSU).accepted(START, early);
  }

  @Test
  void settlesWithRecordedCheckpointsOnMunicipalChainsOnly() {
    TransferId transfer = fed.send(a, b, "5.00");
    fed.receive(b, transfer);
    Action.Item item = item(transfer);
    long size = fed.chain(KANAZAWA).tree().size();
    for (Action.Settle settle :
        List.of(
            new Action.Settle(KANAZAWA, size + 1, List.of(item)),
            new Action.Settle(KANAZAWA, 0, List.of(item)),
            new Action.Settle(ChainId.of("Asia-Nowhere"), size, List.of(item)))) {
      fed.chain(KOMATSU).refused(Reason.EVIDENCE_MISSING, START, settle);
    }
    fed.chain(ASIA)
        .refused(Reason.WRONG_CHAIN, START, new Action.Settle(KANAZAWA, size, List.of(item)));
  }

  /** However long ids and sums become, the largest batch is a leaf. */
  @Test
  void theLargestSettleLeafFits() {
    ChainId chain = ChainId.of("A-" + "k".repeat(62));
    List<Leaf.Ended> ended = new ArrayList<>();
    List<Posting> postings = new ArrayList<>();
    Money sum = Policy.MONEY_MAX.plus(Policy.MONEY_MAX).negated();
    postings.add(new Posting(Draft.holds(chain), sum, sum));
    postings.add(new Posting(AccountId.own(chain, "clearing." + chain), sum, sum));
    for (int i = 0; i < Action.SETTLE_ITEMS_MAX; i++) {
      ended.add(new Leaf.Ended(Long.MAX_VALUE, OutcomeKind.CANCELLED, Long.MAX_VALUE));
      postings.add(new Posting(new AccountId(chain, "l".repeat(32)), sum, sum));
    }
    Leaf leaf = new Leaf.Settled(START, chain, Long.MAX_VALUE, ended, postings);
    byte[] bytes = LeafText.encode(leaf);
    assertTrue(bytes.length < Leaf.LEAF_BYTES_MAX, () -> bytes.length + " bytes");
    assertEquals(leaf, LeafText.parse(bytes));
  }

  @Test
  void aHoldKnowsItsSendLeaf() {
    TransferId transfer = fed.send(a, b, "5.00");
    Hash sendLeaf = fed.chain(KOMATSU).last().hash();
    assertEquals(sendLeaf, fed.chain(KOMATSU).hold(transfer.index()).offer().sendLeaf());
    fed.receive(b, transfer);
    Row.Outcome outcome = fed.chain(KANAZAWA).state().get(new Key.OfOutcome(transfer));
    assertEquals(sendLeaf, outcome == null ? null : outcome.sendLeaf());
  }
}
