package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Komatsu's seats sign two histories. Kanazawa acts on the one that Komatsu's recovery quorum then
 * gives up.
 */
final class PartedHistories {
  /** Whoever stands does so with a key of ML-DSA-44. */
  private static final FederationAudit.Schemes REAL =
      new FederationAudit.Schemes(new Ed25519(64), new Ed25519(64), new MlDsa44());

  final TestFederation fed;

  /** The same until {@link #part}; then its Komatsu is the one that is given up. */
  final TestFederation branch;

  final TestChain kanazawa;

  PartedHistories(Policy policy) {
    fed = federation(policy);
    branch = federation(policy);
    kanazawa = fed.chain(KANAZAWA);
  }

  private static TestFederation federation(Policy policy) {
    return new TestFederation(TestFederation.Signing.REAL, TestFederation.Between.CARRIED, policy);
  }

  AccountId open(ChainId chain, String local, String amount) {
    AccountId _ = branch.open(chain, local, amount);
    return fed.open(chain, local, amount);
  }

  /** What follows is of one of the two. */
  void part() {
    fed.chain(KOMATSU).seal(fed.now());
    branch.chain(KOMATSU).seal(branch.now());
    assertEquals(fed.chain(KOMATSU).root(), branch.chain(KOMATSU).root());
  }

  /** The account stands for a seat, with the key that is made of its name, by one order. */
  VerifierKey stand(AccountId account, TestFederation... histories) {
    String name = TestFederation.ID + '/' + account;
    Signer seat = fed.seatSigner(name);
    Order.Header header = fed.header();
    byte[] possession = seat.sign(Order.Stand.possessionMessage(header, account));
    for (TestFederation in : histories) {
      in.accepted(new Order.Stand(header, account, seat.publicKey(), possession));
    }
    return TestKeys.cosigner(name, seat);
  }

  // ---- what Kanazawa does

  /** Kanazawa records what it is shown, and who was elected there; the leaf of the last record. */
  long show() {
    branch.chain(KOMATSU).seal(branch.now());
    return record(branch);
  }

  /** Records this Komatsu up to its last seal, the last checkpoint of each term on the way. */
  long record(TestFederation of) {
    TestChain komatsu = of.chain(KOMATSU);
    for (Entry entry : komatsu.entries()) {
      if (entry.leaf() instanceof Leaf.Elected elected && elected.term() == sitting() + 1) {
        long size = entry.index() + 2;
        record(komatsu, size, sitting(), handover(komatsu, entry.index(), size));
      }
    }
    if (komatsu.head().size() > recorded()) {
      return record(komatsu, komatsu.head().size(), sitting(), null);
    }
    return kanazawa.last().index();
  }

  /** Records what is sealed there, and does not look at who was elected. */
  long recordOnly(TestFederation of) {
    TestChain komatsu = of.chain(KOMATSU);
    komatsu.seal(fed.now());
    return record(komatsu, komatsu.head().size(), sitting(), null);
  }

  /** Records what is sealed there, of the elected whom the last record elected. */
  long recordElected(TestFederation of) {
    return recordNext(of, handover(of.chain(KOMATSU), recorded() - 2, recorded()));
  }

  /** Records what is sealed there, of those whom the recovery quorum seated with this leaf. */
  long recordRecovered(TestFederation of, long recovered) {
    TestChain komatsu = of.chain(KOMATSU);
    komatsu.seal(fed.now());
    return recordNext(of, handover(komatsu, recovered, komatsu.head().size()));
  }

  private long recordNext(TestFederation of, Action.Handover handover) {
    TestChain komatsu = of.chain(KOMATSU);
    komatsu.seal(fed.now());
    return record(komatsu, komatsu.head().size(), sitting() + 1, handover);
  }

  private static Action.Handover handover(TestChain komatsu, long elected, long size) {
    return new Action.Handover(elected, komatsu.proof(elected, size));
  }

  private long record(TestChain komatsu, long size, long term, Action.@Nullable Handover handover) {
    List<Hash> consistency =
        recorded() == 0 ? List.of() : Proofs.consistency(recorded(), size, komatsu.tree());
    return kanazawa
        .accepted(
            fed.now(),
            new Action.RecordCheckpoint(
                KOMATSU, term, checkpoint(komatsu, size), consistency, handover))
        .index();
  }

  private Checkpoint checkpoint(TestChain komatsu, long size) {
    return new Checkpoint(fed.directory().origin(KOMATSU), size, komatsu.tree().root(size));
  }

  private long sitting() {
    Row.Sitting row = kanazawa.state().get(new Key.OfSitting(KOMATSU));
    return Row.Sitting.of(row, fed.directory().entry(KOMATSU)).seats().term();
  }

  private long recorded() {
    Row.Latest latest = kanazawa.state().get(new Key.OfLatest(KOMATSU));
    return latest == null ? 0 : latest.size();
  }

