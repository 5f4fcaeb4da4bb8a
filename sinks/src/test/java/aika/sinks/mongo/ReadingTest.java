package aika.sinks.mongo;

import static aika.sinks.MadeUpChains.A;
import static aika.sinks.MadeUpChains.ASIA;
import static aika.sinks.MadeUpChains.B;
import static aika.sinks.MadeUpChains.C;
import static aika.sinks.MadeUpChains.KANAZAWA;
import static aika.sinks.MadeUpChains.KOMATSU;
import static aika.sinks.MadeUpChains.PARIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.OutcomeKind;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.sinks.MadeUpChains;
import aika.sinks.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What leaves and approvals say, without a server. */
final class ReadingTest {
  private final MadeUpChains world = MadeUpChains.world();
  private final Reading reading = new Reading(world, List.of(ASIA, KOMATSU, KANAZAWA));

  private Progress everything(ChainId chain) {
    return new Progress(world.size(chain), world.approvedSize(chain));
  }

  private Batch read(ChainId chain) {
    Batch batch = new Batch();
    Cursor end = reading.step(chain, Cursor.START, everything(chain), world::size, batch);
    assertEquals(everything(chain), end.progress());
    return batch;
  }

  private static Facts of(Batch batch, TransferId id) {
    Facts facts = batch.transfers().get(id.toString());
    assertNotNull(facts);
    return facts;
  }

  private static @Nullable Object at(Facts facts, String path) {
    return facts.values().get(path);
  }

  @Test
  void aSendBeginsADocument() {
    world.pass(1_000);
    TransferId id = world.send(A, B, "200.00");
    Facts facts = of(read(KOMATSU), id);
    assertTrue(facts.isBeginning());
    assertEquals(State.SEND_PENDING, facts.state());
    assertEquals(20_000L, at(facts, "amount_minor"));
    assertEquals("200.00", at(facts, "amount"));
    assertEquals(Instant.ofEpochMilli(world.time() - 7), at(facts, "history.send.time"));
    assertEquals(2L, at(facts, "history.send_pending.block"));
    assertNull(at(facts, "history.send_pending.approved_at"));
    assertEquals(Map.of("versions.origin", id.index()), facts.highest());
    Document document = facts.document();
    assertEquals("send_pending", document.get("state"));
    assertEquals(
        "Asia-Kanazawa", document.getEmbedded(List.of("receiver", "municipality"), String.class));
  }

  @Test
  void aReceiptIsPendingUntilItsBlockIsApproved() {
    TransferId id = world.send(A, B, "1.00");
    world.decide(id, OutcomeKind.RECEIVED);
    Facts pending = of(read(KANAZAWA), id);
    assertEquals(State.RECEIVE_PENDING, pending.state());
    assertFalse(pending.isBeginning());
    assertEquals(B.toString(), at(pending, "receiver.account"));
    world.pass(3_500);
    world.close(KANAZAWA);
    Facts complete = of(read(KANAZAWA), id);
    assertEquals(State.COMPLETE, complete.state());
    // A cosignature's time has whole seconds.
    Instant approved = Instant.ofEpochMilli(world.time() / 1000 * 1000);
    assertEquals(approved, at(complete, "history.complete.time"));
    assertEquals(approved, at(complete, "history.receive_pending.approved_at"));
  }

  @Test
  void anApprovalIsNeverBeforeItsLeaf() {
    world.pass(500);
    TransferId id = world.send(A, B, "1.00");
    world.close(KOMATSU);
    assertEquals(
        Instant.ofEpochMilli(world.time()),
        at(of(read(KOMATSU), id), "history.send_pending.approved_at"));
  }

  @Test
  void otherChainsTellOnlyOfTransfersInTheScope() {
    TransferId in = world.send(C, A, "1.00");
    TransferId out = world.send(C, C, "1.00");
    world.decide(in, OutcomeKind.REJECTED);
    world.decide(out, OutcomeKind.RECEIVED);
    world.settle(in);
    world.settle(out);
    world.close(PARIS);
    Batch batch = read(PARIS);
    assertEquals(List.of(in.toString()), List.copyOf(batch.transfers().keySet()));
    assertEquals("Europe-Paris", at(of(batch, in), "history.refunded.chain"));
    assertTrue(batch.blocks().isEmpty());
    assertEquals(List.of(A), List.copyOf(batch.people()));
  }

