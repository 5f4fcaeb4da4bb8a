package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Komatsu's seats sign two histories, and Kanazawa acts on the one that Komatsu's recovery quorum
 * then gives up: for tests of what follows from that.
 */
abstract class TwoHistories {
  static final FederationAudit.Schemes CHEAP =
      new FederationAudit.Schemes(TestKeys.CHEAP, TestKeys.CHEAP, TestKeys.CHEAP);

  final TestFederation fed = TestFederation.standard();

  /** The same until the histories part; then its Komatsu is the one that is given up. */
  final TestFederation branch = TestFederation.standard();

  final TestChain kanazawa = fed.chain(KANAZAWA);
  final AccountId a = both("k3v9q2mw", KOMATSU, "100.00");
  final AccountId b = both("p8d1x7aa", KANAZAWA, "50.00");
  final TransferId common = sentInBoth();
  final Map<Long, Long> places = new HashMap<>();

  private AccountId both(String local, ChainId chain, String amount) {
    AccountId _ = branch.open(chain, local, amount);
    return fed.open(chain, local, amount);
  }

  private TransferId sentInBoth() {
    AccountId from = new AccountId(KOMATSU, "k3v9q2mw");
    AccountId to = new AccountId(KANAZAWA, "p8d1x7aa");
    TransferId _ = branch.send(from, to, "5.00");
    TransferId sent = fed.send(from, to, "5.00");
    branch.chain(KOMATSU).seal(branch.now());
    fed.chain(KOMATSU).seal(fed.now());
    assertEquals(fed.chain(KOMATSU).root(), branch.chain(KOMATSU).root());
    return sent;
  }

  final void showBranch() {
    TestChain komatsu = branch.chain(KOMATSU);
    komatsu.seal(branch.now());
    Row.Latest latest = kanazawa.state().get(new Key.OfLatest(KOMATSU));
    long size = komatsu.head().size();
    places.put(
        size,
        kanazawa
            .accepted(
                fed.now(),
                new Action.RecordCheckpoint(
                    KOMATSU,
                    1,
                    branch.checkpoint(KOMATSU),
                    latest == null
                        ? List.of()
                        : Proofs.consistency(latest.size(), size, komatsu.tree())))
            .index());
  }

  final Action.Citation cite(long index) {
    return branch.cite(KOMATSU, index, branch.chain(KOMATSU).head().size());
  }

  final long decide(TransferId transfer, boolean receive) {
    Order.Decide order = new Order.Decide(fed.header(), b, transfer, receive);
    return kanazawa.accepted(fed.now(), fed.submission(order, cite(transfer.index()))).index();
  }

  /** Komatsu, as it was shown to Kanazawa, receives what Kanazawa sent; Kanazawa settles that. */
  final long settledByBranch(TransferId sent) {
    return settledByBranch(sent, true);
  }

  final long settledByBranch(TransferId sent, boolean receive) {
    kanazawa.seal(fed.now());
    TestChain komatsu = branch.chain(KOMATSU);
    komatsu.accepted(
        branch.now(),
        new Action.RecordCheckpoint(KANAZAWA, 1, fed.checkpoint(KANAZAWA), List.of()));
    long size = kanazawa.head().size();
    Action.Citation cites = fed.cite(KANAZAWA, sent.index(), size);
    long decided =
        komatsu
            .accepted(
                branch.now(),
                branch.submission(new Order.Decide(branch.header(), a, sent, receive), cites))
            .index();
    showBranch();
    Action.Citation decision = cite(decided);
    Action.Item item = new Action.Item(sent.index(), decided, decision.proof());
    return kanazawa
        .accepted(fed.now(), new Action.Settle(KOMATSU, decision.recorded(), List.of(item)))
        .index();
  }

  final SignedCheckpoint approved(TestFederation of) {
    String origin = fed.directory().origin(KOMATSU);
    Checkpoint checkpoint = of.checkpoint(KOMATSU);
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, fed.signer(origin));
    for (VerifierKey seat : fed.directory().entry(KOMATSU).seats().keys()) {
      signed =
          signed.withSignature(
              Cosignature.sign(
                  checkpoint, seat.name(), fed.now() / 1_000, fed.seatSigner(seat.name())));
    }
    return signed;
  }

  /** Kanazawa writes the conflict down. */
  final long conflict() {
    AccountId _ = fed.open(KOMATSU, "0therhi5");
    fed.chain(KOMATSU).seal(fed.now());
    SignedCheckpoint mine = approved(fed);
    SignedCheckpoint theirs = approved(branch);
    ConflictProof proof =
        mine.checkpoint().size() <= theirs.checkpoint().size()
            ? ConflictProof.of(mine, theirs, branch.chain(KOMATSU).tree())
            : ConflictProof.of(theirs, mine, fed.chain(KOMATSU).tree());
    return kanazawa.accepted(fed.now(), new Action.Convict(KOMATSU, 1, proof)).index();
  }

  /** Komatsu's recovery quorum chooses the history of {@code fed}; Kanazawa records it. */
  final void recover() {
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = fed.directory().origin(KOMATSU) + "/rescue" + i;
      seats.add(TestKeys.cosigner(name, fed.seatSigner(name)));
    }
    Recovery.Seat seat = new Recovery.Seat(TestFederation.ID, KOMATSU, 1, seats, "two histories");
    TestChain komatsu = fed.chain(KOMATSU);
    komatsu.accepted(fed.now(), new Action.Recover(fed.sign(seat)));
    long size = komatsu.head().size();
    Action.Handover handover = new Action.Handover(size - 2, komatsu.proof(size - 2, size));
    kanazawa.accepted(
        fed.now(),
        new Action.RecordCheckpoint(KOMATSU, 2, fed.checkpoint(KOMATSU), List.of(), handover));
  }

  final void record(ChainId at, ChainId origin, long term) {
    TestChain other = fed.chain(origin);
    other.seal(fed.now());
    Row.Latest latest = fed.chain(at).state().get(new Key.OfLatest(origin));
    long size = other.head().size();
    fed.chain(at)
        .accepted(
            fed.now(),
            new Action.RecordCheckpoint(
                origin,
                term,
                fed.checkpoint(origin),
                latest == null
                    ? List.of()
                    : Proofs.consistency(latest.size(), size, other.tree())));
  }

  final Map<ChainId, PublishedFiles> published() {
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    Map<ChainId, PublishedFiles> published = new HashMap<>();
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
    return published;
  }

  /** As somebody who still has it publishes Komatsu. */
  final void keep(Map<ChainId, PublishedFiles> published) {
    Map<String, byte[]> komatsu = Objects.requireNonNull(published.get(KOMATSU)).files;
    PublishedFiles kept = PublishedFiles.of(branch, branch.chain(KOMATSU));
    String name = GivenUpFiles.name(approved(branch).checkpoint());
    kept.files.forEach((path, file) -> komatsu.put(GivenUpFiles.path(name, path), file));
    komatsu.put(GivenUpFiles.LIST, GivenUpFiles.list(List.of("0".repeat(64), "no name", name)));
  }

  /** Kanazawa after it received on what Komatsu gave up, and Komatsu as somebody keeps that. */
  final Map<ChainId, PublishedFiles> received() {
    TransferId forged = branch.send(a, b, "30.00");
    showBranch();
    decide(forged, true);
    conflict();
    recover();
    Map<ChainId, PublishedFiles> published = published();
    keep(published);
    return published;
  }

  static Map<String, byte[]> komatsu(Map<ChainId, PublishedFiles> published) {
    return Objects.requireNonNull(published.get(KOMATSU)).files;
  }
}
