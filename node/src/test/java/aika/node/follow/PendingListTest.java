package aika.node.follow;

import static aika.node.TestFederation.ASIA;
import static aika.node.TestFederation.KANAZAWA;
import static aika.node.TestFederation.KOMATSU;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Offer;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.money.TransferId;
import aika.node.TestFederation;
import aika.node.TestFederation.Person;
import aika.node.follow.Town.Following;
import aika.node.mirror.ReadableChains;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pending list waits for, and what a start waits for. */
class PendingListTest {
  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final Person a = federation.person(KOMATSU, "aaaa");
  private final Person b = federation.person(KANAZAWA, "bbbb");

  /** The anchor is sealed, but two of Asia's five representatives are missing. */
  @Test
  void nothingIsListedWithoutTheContinentsQuorum() throws InterruptedException {
    TransferId transfer;
    try (Town town = new Town(data, federation, Following.EVERYTHING, Map.of(ASIA, 2), 0)) {
      town.open(a, "1000.00");
      town.open(b, "");
      transfer = town.send(a, b, "200.00", 3_600);
      town.await(() -> anchored(town) > transfer.index());
      long anchor = town.chain(ASIA).size();
      town.await(() -> town.chain(ASIA).head().sealed() && town.chain(ASIA).size() >= anchor);
      assertEquals(0, town.chain(ASIA).approvedSize());
      assertTrue(town.followers().pending().awaitCaughtUp(Duration.ofSeconds(10)));
      assertTrue(town.followers().pending().listed(transfer).isEmpty());
      assertTrue(town.followers().pending().to(b.account(), 10).isEmpty());
      whatIsNotListedWaitsAllTheSame(town, transfer);
    }
    try (Town town = new Town(data, federation, Following.EVERYTHING)) {
      town.await(() -> town.followers().pending().listed(transfer).isPresent());
      assertEquals(1, town.followers().pending().to(b.account(), 10).size());
      long anchored = town.followers().pending().listed(transfer).orElseThrow().index();
      assertTrue(anchored < town.chain(ASIA).approvedSize());
      town.rests();
    }
  }

  /** [HTTP-53] */
  private void whatIsNotListedWaitsAllTheSame(Town town, TransferId transfer)
      throws InterruptedException {
    town.await(() -> town.chain(KOMATSU).approvedSize() > transfer.index());
    Followers followers = town.followers();
    long now = System.currentTimeMillis();
    Waiting.Found found = followers.waitingOffers().approved(b.account(), now, 10);
    assertEquals(List.of(transfer), found.offers().stream().map(Offer::transfer).toList());
    assertNull(found.incomplete());
    incomplete(searching(town, 2, 1).approved(b.account(), now, 10));
    Waiting.Found busy = searching(town, 5_000, 0).approved(b.account(), now, 10);
    incomplete(busy);
    assertEquals(List.of(), busy.offers());
    long late = now + Duration.ofHours(2).toMillis();
    assertEquals(List.of(), followers.waitingOffers().approved(b.account(), late, 10).offers());
    assertEquals(List.of(), followers.waitingOffers().sent(a.account(), now, 10).offers());
    Town.accepted(town.decide(b, town.send(a, b, "1.00", 3_600), false));
    assertEquals(found.offers(), followers.waitingOffers().sent(b.account(), now, 10).offers());
  }

  private Waiting searching(Town town, long leaves, int searches) {
    Followers followers = town.followers();
    return new Waiting(
        ReadableChains.served(town.shard, data),
        followers.pending(),
        followers.partnering().partners(),
        leaves,
        searches);
  }

  private static void incomplete(Waiting.Found found) {
    assertEquals(Reason.LIST_INCOMPLETE, requireNonNull(found.incomplete()).reason());
  }

  private static long anchored(Town town) {
    Row.Latest latest = town.chain(ASIA).get(new Key.OfLatest(KOMATSU));
    return latest == null ? 0 : latest.size();
  }

  /** Asia has an anchor of Kanazawa that no log of Kanazawa contains. */
  @Test
  void anAnchorOfABranchThatWasGivenUpDoesNotStopTheList() throws InterruptedException {
    try (Town town = new Town(data, federation, Following.NOTHING)) {
      byte[] root = new byte[Hash.BYTES];
      Checkpoint branch =
          new Checkpoint(federation.directory.origin(KANAZAWA), 1_000, Hash.of(root));
      Action record = new Action.RecordCheckpoint(KANAZAWA, 1, branch, List.of());
      Town.accepted(town.shard.await(town.shard.submit(ASIA, record)));
    }
    for (int start = 1; start <= 2; start++) {
      try (Town town = new Town(data, federation, Following.EVERYTHING)) {
        if (start == 1) {
          town.open(a, "1000.00");
          town.open(b, "");
        }
        TransferId transfer = town.send(a, b, "200.00", 3_600);
        PendingList pending = town.followers().pending();
        town.await(() -> pending.listed(transfer).isPresent());
        assertEquals(start, pending.to(b.account(), 10).size());
        assertEquals(1, pending.aside(ASIA));
        town.rests();
      }
    }
  }

  /** What is swept comes back only when all is read anew. */
  @Test
  void aClockThatOthersContradictSweepsNothing() throws InterruptedException {
    try (Town town = new Town(data, federation, Following.EVERYTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      TransferId _ = town.send(a, b, "200.00", 3_600);
      town.await(() -> town.followers().pending().to(b.account(), 10).size() == 1);
      town.jump(Duration.ofDays(30).toMillis());
      town.followers().pending().sweep();
      assertEquals(1, town.followers().pending().to(b.account(), 10).size());
    }
  }

  /** The views were lost or are behind, as after kill -9: a start can wait until they are there. */
  @Test
  void aStartCanWaitUntilTheListHasCaughtUp() throws InterruptedException {
    TransferId transfer;
    try (Town town = new Town(data, federation, Following.EVERYTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      transfer = town.send(a, b, "200.00", 3_600);
      town.await(() -> town.followers().pending().listed(transfer).isPresent());
      town.rests();
    }
    try (Town town = new Town(data, federation, Following.NOTHING);
        Views empty = Views.open(data.resolve("empty"));
        Followers late =
            new Followers(ReadableChains.served(town.shard, data), federation.directory, empty)) {
      assertFalse(late.pending().caughtUp());
      assertFalse(late.pending().awaitCaughtUp(Duration.ofMillis(50)), "nobody reads yet");
      late.start();
      assertTrue(late.pending().awaitCaughtUp(Duration.ofSeconds(20)));
      assertTrue(late.pending().caughtUp());
      assertEquals(1, late.pending().to(b.account(), 10).size());
    }
  }
}
