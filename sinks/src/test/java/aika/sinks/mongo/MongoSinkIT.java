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
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.sinks.MadeUpChains;
import aika.sinks.Names;
import aika.sinks.RealServer;
import aika.sinks.RealServers;
import aika.sinks.Secret;
import aika.sinks.Verification;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** The sink against a real server that speaks MongoDB's protocol. */
@Timeout(180)
final class MongoSinkIT {
  static final List<ChainId> ASIANS = List.of(ASIA, KOMATSU, KANAZAWA);
  private static final List<String> COLLECTIONS =
      List.of("transfers", "blocks", "chains", "people", "cursors");
  private static @Nullable RealServer shared;
  private static @Nullable MongoClient sharedClient;

  private String database = "";

  @BeforeAll
  static void startServer() {
    RealServer server = RealServers.ferretDb();
    shared = server;
    sharedClient = MongoClients.create("mongodb://" + server.address());
  }

  @AfterAll
  static void stopServer() {
    if (sharedClient != null) {
      sharedClient.close();
    }
    if (shared != null) {
      shared.close();
    }
  }

  @BeforeEach
  void chooseDatabase(TestInfo test) {
    database = test.getTestMethod().orElseThrow().getName();
  }

  private static RealServer server() {
    RealServer server = shared;
    assertNotNull(server);
    return server;
  }

  private MongoDatabase stored() {
    MongoClient client = sharedClient;
    assertNotNull(client);
    return client.getDatabase(database);
  }

  private MongoSettings settings(List<ChainId> scope) {
    return new MongoSettings(
        "mongo Asia",
        new Secret(
            "mongodb://" + server().address() + "/" + database + "?serverSelectionTimeoutMS=2000"),
        scope);
  }

  private MongoSink sink(MadeUpChains world) {
    return new MongoSink(settings(ASIANS), world, Names.NONE);
  }

