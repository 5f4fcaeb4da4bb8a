package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.node.Node;
import aika.node.NodeException;
import aika.node.NodeSettings;
import aika.node.config.NeighboursFile;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.StoreSettings;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node's starts wait for, what they go by, and what ends them. */
@Timeout(120)
final class StartsIT {
  private static final ChainId ASIA = ChainId.of("Asia");
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final Starts.Paces AT_ONCE = new Starts.Paces(0, 0);
  private static final long DAY_MILLIS = 86_400_000;
  private static final long POLL_MILLIS = 20;

  /** Much less than a start waits for a neighbour, and much more than a stop takes. */
  private static final long PROMPT_SECONDS = 20;

  @TempDir Path temporary;

  private final StringWriter out = new StringWriter();
  private final Stop stop = new Stop();
  private final List<NodeSettings> seen = new ArrayList<>();
  private final int offset = FreeOffset.find();
  private final CountDownLatch asked = new CountDownLatch(1);
  private @Nullable HttpServer neighbour;
  private NodeHome home;

  @BeforeEach
  void init() {
    Path data = temporary.resolve("aika");
    CommandWorld.aika("init", data.toString()).expect(0);
    home = NodeHome.open(data);
  }

  @AfterEach
  void close() {
    stop.close();
    if (neighbour != null) {
      neighbour.stop(0);
    }
  }

  private NodeSettings settings() {
    return new NodeSettings(
        home.node(KOMATSU.value()),
        "127.0.0.1",
        offset,
        StoreSettings.standard(),
        Set.of(KOMATSU),
        Map.of(),
        home.tls());
  }

  private Starts starts(boolean clockIsRight, Starts.Opening opening, Starts.Paces paces) {
    Screen screen = new Screen(new PrintWriter(out));
    return new Starts(home, settings().withClock(clockIsRight), stop, screen, opening, paces);
  }

  private Node real(NodeSettings now, Consumer<Runnable> stopping) {
    seen.add(now);
    return new Node(now, home.file(), home.keys(), stopping);
  }

