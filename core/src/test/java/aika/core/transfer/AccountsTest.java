package aika.core.transfer;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import org.junit.jupiter.api.Test;

/** Keys, freezing, closing and standing orders. */
final class AccountsTest {
  private static final long WEEK = Row.Account.RECOVERY_MILLIS;

  private final TestFederation fed = TestFederation.standard();
  private final TestChain komatsu = fed.chain(KOMATSU);
  private final TestChain kanazawa = fed.chain(KANAZAWA);
  private final AccountId a = fed.open(KOMATSU, "aaaa", "100.00");
  private final AccountId b = fed.open(KANAZAWA, "bbbb");

  private byte[] key(String word) {
    return fed.signer(word).publicKey();
  }

  private Row.Account account() {
    return komatsu.account(a).at(fed.now());
  }

  // ---- rotate

  @Test
  void afterARotationOnlyTheNewKeyOrders() {
    fed.accepted(new Order.RotateKey(fed.header(), a, key("new")));
    fed.refused(Reason.BAD_SIGNATURE, fed.sendOrder(a, b, "1.00"));
    fed.rekey(a, "new");
    fed.send(a, b, "1.00");
  }

  @Test
  void aRotationNeedsAnotherKey() {
    Order.RotateKey same = new Order.RotateKey(fed.header(), a, key(a.toString()));
    SignedOrder signed = fed.sign(same, a.toString());
    komatsu.refused(
        Reason.KEY_UNCHANGED,
        fed.now(),
        new Action.Submit(signed, key(a.toString()), fed.now(), null));
  }

  @Test
  void aRotationEndsARecovery() {
    fed.accepted(new Order.RecoverKey(fed.header(), a, key("other")));
    fed.accepted(new Order.RotateKey(fed.header(), a, key("new")));
    fed.rekey(a, "new");
    fed.refused(Reason.NO_RECOVERY, new Order.VetoRecovery(fed.header(), a));
    fed.advance(WEEK);
    assertTrue(account().hasKey(key("new")));
  }

  // ---- recover

  @Test
  void aRecoveryNeedsAnotherKey() {
    fed.refused(Reason.KEY_UNCHANGED, new Order.RecoverKey(fed.header(), a, key(a.toString())));
  }

  @Test
  void aRecoveredKeyCountsAfterSevenDays() {
    fed.accepted(new Order.RecoverKey(fed.header(), a, key("new")));
    fed.advance(WEEK - 1);
    assertTrue(account().hasKey(key(a.toString())));
    fed.send(a, b, "1.00");
    fed.advance(1);
    assertTrue(account().hasKey(key("new")));
    fed.refused(Reason.BAD_SIGNATURE, fed.sendOrder(a, b, "1.00"));
    fed.rekey(a, "new");
    fed.send(a, b, "1.00");
    assertEquals(Row.Standing.USUAL, komatsu.account(a).standing());
  }

  @Test
  void theOldKeyVetoes() {
    fed.accepted(new Order.RecoverKey(fed.header(), a, key("new")));
    fed.refused(Reason.RECOVERY_RUNS, new Order.RecoverKey(fed.header(), a, key("other")));
    fed.advance(WEEK - 1);
    fed.accepted(new Order.VetoRecovery(fed.header(), a));
    fed.advance(WEEK);
    assertTrue(account().hasKey(key(a.toString())));
    fed.refused(Reason.NO_RECOVERY, new Order.VetoRecovery(fed.header(), a));
  }

  @Test
  void aVetoComesTooLateOnceTheKeyCounts() {
    fed.accepted(new Order.RecoverKey(fed.header(), a, key("new")));
    fed.advance(WEEK);
    fed.refused(Reason.BAD_SIGNATURE, new Order.VetoRecovery(fed.header(), a));
  }

  @Test
  void freezingDoesNotHinderAVetoAndARecoveryThaws() {
    fed.accepted(new Order.Freeze(fed.header(), a, true));
    fed.accepted(new Order.RecoverKey(fed.header(), a, key("new")));
    fed.accepted(new Order.VetoRecovery(fed.header(), a));
    fed.accepted(new Order.RecoverKey(fed.header(), a, key("new")));
    fed.advance(WEEK);
    fed.rekey(a, "new");
    fed.send(a, b, "1.00");
  }

  // ---- freeze

  @Test
  void aFrozenAccountOrdersNothingButStillGetsItsMoney() {
    TransferId refused = fed.send(a, b, "1.00");
    fed.accepted(new Order.Freeze(fed.header(), a, true));
    fed.refused(Reason.ACCOUNT_FROZEN, new Order.Freeze(fed.header(), a, true));
    fed.refused(Reason.ACCOUNT_FROZEN, fed.sendOrder(a, b, "1.00"));
    fed.refused(Reason.ACCOUNT_FROZEN, new Order.Cancel(fed.header(), a, refused));
    fed.refused(Reason.ACCOUNT_FROZEN, new Order.RotateKey(fed.header(), a, key("new")));
    fed.refused(Reason.ACCOUNT_FROZEN, new Order.Close(fed.header(), a));
    fed.refused(Reason.ACCOUNT_FROZEN, new Order.AutoReceive(fed.header(), a, Money.ZERO));
    fed.refused(Reason.ACCOUNT_FROZEN, new Order.Redeem(fed.header(), a, Money.of("1.00")));
    fed.reject(b, refused);
    fed.settle(KANAZAWA, refused);
    assertEquals(Money.of("100.00"), account().balance());
    fed.accepted(new Order.Freeze(fed.header(), a, false));
    fed.refused(Reason.NOT_FROZEN, new Order.Freeze(fed.header(), a, false));
    fed.send(a, b, "1.00");
  }

