package aika.node.gateway;

import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.order.Changes;
import aika.proto.feed.FeedEvent;
import aika.proto.feed.FeedGrpc;
import aika.proto.feed.FollowRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Readers that do not read, too many of them, and the end of a gateway, over real connections. */
@ExtendWith(SharedWorld.class)
class FeedReadersTest {
  private static final FeedReaders.Bounds PATIENT =
      new FeedReaders.Bounds(3, Duration.ofSeconds(60), Duration.ofMillis(300));
  private static final FeedReaders.Bounds STRICT =
      new FeedReaders.Bounds(3, Duration.ofSeconds(3), Duration.ofSeconds(15));
  private static final Duration IDLE = Duration.ofMinutes(2);
  private static final Duration REQUEST = Duration.ofSeconds(2);

  /** More than the buffers of both ends hold. */
  private static final int LEAVES = 800;

  private final World world;
  private final SharedWorld.Town town;
  private final List<AutoCloseable> open = new ArrayList<>();

  FeedReadersTest(SharedWorld.Town town) {
    this.town = town;
    world = town.world;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T open(T each) {
    open.add(each);
    return each;
  }

  /** Another gateway of the same node, with bounds that a test can wait for. */
  private Gateway gateway(FeedReaders.Bounds feeds, Duration idleMax) {
    int shift = 300;
    while (!free(world.port(KOMATSU) + shift)) {
      shift++;
    }
    Chain at = world.node.federation().shifted(shift).chain(ChainId.of(KOMATSU)).orElseThrow();
    return open(Gateway.start(world.parts(), at, new Gateway.Bounds(feeds, idleMax, REQUEST)));
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private SseReader sse(Gateway gateway, String query) throws Exception {
    return open(SseReader.open(world.http, uri(gateway, query), Map.of()));
  }

  private static URI uri(Gateway gateway, String query) {
    return URI.create(
        "http://localhost:" + gateway.port() + "/chains/" + KOMATSU + "/feed" + query);
  }

  private World.Reply refused(Gateway gateway) throws Exception {
    return world.send(
        HttpRequest.newBuilder(uri(gateway, "")).timeout(Duration.ofSeconds(20)).build());
  }

  private ManagedChannel channel(Gateway gateway) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", gateway.port())
            .usePlaintext()
            .flowControlWindow(65_535)
            .build();
    open.add(channel::shutdownNow);
    return channel;
  }

  /** A call whose messages come only when they are asked for. */
  private static final class Call extends ClientCall.Listener<FeedEvent> {
    final BlockingQueue<FeedEvent> events = new LinkedBlockingQueue<>();
    final CompletableFuture<Status> ended = new CompletableFuture<>();
    final CompletableFuture<Metadata> trailers = new CompletableFuture<>();
    final ClientCall<FollowRequest, FeedEvent> call;

    Call(ManagedChannel channel, long from) {
      call = channel.newCall(FeedGrpc.getFollowMethod(), CallOptions.DEFAULT);
      call.start(this, new Metadata());
      call.sendMessage(FollowRequest.newBuilder().setChain(KOMATSU).setFrom(from).build());
      call.halfClose();
    }

    @Override
    public void onMessage(FeedEvent event) {
      events.add(event);
    }

    @Override
    public void onClose(Status status, Metadata last) {
      trailers.complete(last);
      ended.complete(status);
    }

    FeedEvent next() throws InterruptedException {
      call.request(1);
      return Objects.requireNonNull(events.poll(20, TimeUnit.SECONDS), "no event came");
    }

    void ended(Status.Code code, Reason reason) throws Exception {
      call.request(1_000_000);
      assertEquals(code, ended.get(20, TimeUnit.SECONDS).getCode());
      assertEquals(reason.name(), trailers.get(20, TimeUnit.SECONDS).get(FeedService.CODE));
    }
  }

  /** A client that asks, and then never reads. */
  private Socket deaf(Gateway gateway) throws Exception {
    Socket socket = open(new Socket());
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
    String request = "GET /chains/%s/feed HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(KOMATSU);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private long end() {
    return world.ledger(ChainId.of(KOMATSU)).size();
  }

  private void fill() {
    world.issue(town.holder.account(), "0.01", LEAVES);
  }

  private static void await(BooleanSupplier condition, String what) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, what);
      Thread.sleep(20);
    }
  }

  private void sentWhileOthersAreStuck() throws Exception {
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      String json = WorkedExampleOverHttpTest.SNIPPET.replace("200", "83.0" + i);
      world.post(KOMATSU, "/send", json).expect(200);
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis < 5_000, "a send took " + millis + " ms");
    }
  }

  private void everything(SseReader good) throws Exception {
    long size = world.ledger(ChainId.of(KOMATSU)).size();
    for (long index = 0; index < size; ) {
      SseReader.Event event = good.next();
      if (event.type().equals("leaf")) {
        assertEquals(index, event.number("index"));
        index++;
      } else {
        assertEquals("approval", event.type());
      }
    }
  }

  /** [FEED-10] At the usual limit and one past it; a place that is given back is free again. */
  @Test
  void soManyReadAndOneMoreIsRefused() throws Exception {
    Stopping stopping = new Stopping();
    FeedReaders readers = new FeedReaders(new Changes(), stopping, FeedReaders.Bounds.USUAL);
    FeedReaders.Place last = readers.enter();
    for (int i = 1; i < 1_000; i++) {
      last = readers.enter();
    }
    assertEquals(1_000, readers.count());
    RefusedException oneMore = assertThrows(RefusedException.class, readers::enter);
    assertEquals(Reason.BUSY, oneMore.refusal().reason());
    last.close();
    readers.enter();
    assertThrows(RefusedException.class, readers::enter);
    stopping.stop();
    readers.close();
  }

  /** [FEED-12] At the usual limit and a nanosecond past it. */
  @Test
  void whoTakesNothingFor30SecondsIsNotCutAndThenIs() throws Exception {
    AtomicLong nanos = new AtomicLong(1_000);
    Stopping stopping = new Stopping();
    FeedReaders readers =
        new FeedReaders(new Changes(), stopping, FeedReaders.Bounds.USUAL, nanos::get);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch cut = new CountDownLatch(1);
    Thread stuck =
        Thread.ofVirtual()
            .start(() -> {
              FeedReaders.Place place = readers.enter();
              try {
                place.write(() -> {
                  try {
                    never.await();
                  } catch (InterruptedException interrupted) {
                    cut.countDown();
                  }
                });
              } catch (InterruptedException left) {
                Thread.currentThread().interrupt();
              } finally {
                place.close();
              }
            });
    await(() -> readers.writing() == 1, "it is stuck in a write");
    nanos.addAndGet(30_000_000_000L);
    readers.cutStuckNow();
    assertEquals(1, readers.uncut());
    nanos.addAndGet(1);
    readers.cutStuckNow();
    assertTrue(cut.await(20, TimeUnit.SECONDS), "past it");
    stuck.join();
    assertEquals(0, readers.count());
    stopping.stop();
    readers.close();
  }

  @Test
  void whoDoesNotReadCostsNobodyElseAnything() throws Exception {
    Gateway gateway = gateway(PATIENT, IDLE);
    fill();
    deaf(gateway);
    Call stuck = new Call(channel(gateway), 0);
    await(() -> gateway.readers().writing() == 2, "both are stuck in a write");
    SseReader good = sse(gateway, "?from=0");
    sentWhileOthersAreStuck();
    everything(good);
    // The good one may be writing a last position just now.
    await(() -> gateway.readers().writing() == 2, "the others are stuck still");
    assertEquals(0, stuck.next().getPosition().getFrom(), "and may go on when they want");
    for (long index = 0; index < LEAVES; ) {
      FeedEvent event = stuck.next();
      if (event.hasLeaf()) {
        assertEquals(index++, event.getLeaf().getIndex());
      }
    }
  }

  @Test
  void whoReadsNothingForTooLongIsCut() throws Exception {
    Gateway gateway = gateway(STRICT, IDLE);
    fill();
    Socket deaf = deaf(gateway);
    Call stuck = new Call(channel(gateway), 0);
    SseReader good = sse(gateway, "?from=0");
    await(() -> gateway.readers().count() == 3, "all are there");
    await(() -> gateway.readers().count() == 1, "only who reads is left");
    everything(good);
    stuck.ended(Status.Code.UNAVAILABLE, Reason.BUSY);
    deaf.setSoTimeout(20_000);
    assertTrue(endsCut(deaf), "the answer was not ended as if it were whole");
  }

  private static boolean endsCut(Socket socket) {
    try {
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return !all.endsWith("0\r\n\r\n");
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void oneTooManyIsRefusedUntilAnotherLeaves() throws Exception {
    Gateway gateway = gateway(PATIENT, IDLE);
    SseReader first = sse(gateway, "");
    sse(gateway, "");
    Call third = new Call(channel(gateway), end());
    third.next();
    assertEquals("BUSY", refused(gateway).expect(503).text("code"));
    new Call(channel(gateway), 0).ended(Status.Code.UNAVAILABLE, Reason.BUSY);
    third.call.cancel("enough", null);
    await(() -> gateway.readers().count() == 2, "a call that was cancelled makes room");
    Call fourth = new Call(channel(gateway), end());
    fourth.next();
    first.close();
    await(() -> gateway.readers().count() == 2, "a connection that was closed makes room");
  }

  @Test
  void theEndOfTheGatewayEndsFeedsAsIfTheyWereWhole() throws Exception {
    Gateway gateway = gateway(PATIENT, IDLE);
    SseReader sse = sse(gateway, "?from=" + world.ledger(ChainId.of(KOMATSU)).size());
    Call call = new Call(channel(gateway), world.ledger(ChainId.of(KOMATSU)).size());
    call.next();
    await(() -> gateway.readers().count() == 2, "both read");
    long start = System.nanoTime();
    gateway.close();
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(millis < 5_000, "it took " + millis + " ms");
    SseReader.Event event = sse.next();
    while (event.type().equals("approval") || event.type().equals("leaf")) {
      event = sse.next();
    }
    assertEquals(SseReader.Event.END, event);
    call.ended(Status.Code.UNAVAILABLE, Reason.BUSY);
  }

  @Test
  void aFilteredReaderHearsHowFarItIs() throws Exception {
    Gateway gateway = gateway(PATIENT, IDLE);
    SseReader nothing = sse(gateway, "?account=Asia-Komatsu/nobody00");
    String end = KOMATSU + ":" + world.ledger(ChainId.of(KOMATSU)).size();
    await(() -> nothing.lastId().compareTo(end) >= 0, "its position is the end: " + end);
  }

  /** Streams of one connection share its window. */
  @Test
  void manyStreamsOfOneConnectionEachGetEverything() throws Exception {
    Gateway gateway =
        gateway(new FeedReaders.Bounds(100, Duration.ofSeconds(60), Duration.ofSeconds(15)), IDLE);
    fill();
    for (int round = 0; round < 2; round++) {
      ManagedChannel channel = channel(gateway);
      List<Call> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Call call = new Call(channel, 0);
        call.call.request(1_000_000);
        calls.add(call);
      }
      for (Call call : calls) {
        for (long index = 0; index < LEAVES; ) {
          FeedEvent event = call.events.poll(20, TimeUnit.SECONDS);
          assertTrue(event != null, () -> "ended: " + call.ended.getNow(Status.OK));
          if (event.hasLeaf()) {
            assertEquals(index++, event.getLeaf().getIndex());
          }
        }
      }
    }
  }

  @Test
  void aQuietStreamIsNotIdleButASilentConnectionIs() throws Exception {
    Gateway gateway =
        gateway(
            new FeedReaders.Bounds(5, Duration.ofSeconds(60), Duration.ofMillis(200)),
            Duration.ofMillis(500));
    long end = world.ledger(ChainId.of(KOMATSU)).size();
    Call call = new Call(channel(gateway), end);
    Socket silent = open(new Socket(InetAddress.getLoopbackAddress(), gateway.port()));
    silent.setSoTimeout(20_000);
    assertEquals(-1, silent.getInputStream().read(), "closed by the gateway");
    long start = System.nanoTime();
    while (System.nanoTime() - start < Duration.ofSeconds(3).toNanos()) {
      call.next();
    }
    assertTrue(!call.ended.isDone());
  }

  /** A byte now and then keeps no connection, neither in the head of a request nor in its body. */
  @Test
  void aRequestThatNeverArrivesWholeIsCut() throws Exception {
    Gateway gateway = gateway(new FeedReaders.Bounds(5, IDLE, IDLE), IDLE);
    for (String begun :
        List.of(
            "GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ",
            "POST /send HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")) {
      Socket slow = open(new Socket(InetAddress.getLoopbackAddress(), gateway.port()));
      slow.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
      assertTrue(isCut(slow), begun);
    }
    // A client that is in no hurry between its requests is not cut.
    Socket kept = open(new Socket(InetAddress.getLoopbackAddress(), gateway.port()));
    kept.setSoTimeout(20_000);
    for (int i = 0; i < 2; i++) {
      kept.getOutputStream()
          .write(
              "GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertTrue(kept.getInputStream().read() >= 0);
      Thread.sleep(REQUEST.plusMillis(500));
      kept.getInputStream().skipNBytes(kept.getInputStream().available());
    }
  }

  /** Sends a byte from time to time until the gateway does not take it any more. */
  private static boolean isCut(Socket slow) throws InterruptedException {
    long start = System.nanoTime();
    try {
      while (System.nanoTime() - start < Duration.ofSeconds(20).toNanos()) {
        Thread.sleep(200);
        slow.getOutputStream().write('a');
      }
      return false;
    } catch (IOException cut) {
      return true;
    }
  }
}
