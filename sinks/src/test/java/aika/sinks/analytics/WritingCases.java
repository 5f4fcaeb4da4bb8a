package aika.sinks.analytics;

import static aika.sinks.MadeUpChains.A;
import static aika.sinks.MadeUpChains.B;
import static aika.sinks.MadeUpChains.C;
import static aika.sinks.MadeUpChains.KANAZAWA;
import static aika.sinks.MadeUpChains.KOMATSU;
import static aika.sinks.MadeUpChains.PARIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Leaf;
import aika.core.ledger.OutcomeKind;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.sinks.MadeUpChains;
import aika.sinks.Names;
import aika.sinks.Progress;
import aika.sinks.SinkException;
import aika.sinks.Source;
import aika.sinks.Verification;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the tables hold, on both databases. */
abstract class WritingCases extends OnADatabase {
  /** In a fresh world, after the genesis leaf and its seal, a resident's account is opened. */
  static final long ACCOUNT_LEAF = 2;

  /** Rows that are there before their position is. */
  private static final String AHEAD =
      "SELECT count(*) FROM blocks AS b LEFT JOIN progress AS p ON p.chain = b.chain"
          + " WHERE p.leaves IS NULL OR p.leaves <= b.leaf";

  @Test
  void aTransferIsFollowedThroughItsStates() {
    MadeUpChains world = MadeUpChains.world();
    world.closeAll();
    try (AnalyticsSink sink = sink(fresh(), world)) {
      world.pass(1_000);
      TransferId id = world.send(A, B, "200.00");
      Content.advanceAll(sink);
      AnalyticsReader reader = sink.reader();
      String state = "SELECT id, state, amount_minor, sent_at, listed_at, sent_day, sent_hour";
      assertEquals(List.of(), lines(reader, state + " FROM transfers"), "not approved yet");
      world.close(KOMATSU);
      Content.advanceAll(sink);
      assertEquals(
          List.of(id + " send_pending 20000 2026-11-01T00:00:01 2026-11-01T00:00:01 2026-11-01 9"),
          lines(reader, state + " FROM transfers"));
      world.pass(60_000);
      long decided = world.decide(id, OutcomeKind.RECEIVED);
      world.pass(2_000);
      world.close(KANAZAWA);
      world.settle(id);
      world.close(KOMATSU);
      Content.advanceAll(sink);
      assertEquals(
          List.of(
              "send 2026-11-01T00:00:00.993 Asia-Komatsu",
              "listed 2026-11-01T00:00:01 Asia",
              "send_pending 2026-11-01T00:00:01 Asia-Komatsu",
              "receive 2026-11-01T00:01:00.993 Asia-Kanazawa",
              "receive_pending 2026-11-01T00:01:01 Asia-Kanazawa",
              "complete 2026-11-01T00:01:03 Asia-Kanazawa",
              "settled 2026-11-01T00:01:03 Asia-Komatsu"),
          lines(
              reader,
              "SELECT state, reached_at, chain FROM states ORDER BY reached_at, chain, state"));
      assertEquals(
          List.of("Asia-Komatsu/aaaaaaaa Asia-Kanazawa/bbbbbbbb " + decided + " 1 3"),
          lines(
              reader,
              "SELECT sender, receiver, decided_leaf, count(*), max(decided_block) FROM transfers"
                  + " GROUP BY sender, receiver, decided_leaf"));
      assertClean(sink);
    }
  }

  @Test
  void liveEqualsRebuiltEqualsExpected() {
    for (long seed : List.of(1L, 2L, System.nanoTime())) {
      System.out.println("seed " + seed);
      Random random = new Random(seed);
      MadeUpChains world = MadeUpChains.random(seed, 120);
      Growing growing = new Growing(world);
      AnalyticsSettings settings = fresh();
      AnalyticsSink sink = sink(settings, growing, Names.NONE, 7);
      while (growing.grow(random)) {
        ChainId chain = growing.chains().get(random.nextInt(growing.chains().size()));
        sink.advance(chain);
        if (random.nextInt(15) == 0) {
          sink.close();
          sink = sink(settings, growing, Names.NONE, 7);
        }
      }
      Content.advanceAll(sink);
      List<String> live = Content.of(sink.reader());
      assertEquals(
          Model.states(world),
          lines(
              sink.reader(),
              "SELECT state, count(*), CAST(sum(amount_minor) AS BIGINT) FROM transfers"
                  + " GROUP BY state ORDER BY state"));
      assertClean(sink);
      sink.rebuild();
      assertEquals(new Progress(0, 0), sink.progress(KOMATSU));
      assertEquals(List.of("0"), lines(sink.reader(), "SELECT count(*) FROM transfers"));
      Content.advanceAll(sink);
      assertEquals(live, Content.of(sink.reader()));
      sink.close();
      assertEquals(live, written(fresh(), world), "at one go");
    }
  }

