package aika.core.follow;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Policy;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.note.Ed25519;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A relay leads a chain that was away through the terms of another; every block ends a term. */
final class HandOversTest {
  private final TestFederation fed =
      TestFederation.with(Policy.standard().with(new Policy.Term(5, 1, 0)));
  private final FollowedFederation followed = new FollowedFederation(fed);

  private void term() {
    fed.open(KOMATSU, "acct" + fed.chain(KOMATSU).head().size());
    followed.approve(KOMATSU);
  }

  private long believed() {
    Row.Sitting sitting = fed.chain(KANAZAWA).state().get(new Key.OfSitting(KOMATSU));
    assertNotNull(sitting);
    assertFalse(sitting.conflict());
    return sitting.seats().term();
  }

  private Checkpoint checkpoint(Hash root) {
    long size = fed.chain(KOMATSU).head().size();
    return new Checkpoint(fed.directory().origin(KOMATSU), size, root);
  }

  private void convict() {
    String origin = fed.directory().origin(KOMATSU);
    SignedCheckpoint one =
        SignedCheckpoint.sign(
            checkpoint(fed.chain(KOMATSU).root()), Ed25519.TYPE, fed.signer(origin));
    SignedCheckpoint other =
        SignedCheckpoint.sign(
            checkpoint(Hash.of(TestKeys.seed("other"))), Ed25519.TYPE, fed.signer(origin));
    fed.chain(KANAZAWA)
        .accepted(fed.now(), new Action.Convict(KOMATSU, 1, ConflictProof.of(one, other)));
  }

  private void recover() {
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = "aika.example/Asia-Komatsu/rescue" + i;
      seats.add(TestKeys.cosigner(name, TestKeys.cheap(name)));
    }
    long term = fed.chain(KOMATSU).head().term();
    Recovery.Seat seat = new Recovery.Seat("aika.example", KOMATSU, term, seats, "two histories");
    fed.chain(KOMATSU).accepted(fed.now(), new Action.Recover(fed.sign(seat)));
  }

  @Test
  void leadsThroughAllTermsThatWereMissed() {
    for (int i = 0; i < 5; i++) {
      term();
    }
    followed.record(KANAZAWA, KOMATSU);
    assertEquals(fed.chain(KOMATSU).head().term(), believed());
  }

  @Test
  void bringsHandOversThatWereForgotten() {
    term();
    fed.chain(KANAZAWA)
        .accepted(
            fed.now(),
            new Action.RecordCheckpoint(
                KOMATSU, 1, checkpoint(fed.chain(KOMATSU).root()), List.of()));
    term();
    term();
    followed.record(KANAZAWA, KOMATSU);
    term();
    followed.record(KANAZAWA, KOMATSU);
    assertTrue(believed() >= fed.chain(KOMATSU).head().term() - 1);
  }

  /** A corrupt quorum may have approved a branch of any size. */
  @Test
  void leadsFromALongerBranchToTheOneThatWasChosen() {
    fed.open(KOMATSU, "aaaa");
    Hash root = Hash.of(TestKeys.seed("branch"));
    fed.chain(KANAZAWA)
        .state()
        .write(
            List.of(
                new Row.Recorded(KOMATSU, 1L << 62, root),
                new Row.Latest(KOMATSU, 1L << 62, root, 1, 1, 0)));
    convict();
    followed.approve(KOMATSU);
    assertNull(new Relay(followed, fed.directory()).cover(KANAZAWA, KOMATSU, 1));
    recover();
    term();
    followed.record(KANAZAWA, KOMATSU);
    assertEquals(fed.chain(KOMATSU).head().term(), believed());
  }

  /** Whom it believed may sit in a later term than the one that was seated. */
  @Test
  void leadsFromForgedTermsToTheOneThatWasSeated() {
    term();
    Hash root = Hash.of(TestKeys.seed("branch"));
    List<VerifierKey> own = fed.directory().entry(KOMATSU).seats().keys();
    fed.chain(KANAZAWA)
        .state()
        .write(
            List.of(
                new Row.Recorded(KOMATSU, 100, root),
                new Row.Latest(KOMATSU, 100, root, 1, 1, 0),
                new Row.Sitting(KOMATSU, new Seats(9, own), true, 1, List.of())));
    assertNull(new Relay(followed, fed.directory()).cover(KANAZAWA, KOMATSU, 1));
    recover();
    term();
    followed.record(KANAZAWA, KOMATSU);
    assertEquals(fed.chain(KOMATSU).head().term(), believed());
  }

  @Test
  void passesSeatsInConflictOnlyByTheRecoveryQuorum() {
    fed.open(KOMATSU, "aaaa");
    convict();
    term();
    term();
    Relay relay = new Relay(followed, fed.directory());
    assertNull(relay.cover(KANAZAWA, KOMATSU, 1));
    recover();
    term();
    followed.record(KANAZAWA, KOMATSU);
    assertEquals(fed.chain(KOMATSU).head().term(), believed());
  }
}