  private void neighbours(String text) {
    try {
      Files.writeString(home.directory().resolve(NeighboursFile.NAME), text);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private List<Optional<URI>> gateways() {
    return seen.stream().map(one -> Optional.ofNullable(one.gateways().get(ASIA))).toList();
  }

  private static NodeException unconfirmed() {
    return new NodeException(Reason.CLOCK_UNCONFIRMED, "in this test");
  }

  // ------------------------------------------------------------------------------- attempts

  @Test
  void eachAttemptGoesByTheNeighboursAsTheyAreThen() {
    Starts starts =
        starts(
            false,
            (now, _) -> {
              seen.add(now);
              switch (seen.size()) {
                case 1 -> neighbours("Asia: http://asia.example:1024\n");
                case 2 -> neighbours("Asia: http://elsewhere.example:1024\n");
                case 3 -> neighbours("Asia: nowhere\n"); // as before, while it has faults
                default -> throw new NodeException(Reason.NODE_BEHIND, "for another reason");
              }
              throw unconfirmed();
            },
            AT_ONCE);
    NodeException refused = assertThrows(NodeException.class, starts::first);
    assertEquals(Reason.NODE_BEHIND, refused.refusal().reason());
    Optional<URI> elsewhere = Optional.of(URI.create("http://elsewhere.example:1024"));
    assertEquals(
        List.of(
            Optional.empty(),
            Optional.of(URI.create("http://asia.example:1024")),
            elsewhere,
            elsewhere),
        gateways());
    String told = Reason.CLOCK_UNCONFIRMED.nextEn();
    assertEquals(out.toString().indexOf(told), out.toString().lastIndexOf(told), "told once");
    assertTrue(out.toString().contains(told), out::toString);
  }

  @Test
  void soDoesEachAfterAFaultThatMayPass() {
    Starts starts =
        starts(
            false,
            (now, _) -> {
              seen.add(now);
              neighbours("Asia: http://asia" + seen.size() + ".example:1024\n");
              throw new IllegalStateException("fault " + seen.size());
            },
            AT_ONCE);
    IllegalStateException last = assertThrows(IllegalStateException.class, starts::again);
    assertEquals("fault 10", last.getMessage(), "it is not tried for ever");
    for (int i = 1; i < seen.size(); i++) {
      assertEquals(Optional.of(URI.create("http://asia" + i + ".example:1024")), gateways().get(i));
    }
  }

  @Test
  void whatIsSaidOfTheClockHoldsForTheFirstStart() throws Exception {
    Starts starts = starts(true, this::real, AT_ONCE);
    for (int i = 0; i < 2; i++) {
      try (Node node = i == 0 ? starts.first() : starts.again()) {
        assertTrue(Objects.requireNonNull(node).leads());
      }
    }
    assertEquals(List.of(true, false), seen.stream().map(NodeSettings::clockIsRight).toList());
  }

  // ------------------------------------------------------------------------------- stopping

  private static FutureTask<@Nullable Node> inAThread(Callable<@Nullable Node> start) {
    FutureTask<@Nullable Node> task = new FutureTask<>(start);
    Thread.ofVirtual().start(task);
    return task;
  }

  @Test
  void aStopEndsTheWaitForTheClock() throws Exception {
    Starts starts =
        starts(
            false,
            (now, _) -> {
              seen.add(now);
              asked.countDown();
              throw unconfirmed();
            },
            new Starts.Paces(DAY_MILLIS, DAY_MILLIS));
    FutureTask<@Nullable Node> start = inAThread(starts::first);
    asked.await();
    stop.ask();
    assertNull(start.get(PROMPT_SECONDS, TimeUnit.SECONDS));
    assertEquals(1, seen.size());
  }

  /** The chain has begun, so that a start waits for a neighbour, and needs its clock. */
  private long begunLongAgo() {
    long monthAgo = System.currentTimeMillis() - Duration.ofDays(30).toMillis();
    try (Shard shard = open(monthAgo)) {
      shard.begin();
    }
    home.keys().begun(KOMATSU);
    return size();
  }

  private long size() {
    try (Shard shard = open(System.currentTimeMillis())) {
      return shard.chain(KOMATSU).size();
    }
  }

  private Shard open(long time) {
    ShardSettings settings =
        new ShardSettings(
            home.federation().id(),
            home.node(KOMATSU.value()).resolve("shard"),
            List.of(KOMATSU),
            home.federation().block().interval().toMillis(),
            home.federation().limits().unapprovedLeaves(),
            StoreSettings.standard(),
            ShardSettings.Log.STANDARD);
    return Shard.open(settings, home.file().directory(), new Ed25519(16), () -> time);
  }

  /** Linux has all of 127.0.0.0/8: a node takes the second address for another machine's. */
  private void asiaAt(String address, HttpHandler answer) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    neighbour = server;
    server.createContext(
        "/",
        exchange -> {
          asked.countDown();
          answer.handle(exchange);
        });
    server.start();
    neighbours("Asia: http://" + address + ":" + server.getAddress().getPort() + "\n");
  }

  private static void knowsNothing(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(404, -1);
    exchange.close();
  }

  @Test
  void aStopEndsTheWaitForANeighbourAndNothingBegins() throws Exception {
    long size = begunLongAgo();
    asiaAt("127.0.0.1", HttpExchange::close); // nobody who answers
    FutureTask<@Nullable Node> start = inAThread(starts(false, this::real, AT_ONCE)::first);
    asked.await();
    stop.ask();
    assertNull(start.get(PROMPT_SECONDS, TimeUnit.SECONDS));
    assertEquals(size, size());
  }

  // -------------------------------------------------------------------------------- command

  private AikaProcess process(String... more) {
    List<String> arguments = new ArrayList<>(List.of("node", KOMATSU.value()));
    arguments.addAll(List.of("--data", home.directory().toString()));
    arguments.addAll(List.of("--port-offset", String.valueOf(offset)));
    arguments.addAll(List.of(more));
    return AikaProcess.start(temporary.resolve("output"), arguments.toArray(String[]::new));
  }

  private static void says(AikaProcess process, String text) throws InterruptedException {
    while (!process.output().contains(text)) {
      assertTrue(process.runs(POLL_MILLIS), process::output);
    }
  }

  private static void stops(AikaProcess process) throws InterruptedException {
    long start = System.nanoTime();
    assertEquals(143, process.stop(), process::output);
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    assertTrue(seconds < PROMPT_SECONDS, seconds + " s: " + process.output());
    assertTrue(process.output().contains("stopped"), process::output);
  }

  @Test
  void theCommandIsStoppedWhileItWaitsForANeighbour() throws Exception {
    long size = begunLongAgo();
    asiaAt("127.0.0.1", HttpExchange::close);
    try (AikaProcess process = process()) {
      while (asked.getCount() > 0) {
        assertTrue(process.runs(POLL_MILLIS), process::output);
      }
      stops(process);
      assertFalse(process.output().contains("ready; "), process::output);
      assertFalse(process.output().contains(Reason.NODE_BEHIND.name()), process::output);
    }
    assertEquals(size, size());
  }

  @Test
  void theCommandWaitsForTheClockUntilItsOperatorSaysThatItIsRight() throws Exception {
    long size = begunLongAgo();
    asiaAt("127.0.0.2", StartsIT::knowsNothing); // nor does it tell its time
    try (AikaProcess process = process()) {
      says(process, Reason.CLOCK_UNCONFIRMED.nextEn());
      stops(process);
    }
    assertEquals(size, size());
    try (AikaProcess process = process("--clock-is-right")) {
      says(process, "ready; ");
      stops(process);
    }
  }
}
