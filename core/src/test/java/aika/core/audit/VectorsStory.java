package aika.core.audit;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;

import aika.core.follow.FollowedFederation;
import aika.core.ledger.Action;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.List;

/** What happens in the vectors' federation: every kind of leaf, and every way a transfer ends. */
final class VectorsStory {
  private final TestFederation fed;
  private final FollowedFederation followed;
  private final List<TransferId> fromParis = new ArrayList<>();

  VectorsStory(TestFederation fed) {
    this.fed = fed;
    followed = new FollowedFederation(fed);
  }

  void tell() {
    AccountId a = fed.open(KOMATSU, "k3v9q2mw", "1000.00");
    AccountId b = fed.open(KANAZAWA, "p8d1x7aa");
    AccountId shop = fed.open(KOMATSU, "s0h0p0aa");
    for (int i = 1; i <= 5; i++) {
      stand(fed.open(KOMATSU, "cand" + i));
    }
    TransferId received = fed.send(a, b, "200.00");
    final TransferId rejected = fed.send(a, b, "30.00");
    final TransferId cancelled = fed.send(a, b, "20.00");
    final TransferId expired = fed.send(a, b, "10.00");
    step();
    long cancel = fed.cancel(a, cancelled).index();
    fed.accepted(new Order.AutoReceive(fed.header(), shop, Money.of("50.00")));
    List<Order.Payment> wages = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      wages.add(new Order.Payment(AccountId.of("Asia-Komatsu/cand" + i), Money.of(i + ".00")));
    }
    long first = fed.accepted(new Order.SendBatch(fed.header(), a, wages, until())).index();
    step();
    for (int i = 0; i < 5; i++) {
      TransferId wage = new TransferId(KOMATSU, first + i);
      fed.receive(wages.get(i).to(), wage);
      fed.settle(KOMATSU, wage);
    }
    followed.record(KANAZAWA, KOMATSU);
    step();
    fed.receive(b, received);
    fed.reject(b, rejected);
    fed.chain(KANAZAWA).accepted(fed.now(), fed.cancellation(KANAZAWA, cancelled, cancel));
    TransferId bought = fed.send(b, shop, "12.50");
    fed.advance(TestFederation.HOUR);
    fed.expire(KANAZAWA, expired);
    followed.record(KOMATSU, KANAZAWA);
    for (TransferId transfer : List.of(received, rejected, cancelled, expired)) {
      fed.settle(KANAZAWA, transfer);
    }
    step();
    bought = again(b, shop, bought);
    Action.Citation cites = fed.cite(KOMATSU, KANAZAWA, bought.index());
    fed.chain(KOMATSU)
        .accepted(fed.now(), new Action.Conclude(bought, OutcomeKind.RECEIVED, cites));
    fed.accepted(new Order.Redeem(fed.header(), a, Money.of("100.00")));
    fed.accepted(new Order.RotateKey(fed.header(), a, fed.signer("a new key").publicKey()));
    fed.rekey(a, "a new key");
    step();
    fed.chain(KOMATSU).seal(fed.now());
    followed.record(KANAZAWA, KOMATSU);
    fed.settle(KOMATSU, bought);
    fed.accepted(new Order.Clear(fed.header(), KANAZAWA, KOMATSU, Money.of("100.00"), false));
    fed.accepted(new Order.Clear(fed.header(), KOMATSU, KANAZAWA, Money.of("100.00"), true));
    step();
    // the fourth block ends the term: those who stood sit from here on
    while (fed.chain(KOMATSU).head().term() == 1) {
      fed.send(a, b, "1.00");
      step();
      fed.chain(KOMATSU).seal(fed.now());
    }
    TransferId last = fed.send(a, b, "3.00");
    followed.record(KANAZAWA, KOMATSU);
    fed.receive(b, last);
    followed.record(ASIA, KOMATSU);
    AccountId claire = twoHistories(b);
    accounts(b, claire);
    parisCloses(b, claire);
    fed.checkConservation();
  }

  private void step() {
    fed.advance(1_000);
  }

  private long until() {
    return (fed.now() + TestFederation.HOUR) / 1_000 * 1_000;
  }

  private void stand(AccountId account) {
    Order.Header header = fed.header();
    Signer seat = fed.seatSigner(TestFederation.ID + "/" + account);
    byte[] possession = seat.sign(Order.Stand.possessionMessage(header, account));
    fed.accepted(new Order.Stand(header, account, seat.publicKey(), possession));
  }

  /** Paris's seats approve two; Kanazawa writes it down; Paris's recovery quorum seats others. */
  private AccountId twoHistories(AccountId b) {
    AccountId claire = fed.open(PARIS, "c1a1re00", "300.00");
    receivedInKanazawa(b, fed.send(claire, b, "7.00"));
    step();
    Checkpoint one = fed.checkpoint(PARIS);
    Checkpoint other = new Checkpoint(one.origin(), one.size(), Hash.of(TestKeys.seed("another")));
    ConflictProof proof = ConflictProof.of(approved(one), approved(other));
    fed.chain(KANAZAWA).accepted(fed.now(), new Action.Convict(PARIS, 1, proof));
    step();
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      String name = TestFederation.official(PARIS.value(), "rescue" + i);
      seats.add(TestKeys.cosigner(name, fed.seatSigner(name)));
    }
    Recovery.Seat decided =
        new Recovery.Seat(TestFederation.ID, PARIS, 1, seats, "the seats approved two histories");
    fed.chain(PARIS).accepted(fed.now(), new Action.Recover(fed.sign(decided)));
    step();
    receivedInKanazawa(b, fed.send(claire, b, "8.00"));
    return claire;
  }

  private void receivedInKanazawa(AccountId b, TransferId transfer) {
    followed.record(KANAZAWA, PARIS);
    fed.receive(b, transfer);
    fromParis.add(transfer);
  }

  /** One is frozen for a while, one has a new key, one keeps its key, one is closed. */
  private void accounts(AccountId b, AccountId claire) {
    final AccountId frozen = fed.open(PARIS, "fr0zen00", "9.00");
    final AccountId gone = fed.open(PARIS, "g0ne0000");
    final AccountId vetoed = fed.open(PARIS, "vet0ed00");
    final AccountId lost = fed.open(PARIS, "10stkey0", "25.00");
    fed.accepted(new Order.Freeze(fed.header(), frozen, true));
    announce(vetoed, "somebody else's key");
    announce(lost, "the new key of who lost it");
    final long due = fed.now() + Row.Account.RECOVERY_MILLIS;
    step();
    fed.accepted(new Order.VetoRecovery(fed.header(), vetoed));
    fed.accepted(new Order.Close(fed.header(), gone));
    TransferId declined = fed.send(claire, gone, "1.00");
    fed.accepted(new Order.Freeze(fed.header(), frozen, false));
    TransferId unfrozen = fed.send(frozen, b, "4.00");
    step();
    decline(PARIS, declined);
    fed.settle(PARIS, declined);
    receivedInKanazawa(b, unfrozen);
    fed.at(due); // from this very millisecond on the new key counts
    fed.rekey(lost, "the new key of who lost it");
    receivedInKanazawa(b, fed.send(lost, b, "5.00"));
    fed.accepted(new Order.RotateKey(fed.header(), vetoed, fed.signer("one more key").publicKey()));
    fed.rekey(vetoed, "one more key");
  }

  private void announce(AccountId account, String word) {
    fed.accepted(new Order.RecoverKey(fed.header(), account, fed.signer(word).publicKey()));
  }

  /** By its chain, as the account or the chain itself is closed. */
  private void decline(ChainId at, TransferId transfer) {
    Action.Citation cites = fed.cite(at, transfer.origin(), transfer.index());
    fed.chain(at).accepted(fed.now(), new Action.Conclude(transfer, OutcomeKind.REJECTED, cites));
  }

  /** Paris's recovery quorum closes it; what waits is declined, and all money leaves. */
  private void parisCloses(AccountId b, AccountId claire) {
    fed.accepted(new Order.AutoReceive(fed.header(), claire, Money.of("10.00")));
    TransferId late = fed.send(b, claire, "6.00");
    Recovery.Close decided =
        new Recovery.Close(
            TestFederation.ID,
            PARIS,
            fed.chain(PARIS).head().term(),
            KANAZAWA,
            "Paris is part of Kanazawa from now on");
    fed.chain(PARIS).accepted(fed.now(), new Action.Recover(fed.sign(decided)));
    step();
    followed.record(PARIS, KANAZAWA);
    decline(PARIS, late);
    receivedInKanazawa(b, fed.send(claire, b, "100.00"));
    fed.settle(PARIS, late);
    step();
    followed.record(PARIS, KANAZAWA);
    fromParis.forEach(transfer -> fed.settle(KANAZAWA, transfer));
    for (String local : List.of("c1a1re00", "fr0zen00", "10stkey0")) {
      AccountId account = new AccountId(PARIS, local);
      Money rest = fed.chain(PARIS).account(account).balance();
      fed.accepted(new Order.Redeem(fed.header(), account, rest));
    }
    Money owed = fed.chain(PARIS).clearing(KANAZAWA);
    fed.accepted(new Order.Clear(fed.header(), PARIS, KANAZAWA, owed, true));
    fed.accepted(new Order.Clear(fed.header(), KANAZAWA, PARIS, owed, false));
    fed.accepted(new Order.Close(fed.header(), claire));
    fed.accepted(new Order.Freeze(fed.header(), new AccountId(PARIS, "fr0zen00"), true));
    announce(new AccountId(PARIS, "vet0ed00"), "a key that is not due");
  }

  /** By all seats of Paris's first term. */
  private SignedCheckpoint approved(Checkpoint checkpoint) {
    String origin = checkpoint.origin();
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, fed.signer(origin));
    for (int i = 1; i <= 5; i++) {
      String name = origin + "/seat" + i;
      signed =
          signed.withSignature(
              Cosignature.sign(checkpoint, name, fed.now() / 1_000, fed.seatSigner(name)));
    }
    return signed;
  }

  /** The first one has expired by then: it stays open. */
  private TransferId again(AccountId from, AccountId to, TransferId first) {
    TransferId second = fed.send(from, to, "12.50");
    followed.record(to.chain(), first.origin());
    return second;
  }
}