  @Test
  void aStepThatFailsHalfwayLeavesNothing() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    MadeUpChains world = MadeUpChains.random(seed, 60);
    Growing growing = new Growing(world);
    AnalyticsSettings settings = fresh();
    AnalyticsSink sink = sink(settings, growing);
    int failures = 0;
    while (growing.grow(random)) {
      growing.failAfter(random.nextInt(40));
      try {
        Content.advanceAll(sink);
      } catch (IllegalStateException unreadable) {
        failures++;
        assertThrows(SinkException.class, () -> sink.advance(KOMATSU), "only open helps");
      }
      growing.failAfter(Integer.MAX_VALUE);
      sink.open();
    }
    Content.advanceAll(sink);
    assertTrue(failures > 3, "failures: " + failures);
    List<String> live = Content.of(sink.reader());
    sink.close();
    assertEquals(written(fresh(), world), live);
  }

  @Test
  void whoeverIsLateWritesNothingTwice() {
    MadeUpChains world = MadeUpChains.random(5, 20);
    world.closeAll();
    AnalyticsSettings settings = fresh();
    try (AnalyticsSink first = sink(settings, world);
        AnalyticsSink second = sink(settings, world)) {
      first.advance(KOMATSU);
      SinkException refused = assertThrows(SinkException.class, () -> second.advance(KOMATSU));
      assertEquals(SinkException.Kind.FAILED, refused.kind());
      second.open();
      Content.advanceAll(second);
      List<String> both = Content.of(second.reader());
      assertEquals(written(fresh(), world), both);
    }
  }

  @Test
  void tablesOfAnotherFederationAreRefused() {
    AnalyticsSettings settings = fresh();
    MadeUpChains world = MadeUpChains.random(6, 20);
    world.closeAll();
    written(settings, world);
    MadeUpChains other = MadeUpChains.random(7, 40);
    other.closeAll();
    try (AnalyticsSink sink = sink(settings, other)) {
      SinkException refused = assertThrows(SinkException.class, () -> Content.advanceAll(sink));
      assertEquals(SinkException.Kind.TAMPERED, refused.kind());
      sink.open();
      sink.rebuild();
      Content.advanceAll(sink);
      assertClean(sink);
    }
  }

  @Test
  void anotherTimeZoneMakesTheTablesAnew() {
    AnalyticsSettings settings = fresh();
    MadeUpChains world = MadeUpChains.random(8, 20);
    world.closeAll();
    written(settings, world);
    try (AnalyticsSink paris =
        new AnalyticsSink(settings, world, Names.NONE, ZoneId.of("Europe/Paris"))) {
      paris.open();
      assertEquals(Progress.NOTHING, paris.progress(KOMATSU));
      Content.advanceAll(paris);
      assertClean(paris);
    }
  }

  @Test
  void aNodeWithoutTheSendersChainKnowsTheReceiversHalf() {
    MadeUpChains world = MadeUpChains.world();
    TransferId sent = world.send(A, B, "7.00");
    world.close(KOMATSU);
    world.decide(sent, OutcomeKind.RECEIVED);
    world.closeAll();
    AnalyticsSettings settings = fresh();
    try (AnalyticsSink sink = sink(settings, new Only(world, List.of(KANAZAWA)))) {
      Content.advanceAll(sink);
      assertEquals(
          List.of("Asia-Komatsu Asia-Kanazawa complete null " + B),
          lines(
              sink.reader(), "SELECT origin, destination, state, sender, receiver FROM transfers"));
      assertClean(sink);
    }
    assertEquals(written(fresh(), world), written(settings, world), "the other half comes later");
  }

  @Test
  void aThirdChainEndsNoTransfer() {
    String wanted = "SELECT state FROM transfers WHERE sent_at IS NOT NULL";
    for (List<ChainId> order : List.of(List.of(KOMATSU, PARIS), List.of(PARIS, KOMATSU))) {
      MadeUpChains world = MadeUpChains.world();
      TransferId id = world.send(A, B, "7.00");
      world.closeAll();
      Leaf.Cited cited = new Leaf.Cited(id.index(), 1, world.entry(KOMATSU, 0).hash());
      Leaf cancelled = new Leaf.Concluded(world.time(), id, OutcomeKind.CANCELLED, cited);
      Source meddled = new Meddled(world, PARIS, ACCOUNT_LEAF, cancelled);
      try (AnalyticsSink sink = sink(fresh(), meddled)) {
        order.forEach(chain -> advance(sink, chain));
        Content.advanceAll(sink);
        assertEquals(List.of("send_pending"), lines(sink.reader(), wanted));
        world.decide(id, OutcomeKind.RECEIVED);
        world.closeAll();
        Content.advanceAll(sink);
        assertEquals(List.of("complete"), lines(sink.reader(), wanted));
        assertClean(sink);
      }
    }
  }

  private static void advance(AnalyticsSink sink, ChainId chain) {
    while (sink.advance(chain).leaves() < sink.goal(chain).leaves()) {
      assertFalse(sink.chains().isEmpty());
    }
  }

  @Test
  void namesComeFromTheRegisterAndAreErased() {
    Map<AccountId, String> register = new ConcurrentHashMap<>();
    register.put(A, "Aoki \\ 葵\tO'Hara");
    register.put(B, "Baba");
    Names names = account -> Optional.ofNullable(register.get(account));
    MadeUpChains world = MadeUpChains.world();
    world.closeAll();
    AnalyticsSettings settings = fresh();
    String people = "SELECT account, name FROM people ORDER BY account DESC";
    try (AnalyticsSink sink = sink(settings, world, names)) {
      Content.advanceAll(sink);
      assertEquals(List.of(A + " " + register.get(A), B + " Baba"), lines(sink.reader(), people));
      register.remove(A);
      sink.forget(A);
      assertEquals(List.of(B + " Baba"), lines(sink.reader(), people));
      sink.forget(A);
    }
    register.remove(B);
    register.put(C, "Cécile");
    try (AnalyticsSink sink = sink(settings, world, names)) {
      assertEquals(List.of(C + " Cécile"), lines(sink.reader(), people), "as the register is now");
      sink.rebuild();
      assertEquals(List.of(), lines(sink.reader(), people));
      Content.advanceAll(sink);
      assertEquals(List.of(C + " Cécile"), lines(sink.reader(), people));
    }
    try (AnalyticsSink sink = sink(settings, world)) {
      assertEquals(List.of(), lines(sink.reader(), people), "not allowed any more");
    }
  }

  @Test
  void verifyFindsWhatWasChangedAddedAndRemoved() {
    MadeUpChains world = MadeUpChains.random(9, 40);
    world.closeAll();
    for (String harm :
        List.of(
            "UPDATE transfers SET amount_minor = amount_minor + 1 WHERE leaf ="
                + " (SELECT min(leaf) FROM transfers WHERE origin = 'Asia-Komatsu')"
                + " AND origin = 'Asia-Komatsu'",
            "UPDATE transfers SET state = 'complete' WHERE state = 'rejected'",
            "UPDATE transfers SET state = 'complete' WHERE state = 'send_pending'",
            "UPDATE transfers SET listed_at = NULL WHERE listed_at IS NOT NULL",
            "UPDATE transfers SET ended_at = NULL WHERE ended_at IS NOT NULL",
            "DELETE FROM transfers WHERE state = 'complete'",
            "INSERT INTO transfers (id, origin, leaf, destination, state, sent_at) VALUES"
                + " ('Asia-Komatsu:99999', 'Asia-Komatsu', 99999, 'Europe-Paris', 'send_pending',"
                + " TIMESTAMP '2026-11-01 00:00:00')",
            "INSERT INTO transfers (id, origin, leaf, destination, state) VALUES"
                + " ('Asia-Komatsu:1', 'Asia-Komatsu', 1, 'Europe-Paris', 'send_pending')",
            "DELETE FROM accounts WHERE chain = 'Asia-Kanazawa'",
            "UPDATE issues SET amount_minor = 1",
            "UPDATE blocks SET leaves = 1000 WHERE height = 2",
            "DELETE FROM anchors",
            "DELETE FROM active_accounts WHERE period = 'week'",
            "INSERT INTO active_accounts VALUES ('month', DATE '2026-01-01', 'Asia', 'Asia/zzzz')")) {
      AnalyticsSettings settings = fresh();
      written(settings, world);
      tamper(settings, harm);
      try (AnalyticsSink sink = sink(settings, world)) {
        Verification found = sink.verify(Verification.Watcher.NOBODY);
        assertTrue(found.faults() > 0, harm);
        assertFalse(found.examples().isEmpty(), harm);
        assertTrue(found.examples().size() <= Verification.EXAMPLES_MAX);
        sink.rebuild();
        Content.advanceAll(sink);
        assertClean(sink);
      }
    }
  }

  @Test
  void verifyTellsHowFarItIs() {
    MadeUpChains world = MadeUpChains.random(10, 40);
    world.closeAll();
    try (AnalyticsSink sink = sink(fresh(), world)) {
      Content.advanceAll(sink);
      long[] last = new long[2];
      sink.verify((done, total) -> {
        assertTrue(done > last[0] && done <= total);
        last[0] = done;
        last[1] = total;
      });
      assertEquals(last[1], last[0]);
      long leaves = world.chains().stream().mapToLong(world::approvedSize).sum();
      assertEquals(leaves, last[1]);
    }
  }

  @Test
  void answersAreOfOneMomentWhileItWrites() throws InterruptedException {
    MadeUpChains world = MadeUpChains.random(11, 150);
    world.closeAll();
    try (AnalyticsSink sink = sink(fresh(), world, Names.NONE, 5)) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      AtomicInteger asked = new AtomicInteger();
      AtomicBoolean done = new AtomicBoolean();
      Thread asking =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (!done.get()) {
                    assertEquals(List.of("0"), lines(sink.reader(), AHEAD));
                    asked.incrementAndGet();
                  }
                } catch (RuntimeException | AssertionError failed) {
                  failure.set(failed);
                }
              });
      Content.advanceAll(sink);
      done.set(true);
      asking.join(60_000);
      assertEquals(null, failure.get());
      assertTrue(asked.get() > 0);
      assertClean(sink);
    }
  }
}
