package aika.core.approval;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedRecovery;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A replica of a chain with batches, and with representatives who change. */
final class ReplicaTermsTest {
  /** A term of one block each, so every block hands over. */
  private final TestFederation fed =
      TestFederation.with(Policy.standard().with(new Policy.Term(4, 1, 0)));

  private final TestChain komatsu = fed.chain(KOMATSU);
  private final AccountId a = fed.open(KOMATSU, "aaaa", "100.00");
  private final Replica replica = replica(KOMATSU);

  /** What the logs show as approved. */
  private BiPredicate<Checkpoint, Seats> approvals = (checkpoint, seats) -> true;

  private Replica replica(ChainId chain) {
    Origins logs =
        new Origins() {
          @Override
          public Action.Proof proof(Row.Recorded tree, long index) {
            return fed.chain(tree.origin()).proof(index, tree.size());
          }

          @Override
          public List<Hash> consistency(long oldSize, Row.Recorded tree) {
            return Proofs.consistency(oldSize, tree.size(), fed.chain(tree.origin()).tree());
          }

          @Override
          public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
            return approvals.test(checkpoint, seats);
          }
        };
    return new Replica(chain, fed.directory(), TestKeys.CHEAP, logs);
  }

  private void execute(long end) {
    for (Entry entry : komatsu.entries().subList((int) replica.size(), (int) end)) {
      replica.execute(entry.bytes());
    }
  }

  private void sealedBy(Seats seats) {
    long size = komatsu.head().size();
    execute(size);
    assertEquals(
        seats, Objects.requireNonNull(replica.sealed(KOMATSU, size), "not sealed").seats());
  }

  private static Recovery.Seat seat(long term) {
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = "aika.example/Asia-Komatsu/rescue" + i;
      seats.add(TestKeys.cosigner(name, TestKeys.cheap(name)));
    }
    return new Recovery.Seat(TestFederation.ID, KOMATSU, term, seats, "lost seats");
  }

  @Test
  void knowsWhoSatAtEachSeal() {
    komatsu.seal(fed.now());
    sealedBy(fed.directory().entry(KOMATSU).seats());
    fed.open(KOMATSU, "bbbb");
    komatsu.seal(fed.now());
    Row.Term second = komatsu.state().get(new Key.OfTerm(2));
    sealedBy(Objects.requireNonNull(second).seats());
    komatsu.accepted(fed.now(), new Action.Recover(fed.sign(seat(3))));
    sealedBy(seat(3).set());
  }

  private long sealed() {
    komatsu.seal(fed.now());
    long size = komatsu.head().size();
    execute(size);
    return size;
  }

  private long handoverOf(long size) {
    return Objects.requireNonNull(replica.sealed(KOMATSU, size), "not sealed").handover();
  }

  @Test
  void asksWhetherThoseBeforeHaveHandedOver() {
    long first = sealed();
    fed.open(KOMATSU, "bbbb");
    long second = sealed();
    assertEquals(0, handoverOf(first));
    assertEquals(first, handoverOf(second));
    Checkpoint block =
        new Checkpoint(fed.directory().origin(KOMATSU), first, komatsu.tree().root(first));
    approvals =
        (checkpoint, seats) ->
            checkpoint.equals(block) && seats.equals(fed.directory().entry(KOMATSU).seats());
    assertTrue(replica.handedOver(KOMATSU, first));
    approvals = (checkpoint, seats) -> false;
    assertFalse(replica.handedOver(KOMATSU, first));
    approvals =
        (checkpoint, seats) -> {
          throw new OriginUnreachableException("not now", new IllegalStateException("down"));
        };
    assertFalse(replica.handedOver(KOMATSU, first));
    assertFalse(replica.handedOver(KOMATSU, first + 1));
    assertFalse(replica.handedOver(KANAZAWA, first));
  }

  /** Those whom the quorum seats approve their own first block before anything else. */
  @Test
  void asksWhetherTheBlockOfARecoveryIsApproved() {
    sealed();
    fed.open(KOMATSU, "bbbb");
    komatsu.accepted(fed.now(), new Action.Recover(fed.sign(seat(2))));
    long recovered = komatsu.head().size();
    execute(recovered);
    Recovery.Close close = new Recovery.Close(TestFederation.ID, KOMATSU, 3, KANAZAWA, "merged");
    komatsu.accepted(fed.now(), new Action.Recover(fed.sign(close))); // seats nobody
    long next = komatsu.head().size();
    execute(next);
    assertEquals(0, handoverOf(recovered));
    assertEquals(recovered, handoverOf(next));
    Hash root = komatsu.tree().root(recovered);
    approvals =
        (checkpoint, seats) -> checkpoint.root().equals(root) && seats.equals(seat(2).set());
    assertTrue(replica.handedOver(KOMATSU, recovered));
    replica.forget(next + 1);
    assertTrue(replica.handedOver(KOMATSU, recovered));
  }

  /** A cosigner whose disk is an old one is asked again for what it signed. */
  @Test
  void keepsTheSealWithWhichItsSeatsWereElected() {
    long first = sealed();
    fed.open(KOMATSU, "bbbb");
    long second = sealed();
    replica.forget(second + 1);
    assertNull(replica.sealed(KOMATSU, first));
    assertTrue(replica.handedOver(KOMATSU, second));
  }

  /** It has executed terms ahead of what it is asked to sign. */
  @Test
  void keepsTheSealWithWhichTheSeatsOfWhatItSignedWereElected() {
    long first = sealed();
    fed.open(KOMATSU, "bbbb");
    long second = sealed();
    fed.open(KOMATSU, "cccc");
    long third = sealed();
    replica.forget(second);
    assertEquals(first, handoverOf(second));
    assertTrue(replica.handedOver(KOMATSU, first));
    assertTrue(replica.handedOver(KOMATSU, third));
    replica.forget(third);
    assertFalse(replica.handedOver(KOMATSU, first));
    assertTrue(replica.handedOver(KOMATSU, second));
  }

  /** What one of the quorum signed alone, which needs two. */
  private void recoveredByOne() {
    String one = TestFederation.official(KOMATSU.value(), "recovery1");
    SignedNote note = SignedNote.sign(seat(1).text(), one, Ed25519.TYPE, fed.signer(one));
    komatsu.accepted(fed.now(), new Action.Recover(SignedRecovery.parse(note.encode())));
  }

  /** The other chain's last leaf, which no replica of it takes. */
  private void diverges(TestChain chain) {
    Replica other = replica(chain.id());
    int last = chain.entries().size() - 1;
    chain.entries().subList(0, last).forEach(entry -> other.execute(entry.bytes()));
    assertThrows(DivergedException.class, () -> other.execute(chain.last().bytes()));
  }

  @Test
  void believesTheRecoveryQuorumOnly() {
    long before = komatsu.head().size();
    recoveredByOne();
    execute(before);
    byte[] recovered = komatsu.entries().get((int) before).bytes();
    assertThrows(DivergedException.class, () -> replica.execute(recovered));
  }

  @Test
  void believesTheRecoveryQuorumOfAnotherChainOnly() {
    recoveredByOne();
    long size = komatsu.head().size();
    Action.Handover handover = new Action.Handover(size - 2, komatsu.proof(size - 2, size));
    Checkpoint checkpoint = fed.checkpoint(KOMATSU);
    TestChain kanazawa = fed.chain(KANAZAWA);
    kanazawa.accepted(
        fed.now(), new Action.RecordCheckpoint(KOMATSU, 2, checkpoint, List.of(), handover));
    diverges(kanazawa);
  }

  @Test
  void convictsOnlyOfWhatWasApproved() {
    String origin = fed.directory().origin(KOMATSU);
    List<SignedCheckpoint> byTheLog =
        Stream.of("one", "two")
            .map(root -> new Checkpoint(origin, 9, Hash.of(TestKeys.seed(root))))
            .map(both -> SignedCheckpoint.sign(both, Ed25519.TYPE, fed.signer(origin)))
            .toList();
    ConflictProof proof = ConflictProof.of(byTheLog.get(0), byTheLog.get(1));
    fed.chain(KANAZAWA).accepted(fed.now(), new Action.Convict(KOMATSU, 1, proof));
    diverges(fed.chain(KANAZAWA));
  }

  @Test
  void executesEachPaymentOfABatchInItsPlace() {
    AccountId b = AccountId.of(KANAZAWA + "/bbbb");
    List<Order.Payment> payments = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      payments.add(new Order.Payment(b, Money.of(i + ".00")));
    }
    long until = fed.now() + TestFederation.HOUR;
    long first = fed.accepted(new Order.SendBatch(fed.header(), a, payments, until)).index();
    execute(first + 1);
    byte[] third = komatsu.entries().get((int) first + 2).bytes();
    assertThrows(DivergedException.class, () -> replica.execute(third));
    execute(first + 3);
    assertEquals(komatsu.head(), replica.state().head());
  }
}
