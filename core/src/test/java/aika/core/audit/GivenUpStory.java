package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;

import aika.core.follow.FollowedFederation;
import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * [AUD-16] Komatsu's seats sign two histories; Kanazawa acts on the one that Komatsu's recovery
 * quorum then gives up, and goes on with the other. Somebody has kept the first.
 */
final class GivenUpStory {
  private static final String EXPOSED = "23.00"; // 30.00 from nowhere; 7.00 are gone

  private final TestFederation fed;

  /** The same until the histories part; then its Komatsu is the one that is given up. */
  private final TestFederation branch;

  private final List<String> notes = new ArrayList<>();

  /**
   * @param make makes the federation, twice the same
   */
  GivenUpStory(Supplier<TestFederation> make) {
    fed = make.get();
    branch = make.get();
    tell();
    fed.chains().forEach(chain -> chain.seal(fed.now()));
  }

  TestFederation federation() {
    return fed;
  }

  /** What an audit notes, and what is exposed then. */
  String expected() {
    return String.join("\n", notes) + "\nexposed " + EXPOSED + "\n";
  }

  /** What the two publish, Komatsu with the history that was kept. */
  Map<ChainId, PublishedFiles> published() {
    Map<ChainId, PublishedFiles> published = new TreeMap<>();
    PublishedFiles komatsu = PublishedFiles.of(fed, fed.chain(KOMATSU));
    String name = GivenUpFiles.name(branch.checkpoint(KOMATSU));
    PublishedFiles.of(branch, branch.chain(KOMATSU))
        .files
        .forEach((path, file) -> komatsu.files.put(GivenUpFiles.path(name, path), file));
    komatsu.files.put(GivenUpFiles.LIST, GivenUpFiles.list(List.of(name)));
    published.put(KOMATSU, komatsu);
    published.put(KANAZAWA, PublishedFiles.of(fed, fed.chain(KANAZAWA)));
    return published;
  }

  private void tell() {
    AccountId a = new AccountId(KOMATSU, "k3v9q2mw");
    AccountId b = new AccountId(KANAZAWA, "p8d1x7aa");
    for (TestFederation each : List.of(fed, branch)) {
      AccountId _ = each.open(KOMATSU, a.local(), "100.00");
      AccountId _ = each.open(KANAZAWA, b.local(), "50.00");
      TransferId _ = each.send(a, b, "5.00");
      each.chain(KOMATSU).seal(each.now());
    }
    final TransferId common = new TransferId(KOMATSU, fed.chain(KOMATSU).head().size() - 2);
    final TransferId forged = branch.send(a, b, "30.00");
    final TransferId declined = branch.send(a, b, "2.00");
    final TransferId back = fed.send(b, a, "7.00");
    recordsBranch();
    decide(b, common, true); // it is in both: nothing is owed
    noteUnproven(decide(b, forged, true));
    noteUnproven(decide(b, declined, false));
    long received = receivedInBranch(a, back);
    recordsBranch();
    Action.Citation cites = cite(received);
    Action.Item item = new Action.Item(back.index(), received, cites.proof());
    Action.Settle settle = new Action.Settle(KOMATSU, cites.recorded(), List.of(item));
    noteUnproven(fed.chain(KANAZAWA).accepted(fed.now(), settle).index());
    conflict();
    recovery();
    FollowedFederation followed = new FollowedFederation(fed);
    followed.record(KOMATSU, KANAZAWA);
    fed.settle(KANAZAWA, common);
    fed.accepted(new Order.Redeem(fed.header(), b, Money.of("40.00")));
  }

  private void note(Finding.Kind kind, long leaf) {
    notes.add("note " + kind + " " + KANAZAWA + " leaf " + leaf);
  }

  private void noteUnproven(long leaf) {
    note(Finding.Kind.UNPROVEN, leaf);
  }

  private void recordsBranch() {
    TestChain kanazawa = fed.chain(KANAZAWA);
    TestChain komatsu = branch.chain(KOMATSU);
    komatsu.seal(branch.now());
    Row.Latest latest = kanazawa.state().get(new Key.OfLatest(KOMATSU));
    Action.RecordCheckpoint record =
        new Action.RecordCheckpoint(
            KOMATSU,
            1,
            branch.checkpoint(KOMATSU),
            latest == null
                ? List.of()
                : Proofs.consistency(latest.size(), komatsu.head().size(), komatsu.tree()));
    note(Finding.Kind.GIVEN_UP, kanazawa.accepted(fed.now(), record).index());
  }

  private Action.Citation cite(long index) {
    return branch.cite(KOMATSU, index, branch.chain(KOMATSU).head().size());
  }

  private long decide(AccountId by, TransferId transfer, boolean receive) {
    Order.Decide order = new Order.Decide(fed.header(), by, transfer, receive);
    Action.Submit submission = fed.submission(order, cite(transfer.index()));
    return fed.chain(KANAZAWA).accepted(fed.now(), submission).index();
  }

  private long receivedInBranch(AccountId by, TransferId transfer) {
    fed.chain(KANAZAWA).seal(fed.now());
    TestChain komatsu = branch.chain(KOMATSU);
    komatsu.accepted(
        branch.now(),
        new Action.RecordCheckpoint(KANAZAWA, 1, fed.checkpoint(KANAZAWA), List.of()));
    Action.Citation cites = fed.cite(KANAZAWA, transfer.index(), fed.chain(KANAZAWA).head().size());
    Action.Submit submission = branch.submission(branch.receiveOrder(by, transfer), cites);
    return komatsu.accepted(branch.now(), submission).index();
  }

  private SignedCheckpoint approved(TestFederation of) {
    Checkpoint checkpoint = of.checkpoint(KOMATSU);
    SignedCheckpoint signed =
        SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, fed.signer(checkpoint.origin()));
    for (VerifierKey seat : fed.directory().entry(KOMATSU).seats().keys()) {
      signed =
          signed.withSignature(
              Cosignature.sign(
                  checkpoint, seat.name(), fed.now() / 1_000, fed.seatSigner(seat.name())));
    }
    return signed;
  }

  private void conflict() {
    AccountId _ = fed.open(KOMATSU, "0therhi5");
    fed.chain(KOMATSU).seal(fed.now());
    ConflictProof proof =
        ConflictProof.of(approved(fed), approved(branch), branch.chain(KOMATSU).tree());
    fed.chain(KANAZAWA).accepted(fed.now(), new Action.Convict(KOMATSU, 1, proof));
  }

  private void recovery() {
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      String name = TestFederation.official(KOMATSU.value(), "rescue" + i);
      seats.add(TestKeys.cosigner(name, fed.seatSigner(name)));
    }
    TestChain komatsu = fed.chain(KOMATSU);
    Recovery.Seat decided =
        new Recovery.Seat(TestFederation.ID, KOMATSU, 1, seats, "they signed two histories");
    komatsu.accepted(fed.now(), new Action.Recover(fed.sign(decided)));
    long size = komatsu.head().size();
    Action.Handover handover = new Action.Handover(size - 2, komatsu.proof(size - 2, size));
    fed.chain(KANAZAWA)
        .accepted(
            fed.now(),
            new Action.RecordCheckpoint(KOMATSU, 2, fed.checkpoint(KOMATSU), List.of(), handover));
  }
}