  @Test
  void theFirstAnchorListsASend() {
    TransferId first = world.send(A, B, "1.00");
    world.close(KOMATSU);
    long anchor = world.size(ASIA) - 2;
    TransferId second = world.send(A, B, "1.00");
    world.close(KOMATSU);
    Batch batch = read(ASIA);
    assertEquals(anchor, at(of(batch, first), "history.listed.leaf"));
    assertEquals(anchor + 2, at(of(batch, second), "history.listed.leaf"));
  }

  @Test
  void anAnchorWaitsUntilTheSendsAreWritten() {
    world.send(A, B, "1.00");
    world.close(KOMATSU);
    Batch batch = new Batch();
    Cursor end = reading.step(ASIA, Cursor.START, everything(ASIA), chain -> 0, batch);
    assertTrue(batch.transfers().isEmpty());
    assertTrue(end.leaves() < world.size(ASIA));
  }

  @Test
  void anAnchorThatListsMoreThanFitsIsReadInParts() {
    int sends = Batch.DOCUMENTS_MAX * 2 + 17;
    for (int i = 0; i < sends; i++) {
      world.send(A, B, "0.01");
    }
    world.close(KOMATSU);
    Cursor at = Cursor.START;
    Cursor last;
    int listed = 0;
    do {
      last = at;
      Batch batch = new Batch();
      at = reading.step(ASIA, at, everything(ASIA), world::size, batch);
      assertTrue(batch.transfers().size() <= Batch.DOCUMENTS_MAX);
      listed += batch.transfers().size();
    } while (!at.equals(last));
    assertEquals(sends, listed);
    assertEquals(everything(ASIA), at.progress());
    assertEquals(world.size(KOMATSU), at.listed().get(KOMATSU));
  }

  /** A leaf of an open block has the height that the block gets when it is sealed. */
  @Test
  void theHeightOfAnOpenBlockIsTheOneThatItGets() {
    TransferId id = world.send(A, B, "1.00");
    Object open = at(of(read(KOMATSU), id), "history.send_pending.block");
    world.close(KOMATSU);
    world.send(A, B, "1.00");
    world.close(KOMATSU);
    assertEquals(open, at(of(read(KOMATSU), id), "history.send_pending.block"));
  }

  /** MONGO-6: {@code $min} of the text is the highest state. */
  @Test
  void higherStatesAreEarlierInTheAlphabet() {
    List<State> shown =
        List.of(
            State.SEND_PENDING,
            State.RECEIVE_PENDING,
            State.COMPLETE,
            State.REJECTED,
            State.CANCELLED,
            State.EXPIRED);
    for (State low : shown) {
      for (State high : shown) {
        if (low.rank() < high.rank() && !(low == State.RECEIVE_PENDING && high == State.REJECTED)) {
          assertTrue(high.text().compareTo(low.text()) < 0, low + " < " + high);
        }
      }
    }
    for (OutcomeKind kind : OutcomeKind.values()) {
      assertTrue(shown.contains(State.decided(kind)));
    }
  }

  @Test
  void theBatchHasTheHighestState() {
    TransferId id = world.send(A, A, "1.00");
    world.decide(id, OutcomeKind.RECEIVED);
    world.settle(id);
    world.close(KOMATSU);
    Facts facts = of(read(KOMATSU), id);
    assertEquals(State.COMPLETE, facts.state());
    assertEquals("complete", facts.update().get("$min", Document.class).get("state"));
    assertEquals(5, facts.update().get("$max", Document.class).get("rank"));
    assertEquals(
        world.size(KOMATSU) - 2, facts.highest().get("versions.origin"), "the settlement's leaf");
    assertEquals(id.index() + 1, facts.highest().get("versions.destination"));
  }

  @Test
  void aConnectionStringLosesOnlyWhatTheDriverDoesNotKnow() {
    assertEquals(
        "mongodb://h/db?tls=true&w=1",
        Trust.without("mongodb://h/db?tls=true&tlsCAFile=%2Fca.pem&w=1"));
    assertEquals("mongodb://h/db?tls=true", Trust.without("mongodb://h/db?tls=true&tlsCAFile=c"));
    assertEquals("mongodb://h/db?tls=true", Trust.without("mongodb://h/db?tlsCAFile=c&tls=true"));
    assertEquals("mongodb://h/db", Trust.without("mongodb://h/db?tlsCAFile=c"));
  }
}
