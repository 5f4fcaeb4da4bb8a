package aika.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.client.ScriptedGateway.Answer;
import aika.core.follow.Event;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class FeedTest {
  private static final String PATH = "/chains/" + SignedLog.KOMATSU + "/feed";
  private static final FeedQuery ALL = FeedQuery.of(SignedLog.KOMATSU);

  private final SignedLog log = new SignedLog();
  private final ScriptedGateway gateway = new ScriptedGateway();
  private final AikaClient client = gateway.client(Duration.ofSeconds(20));

  @BeforeEach
  void grow() {
    log.grow(10, 0);
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  /** These events, and then silence. */
  private static Answer telling(String... events) {
    return request -> {
      OutputStream out = request.stream();
      out.write(String.join("", events).getBytes(UTF_8));
      out.flush();
      request.hang();
    };
  }

  /** These events, and then the end. */
  private static Answer cutAfter(String... events) {
    return request -> {
      OutputStream out = request.stream();
      out.write(String.join("", events).getBytes(UTF_8));
      out.close();
    };
  }

  private String leaf(int index) {
    return ScriptedGateway.leaf(log, index);
  }

  private static long index(FeedEvent event) {
    return assertInstanceOf(FeedEvent.Leaf.class, event).index();
  }

  @Test
  void tellsLeavesAndApprovalsAsTheyCome() {
    gateway.on(
        PATH,
        telling(
            "retry: 2000\n: hello\nid: Asia-Komatsu:0\n\n",
            leaf(0),
            ":\n\n",
            leaf(1),
            ScriptedGateway.approval(log)));
    try (Feed feed = client.feed(ALL)) {
      Iterator<FeedEvent> events = feed.iterator();
      FeedEvent.Leaf first = assertInstanceOf(FeedEvent.Leaf.class, events.next());
      assertEquals(log.entry(0).hash(), first.entry().hash());
      assertInstanceOf(Event.Recorded.class, first.facts().getFirst());
      assertEquals(1, index(events.next()));
      FeedEvent.Approval approval = assertInstanceOf(FeedEvent.Approval.class, events.next());
      assertEquals(10, approval.checkpoint().checkpoint().size());
      assertEquals(2, feed.position());
    }
    assertEquals(PATH + "?from=0", gateway.asked().getFirst());
  }

  @Test
  void goesOnAfterACutWhereItWasAndTellsNothingTwice() {
    gateway.on(
        PATH,
        cutAfter(leaf(0), leaf(1), leaf(2).substring(0, 40)),
        request -> request.problem(503, "BUSY"),
        telling(leaf(1), leaf(2), leaf(3)));
    try (Feed feed = client.feed(ALL)) {
      List<Long> told = new ArrayList<>();
      for (FeedEvent event : feed) {
        told.add(index(event));
        if (told.size() == 4) {
          break;
        }
      }
      assertEquals(List.of(0L, 1L, 2L, 3L), told);
    }
    assertEquals(List.of(PATH + "?from=0", PATH + "?from=2", PATH + "?from=2"), gateway.asked());
  }

  @Test
  void silenceIsTakenForACut() {
    gateway.on(PATH, telling(leaf(0)), telling(leaf(1)));
    Http http = new Http(ClientSettings.of(gateway.uri()));
    try (Feed feed =
        new Feed(ALL, http, ClientSettings.of(gateway.uri()), Duration.ofMillis(200))) {
      Iterator<FeedEvent> events = feed.iterator();
      assertEquals(0, index(events.next()));
      assertEquals(1, index(events.next()));
    }
    http.close();
  }

  /** What a filter leaves out is not looked at again. */
  @Test
  void aFilteredFeedGoesOnFromThePositionOfTheGateway() {
    gateway.on(PATH, cutAfter(leaf(2), ": still here\nid: Asia-Komatsu:7\n\n"), telling(leaf(8)));
    try (Feed feed = client.feed(ALL.kinds("send", "issue").account(WalletTest.A).approvedOnly())) {
      Iterator<FeedEvent> events = feed.iterator();
      assertEquals(2, index(events.next()));
      assertEquals(8, index(events.next()));
    }
    String filter = "&account=Asia-Komatsu/aaaaaaaa&kind=issue&kind=send&approved=true";
    assertEquals(List.of(PATH + "?from=0" + filter, PATH + "?from=7" + filter), gateway.asked());
  }

  @Test
  void aLeafThatIsLeftOutIsNoticed() {
    gateway.on(PATH, telling(leaf(0), leaf(2)));
    try (Feed feed = client.feed(ALL)) {
      Iterator<FeedEvent> events = feed.iterator();
      assertEquals(0, index(events.next()));
      ClientException left = assertThrows(ClientException.class, events::hasNext);
      assertEquals(ClientException.NOT_UNDERSTOOD, left.code());
    }
  }

  @Test
  void aRefusalEndsItWithItsCode() {
    gateway.on(PATH, request -> request.problem(404, "UNKNOWN_CHAIN"));
    try (Feed feed = client.feed(ALL)) {
      Iterator<FeedEvent> events = feed.iterator();
      assertEquals("UNKNOWN_CHAIN", assertThrows(ClientException.class, events::hasNext).code());
    }
  }

  @Test
  void nonsenseIsRefused() {
    for (String data : List.of("{", "{}", leaf(0).replace("Komatsu\",", "Paris\","))) {
      gateway.on(
          PATH, telling(data.startsWith("event") ? data : "event: leaf\ndata: " + data + "\n\n"));
      try (Feed feed = client.feed(ALL)) {
        Iterator<FeedEvent> events = feed.iterator();
        ClientException other = assertThrows(ClientException.class, events::hasNext);
        assertEquals(ClientException.NOT_UNDERSTOOD, other.code());
      }
    }
  }

  @Test
  void closingEndsTheWaitOfTheOneWhoReads() throws InterruptedException {
    gateway.on(PATH, telling(leaf(0)));
    Feed feed = client.feed(ALL);
    Iterator<FeedEvent> events = feed.iterator();
    assertEquals(0, index(events.next()));
    boolean[] more = {true};
    Thread reader = Thread.ofVirtual().start(() -> more[0] = events.hasNext());
    awaitWaiting(reader);
    feed.close();
    assertTrue(reader.join(Duration.ofSeconds(5)));
    assertFalse(more[0]);
    assertThrows(NoSuchElementException.class, events::next);
  }

  @Test
  void closingTheClientEndsItsFeeds() throws InterruptedException {
    gateway.on(PATH, telling(leaf(0)));
    Iterator<FeedEvent> events = client.feed(ALL).iterator();
    assertEquals(0, index(events.next()));
    boolean[] more = {true};
    Thread reader = Thread.ofVirtual().start(() -> more[0] = events.hasNext());
    awaitWaiting(reader);
    client.close();
    assertTrue(reader.join(Duration.ofSeconds(5)));
    assertFalse(more[0]);
  }

  private static void awaitWaiting(Thread reader) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (reader.getState() != Thread.State.TIMED_WAITING && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    assertEquals(Thread.State.TIMED_WAITING, reader.getState());
  }

  @Test
  void eventsAreReadAsTheHtmlStandardSays() throws IOException {
    String text = "\n:c\r\n\r\nevent:x\nid:7\ndata:a\ndata:  b\nother: y\n\ndata: end\n";
    try (EventStream in = new EventStream(new ByteArrayInputStream(text.getBytes(UTF_8)))) {
      assertEquals(new EventStream.Event("message", "", ""), in.next());
      assertEquals(new EventStream.Event("message", "", ""), in.next());
      assertEquals(new EventStream.Event("x", "7", "a\n b"), in.next());
      assertThrows(EOFException.class, in::next);
    }
    byte[] endless = new byte[1_000_001];
    try (EventStream in = new EventStream(new ByteArrayInputStream(endless))) {
      IOException large = assertThrows(IOException.class, in::next);
      assertTrue(String.valueOf(large.getMessage()).contains("more than"));
    }
  }

  @Test
  void addressesAreMadeOfAnyBase() {
    for (String base : List.of("http://localhost:1024", "http://localhost:1024/")) {
      assertEquals(
          URI.create("http://localhost:1024/send"),
          ClientSettings.of(URI.create(base)).at("/send"));
    }
  }
}