  @Test
  void officialsDoNotUnfreeze() {
    fed.accepted(new Order.Freeze(fed.header(), a, true));
    SignedOrder unfreeze = fed.sign(new Order.Freeze(fed.header(), a, false));
    byte[] official = new byte[Order.KEY_BYTES];
    komatsu.refused(
        Reason.BAD_SIGNATURE, fed.now(), new Action.Submit(unfreeze, official, fed.now(), null));
  }

  // ---- close

  @Test
  void onlyAnEmptyAccountCloses() {
    fed.refused(Reason.ACCOUNT_NOT_EMPTY, new Order.Close(fed.header(), a));
    TransferId all = fed.send(a, b, "100.00");
    fed.refused(Reason.ACCOUNT_NOT_EMPTY, new Order.Close(fed.header(), a));
    fed.receive(b, all);
    fed.settle(KANAZAWA, all);
    fed.accepted(new Order.Close(fed.header(), a));
    fed.refused(Reason.ACCOUNT_CLOSED, new Order.Close(fed.header(), a));
    fed.refused(Reason.ACCOUNT_CLOSED, new Order.RecoverKey(fed.header(), a, key("new")));
    fed.refused(Reason.ACCOUNT_CLOSED, new Order.Freeze(fed.header(), a, true));
    fed.refused(Reason.ACCOUNT_CLOSED, new Order.Issue(fed.header(), a, Money.of("1.00")));
    fed.refused(Reason.ACCOUNT_EXISTS, new Order.Open(fed.header(), a, key("new")));
  }

  @Test
  void whatIsSentToAClosedAccountIsDeclinedByItsChain() {
    TransferId transfer = fed.send(a, b, "1.00");
    Action.Citation cites = fed.cite(KANAZAWA, KOMATSU, transfer.index());
    Action decline = new Action.Conclude(transfer, OutcomeKind.REJECTED, cites);
    kanazawa.refused(Reason.MALFORMED, fed.now(), decline);
    fed.accepted(new Order.Close(fed.header(), b));
    kanazawa.accepted(fed.now(), decline);
    fed.settle(KANAZAWA, transfer);
    assertEquals(Money.of("100.00"), account().balance());
  }

  // ---- standing orders

  private Action received(TransferId transfer) {
    return new Action.Conclude(
        transfer, OutcomeKind.RECEIVED, fed.cite(KANAZAWA, KOMATSU, transfer.index()));
  }

  @Test
  void aStandingOrderReceivesUpToItsLimit() {
    fed.accepted(new Order.AutoReceive(fed.header(), b, Money.of("10.00")));
    TransferId within = fed.send(a, b, "10.00");
    TransferId beyond = fed.send(a, b, "10.01");
    kanazawa.accepted(fed.now(), received(within));
    kanazawa.refused(Reason.NO_STANDING_ORDER, fed.now(), received(beyond));
    kanazawa.refused(Reason.ALREADY_DECIDED, fed.now(), received(within));
    assertEquals(Money.of("10.00"), kanazawa.account(b).balance());
    fed.settle(KANAZAWA, within);
    fed.checkConservation();
    fed.receive(b, beyond);
    fed.checkConservation();
  }

  @Test
  void aStandingOrderEndsWithALimitOfZero() {
    fed.accepted(new Order.AutoReceive(fed.header(), b, Money.of("10.00")));
    fed.accepted(new Order.AutoReceive(fed.header(), b, Money.ZERO));
    TransferId transfer = fed.send(a, b, "1.00");
    kanazawa.refused(Reason.NO_STANDING_ORDER, fed.now(), received(transfer));
    fed.refused(Reason.AMOUNT_INVALID, new Order.AutoReceive(fed.header(), b, Money.ofMinor(-1)));
  }

  @Test
  void aStandingOrderKeepsTimeAndAccount() {
    fed.accepted(new Order.AutoReceive(fed.header(), b, Money.of("10.00")));
    TransferId late = fed.send(a, b, "1.00");
    fed.advance(2 * TestFederation.HOUR);
    kanazawa.refused(Reason.EXPIRED, fed.now(), received(late));
    TransferId stranger = fed.send(a, AccountId.of("Asia-Kanazawa/nobody"), "1.00");
    kanazawa.refused(Reason.UNKNOWN_ACCOUNT, fed.now(), received(stranger));
    TransferId closed = fed.send(a, b, "1.00");
    fed.accepted(new Order.Close(fed.header(), b));
    kanazawa.refused(Reason.ACCOUNT_CLOSED, fed.now(), received(closed));
    assertFalse(komatsu.hold(closed.index()).cancelAsked());
  }
}