  /** Brings the sink up to date as its follower would. */
  static void follow(MongoSink sink) {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (ChainId chain : sink.chains()) {
        var before = sink.progress(chain);
        moved |= !sink.advance(chain).equals(before);
      }
    }
    for (ChainId chain : sink.chains()) {
      assertEquals(sink.goal(chain), sink.progress(chain), chain.value());
    }
  }

  private Document transfer(TransferId id) {
    Document found = stored().getCollection("transfers").find(new Document("_id", "" + id)).first();
    assertNotNull(found);
    return found;
  }

  private Map<String, Document> content() {
    Map<String, Document> all = new TreeMap<>();
    for (String collection : COLLECTIONS) {
      for (Document document : stored().getCollection(collection).find()) {
        all.put(collection + " " + document.get("_id"), document);
      }
    }
    return all;
  }

  static void assertClean(MongoSink sink) {
    Verification found = sink.verify(Verification.Watcher.NOBODY);
    assertTrue(found.isClean(), () -> "" + found);
    assertTrue(found.compared() > 0);
  }

  private static Object at(Document document, String path) {
    Object value = Facts.flat(document).get(path);
    assertNotNull(value, () -> path + " in " + document.toJson());
    return value;
  }

  @Test
  void aTransferMovesThroughItsStates() {
    MadeUpChains world = MadeUpChains.world();
    try (MongoSink sink = sink(world)) {
      sink.open();
      TransferId id = world.send(A, B, "200.00");
      follow(sink);
      Document sent = transfer(id);
      assertEquals("send_pending", sent.get("state"));
      assertEquals("200.00", sent.get("amount"));
      assertEquals(20_000L, sent.get("amount_minor"));
      assertEquals(A.toString(), at(sent, "sender.account"));
      assertEquals("Asia-Komatsu", at(sent, "sender.municipality"));
      assertEquals(B.toString(), at(sent, "receiver.account"));
      assertEquals(Instant.ofEpochMilli(world.time() - 7), at(sent, "history.send.time"));
      assertEquals(Instant.ofEpochMilli(world.time()), at(sent, "history.send_pending.time"));
      assertEquals("/transfers/" + id + "/receipt?half=send", at(sent, "links.send_receipt"));
      assertNull(Facts.flat(sent).get("history.send_pending.approved_at"));

      world.pass(5_000);
      world.close(KOMATSU);
      follow(sink);
      Document listed = transfer(id);
      assertEquals("send_pending", listed.get("state"));
      assertEquals(
          Instant.ofEpochMilli(world.time()), at(listed, "history.send_pending.approved_at"));
      assertEquals("Asia", at(listed, "history.listed.chain"));

      world.pass(5_000);
      long leaf = world.decide(id, OutcomeKind.RECEIVED);
      follow(sink);
      assertEquals("receive_pending", transfer(id).get("state"));
      assertEquals(leaf, at(transfer(id), "history.receive_pending.leaf"));

      world.pass(5_000);
      world.close(KANAZAWA);
      world.settle(id);
      follow(sink);
      Document complete = transfer(id);
      assertEquals("complete", complete.get("state"));
      assertEquals(Instant.ofEpochMilli(world.time()), at(complete, "history.complete.time"));
      assertEquals("Asia-Komatsu", at(complete, "history.settled.chain"));
      assertEquals(leaf, at(complete, "versions.destination"));
      assertEquals(world.size(KOMATSU) - 1, at(complete, "versions.origin"));
      assertClean(sink);
    }
  }

  @Test
  void otherEndsAreStatesToo() {
    MadeUpChains world = MadeUpChains.world();
    try (MongoSink sink = sink(world)) {
      sink.open();
      for (OutcomeKind kind :
          List.of(OutcomeKind.REJECTED, OutcomeKind.CANCELLED, OutcomeKind.EXPIRED)) {
        TransferId id = world.send(A, B, "1.00");
        world.decide(id, kind);
        world.settle(id);
        follow(sink);
        Document ended = transfer(id);
        assertEquals(kind.text(), ended.get("state"));
        assertEquals("Asia-Kanazawa", at(ended, "history." + kind.text() + ".chain"));
        assertEquals("Asia-Komatsu", at(ended, "history.refunded.chain"));
      }
      world.closeAll();
      follow(sink);
      assertClean(sink);
    }
  }

  @Test
  void onlyTransfersOfTheScopeAreKept() {
    MadeUpChains world = MadeUpChains.world();
    TransferId fromParis = world.send(C, A, "1.00");
    TransferId inParis = world.send(C, C, "1.00");
    world.decide(fromParis, OutcomeKind.RECEIVED);
    world.settle(fromParis);
    world.closeAll();
    try (MongoSink sink = sink(world)) {
      sink.open();
      follow(sink);
      assertEquals("complete", transfer(fromParis).get("state"));
      assertEquals("Europe", at(transfer(fromParis), "history.listed.chain"));
      assertEquals(
          0, stored().getCollection("transfers").countDocuments(new Document("_id", "" + inParis)));
      assertEquals(
          0, stored().getCollection("blocks").countDocuments(new Document("chain", PARIS.value())));
      assertTrue(
          stored().getCollection("blocks").countDocuments(new Document("chain", "Asia")) > 0);
      assertClean(sink);
    }
  }

  /** Live, rebuilt, and written in another order: the same content. */
  @Test
  void liveEqualsRebuilt() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    MadeUpChains world = MadeUpChains.random(seed, 100);
    try (MongoSink sink = sink(world)) {
      sink.open();
      follow(sink);
      for (int i = 0; i < 10; i++) {
        world.pass(random.nextInt(60_000));
        TransferId id = world.send(random.nextBoolean() ? A : C, B, "3.00");
        sink.advance(world.chains().get(random.nextInt(5)));
        if (random.nextBoolean()) {
          world.seal(id.origin());
          sink.advance(id.origin());
        }
        world.decide(id, OutcomeKind.RECEIVED);
        sink.advance(world.chains().get(random.nextInt(5)));
        world.close(random.nextBoolean() ? KANAZAWA : id.origin());
        world.settle(id);
        follow(sink);
      }
      assertClean(sink);
      Map<String, Document> live = content();
      sink.rebuild();
      assertEquals(Map.of(), content());
      sink.open();
      follow(sink);
      assertEquals(live, content());
      assertClean(sink);
      // The receivers' chains first: every decision arrives before its send.
      sink.rebuild();
      sink.open();
      for (ChainId chain : List.of(PARIS, KANAZAWA, KOMATSU)) {
        while (!sink.progress(chain).equals(sink.goal(chain))) {
          sink.advance(chain);
        }
      }
      follow(sink);
      assertEquals(live, content());
    }
  }

  @Test
  void aCrashBetweenDataAndCursorAndADuplicateChangeNothing() {
    MadeUpChains world = MadeUpChains.random(11, 60);
    try (MongoSink sink = sink(world)) {
      sink.open();
      follow(sink);
      List<Document> cursors =
          stored().getCollection("cursors").find().into(new ArrayList<Document>());
      TransferId rejected = world.send(A, B, "1.00");
      TransferId received = world.send(B, A, "1.00");
      world.closeAll();
      world.decide(rejected, OutcomeKind.REJECTED);
      world.decide(received, OutcomeKind.RECEIVED);
      world.closeAll();
      world.settle(rejected);
      world.closeAll();
      follow(sink);
      Map<String, Document> before = content();
      // The cursors of before, beside the data of after.
      stored().getCollection("cursors").drop();
      stored().getCollection("cursors").insertMany(cursors);
      sink.open();
      follow(sink);
      assertEquals(before, content());
      assertEquals("complete", transfer(received).get("state"));
      // No cursors at all: everything is written a second time.
      stored().getCollection("cursors").drop();
      try (MongoSink second = sink(world)) {
        second.open();
        follow(second);
        assertEquals(before, content());
        assertClean(second);
      }
    }
  }

  /** The questions of docs/guides/mongodb.md. */
  @Test
  void aDAppsQuestionsAreAnswered() {
    MadeUpChains world = MadeUpChains.world();
    TransferId first = world.send(A, B, "200.00");
    world.pass(1_000);
    TransferId second = world.send(A, B, "3.50");
    world.decide(first, OutcomeKind.RECEIVED);
    world.closeAll();
    try (MongoSink sink = sink(world)) {
      sink.open();
      follow(sink);
      MongoCollection<Document> transfers = stored().getCollection("transfers");
      assertEquals(
          List.of(second.toString(), first.toString()),
          ids(
              transfers
                  .find(new Document("sender.account", A.toString()))
                  .sort(new Document("history.send.time", -1))));
      assertEquals(
          List.of(second.toString()),
          ids(
              transfers.find(
                  new Document("receiver.municipality", "Asia-Kanazawa")
                      .append("state", "send_pending"))));
      Instant later = Instant.ofEpochMilli(world.time()).plus(61, ChronoUnit.DAYS);
      assertEquals(
          List.of(second.toString()),
          ids(
              transfers.find(
                  new Document("state", "send_pending")
                      .append("valid_until", new Document("$lt", later)))));
      String client = transfer(first).getString("client_id");
      assertEquals(
          List.of(first.toString()), ids(transfers.find(new Document("client_id", client))));
      Document sum =
          transfers
              .aggregate(
                  List.of(
                      new Document(
                          "$match",
                          new Document("sender.municipality", "Asia-Komatsu")
                              .append("state", "complete")
                              .append("receiver.municipality", "Asia-Kanazawa")),
                      Document.parse(
                          "{$group: {_id: null, minor: {$sum: '$amount_minor'}, count: {$sum:"
                              + " 1}}}")))
              .first();
      assertNotNull(sum);
      assertEquals(20_000L, sum.get("minor"));
      Document last =
          stored()
              .getCollection("blocks")
              .find(new Document("chain", "Asia-Komatsu"))
              .sort(new Document("height", -1))
              .first();
      assertNotNull(last);
      assertEquals(world.height(KOMATSU), last.get("height"));
    }
  }

  private static List<Object> ids(FindIterable<Document> found) {
    List<Object> ids = new ArrayList<>();
    for (Document document : found) {
      ids.add(document.get("_id"));
    }
    return ids;
  }

  @Test
  void namesAreInOneCollectionAndCanBeErased() {
    MadeUpChains world = MadeUpChains.world();
    world.send(A, C, "1.00");
    Map<AccountId, String> register = new ConcurrentHashMap<>(Map.of(A, "小松 太郎", C, "Claire"));
    Names names = account -> Optional.ofNullable(register.get(account));
    try (MongoSink sink = new MongoSink(settings(ASIANS), world, names)) {
      sink.open();
      follow(sink);
      assertEquals(
          List.of(new Document("_id", A.toString()).append("name", "小松 太郎")),
          stored().getCollection("people").find().into(new ArrayList<>()));
      assertClean(sink);
      register.put(B, "金沢 花子");
      world.send(B, A, "1.00");
      follow(sink);
      assertEquals(2, stored().getCollection("people").countDocuments());
      register.remove(A);
      assertFalse(sink.verify(Verification.Watcher.NOBODY).isClean());
      sink.forget(A);
      assertEquals(1, stored().getCollection("people").countDocuments());
      assertClean(sink);
      // B's name is erased while the sink is away.
      register.remove(B);
      sink.open();
      assertEquals(0, stored().getCollection("people").countDocuments());
      assertFalse(content().toString().contains("太郎"));
    }
  }

  @Test
  void verifyFindsWhatWasChangedDeletedAndAdded() {
    MadeUpChains world = MadeUpChains.random(3, 60);
    world.closeAll();
    try (MongoSink sink = sink(world)) {
      sink.open();
      follow(sink);
      assertClean(sink);
      finds(sink, "transfers", "amount_minor", 1L, "amount_minor is 1 instead of");
      finds(sink, "transfers", "state", "expired", "state is expired");
      finds(sink, "transfers", "history.send.leaf", 2L, "leaf");
      finds(sink, "transfers", "versions.origin", 999_999L, "versions.origin");
      finds(sink, "transfers", "extra", "x", "which no leaf says");
      finds(sink, "transfers", "history.listed.block", 77L, "history.listed.block");
      finds(sink, "blocks", "root", "x", "root is x");
      finds(sink, "chains", "height", 99L, "height is 99");
      finds(sink, "cursors", "approved", 9L, "");
      finds(sink, "cursors", "leaves", 999_999L, "more than the chain has");

      Document first = stored().getCollection("transfers").find().first();
      assertNotNull(first);
      stored().getCollection("transfers").deleteOne(new Document("_id", first.get("_id")));
      found(sink, "transfers " + first.get("_id") + ": is missing");
      stored().getCollection("transfers").insertOne(first);
      assertClean(sink);

      Document surplus = new Document(first).append("_id", "Asia-Komatsu:0");
      stored().getCollection("transfers").insertOne(surplus);
      found(sink, "transfers Asia-Komatsu:0: ");
    }
  }

  private void finds(MongoSink sink, String collection, String path, Object value, String words) {
    Document filter = new Document();
    if (path.startsWith("history.listed")) {
      filter.append("history.listed.chain", "Asia");
    }
    Document before = stored().getCollection(collection).find(filter).first();
    assertNotNull(before);
    Document id = new Document("_id", before.get("_id"));
    stored()
        .getCollection(collection)
        .updateOne(id, new Document("$set", new Document(path, value)));
    if (!words.isEmpty()) {
      found(sink, words);
    }
    stored().getCollection(collection).replaceOne(id, before);
    assertClean(sink);
  }

  private static void found(MongoSink sink, String words) {
    Verification found = sink.verify(Verification.Watcher.NOBODY);
    assertEquals(1, found.faults(), () -> "" + found);
    assertTrue(found.examples().getFirst().contains(words), () -> "" + found);
  }
}