  private Action.Citation cite(long index) {
    return branch.cite(KOMATSU, index, recorded());
  }

  /** The account receives what was sent to it on the history that is given up. */
  long receive(AccountId account, TransferId transfer) {
    Order.Decide order = fed.receiveOrder(account, transfer);
    return kanazawa.accepted(fed.now(), fed.submission(order, cite(transfer.index()))).index();
  }

  long conclude(TransferId transfer, OutcomeKind kind, long cited) {
    return kanazawa.accepted(fed.now(), new Action.Conclude(transfer, kind, cite(cited))).index();
  }

  // ---- how it ends

  /** Kanazawa writes down that these seats of this term approved both, and the log did, or not. */
  long convict(long term, List<VerifierKey> seats, boolean byLog) {
    AccountId _ = fed.open(KOMATSU, "0therhi" + fed.chain(KOMATSU).head().size());
    fed.chain(KOMATSU).seal(fed.now());
    SignedCheckpoint mine = signed(fed, seats, byLog);
    SignedCheckpoint theirs = signed(branch, seats, byLog);
    ConflictProof proof =
        mine.checkpoint().size() <= theirs.checkpoint().size()
            ? ConflictProof.of(mine, theirs, branch.chain(KOMATSU).tree())
            : ConflictProof.of(theirs, mine, fed.chain(KOMATSU).tree());
    return kanazawa.accepted(fed.now(), new Action.Convict(KOMATSU, term, proof)).index();
  }

  /** By those who sit in the federation file. */
  long convict() {
    return convict(1, fed.directory().entry(KOMATSU).seats().keys(), true);
  }

  private SignedCheckpoint signed(TestFederation of, List<VerifierKey> seats, boolean byLog) {
    TestChain komatsu = of.chain(KOMATSU);
    Checkpoint checkpoint = checkpoint(komatsu, komatsu.head().size());
    String log = byLog ? checkpoint.origin() : "somebody else";
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, fed.signer(log));
    for (VerifierKey seat : seats) {
      signed =
          signed.withSignature(
              Cosignature.sign(
                  checkpoint, seat.name(), fed.now() / 1_000, fed.seatSigner(seat.name())));
    }
    return signed;
  }

  /** Komatsu's recovery quorum chooses the history of {@code fed}; Kanazawa records it. */
  void recover() {
    TestChain komatsu = fed.chain(KOMATSU);
    long term = komatsu.head().term();
    komatsu.accepted(fed.now(), new Action.Recover(fed.sign(seat(term))));
    long size = komatsu.head().size();
    Action.Handover handover = new Action.Handover(size - 2, komatsu.proof(size - 2, size));
    kanazawa.accepted(
        fed.now(),
        new Action.RecordCheckpoint(
            KOMATSU, term + 1, fed.checkpoint(KOMATSU), List.of(), handover));
  }

  /** What the recovery quorum may decide in a term. */
  Recovery.Seat seat(long term) {
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = fed.directory().origin(KOMATSU) + "/rescue" + i;
      seats.add(TestKeys.cosigner(name, fed.seatSigner(name)));
    }
    return new Recovery.Seat(TestFederation.ID, KOMATSU, term, seats, "two histories");
  }

  // ---- what the auditor says

  Map<ChainId, PublishedFiles> published() {
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    Map<ChainId, PublishedFiles> published = new HashMap<>();
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
    return published;
  }

  /** The same, from somebody who still has what was given up. */
  Map<ChainId, PublishedFiles> publishedWithBranch() {
    return publishedWith(PublishedFiles.of(branch, branch.chain(KOMATSU)));
  }

  Map<ChainId, PublishedFiles> publishedWith(PublishedFiles kept) {
    Map<ChainId, PublishedFiles> published = published();
    Map<String, byte[]> komatsu = Objects.requireNonNull(published.get(KOMATSU)).files;
    TestChain given = branch.chain(KOMATSU);
    String name = GivenUpFiles.name(checkpoint(given, given.head().size()));
    kept.files.forEach((path, file) -> komatsu.put(GivenUpFiles.path(name, path), file));
    komatsu.put(GivenUpFiles.LIST, GivenUpFiles.list(List.of(name)));
    return published;
  }

  AuditReport audit(Map<ChainId, PublishedFiles> published) throws InterruptedException {
    return new FederationAudit(
            fed.directory(),
            REAL,
            chain -> Objects.requireNonNull(published.get(chain)),
            (chain, leaves) -> new MemoryBook())
        .run(runs -> runs.forEach(Runnable::run), more -> {});
  }

  static List<String> lines(List<Finding> findings) {
    return findings.stream().map(one -> one.kind() + " " + one.place()).toList();
  }

  static String at(Finding.Kind kind, long leaf) {
    return kind + " leaf " + leaf;
  }
}
