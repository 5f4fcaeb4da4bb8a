package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same code with three peers, which talk over loopback. */
@Timeout(60)
class OrderingPeersTest {
  @TempDir Path directory;

  private record Member(String id, Recorder recorder, Ordering ordering) {}

  private final List<OrderingSettings.Peer> peers = new ArrayList<>();
  private final List<Member> running = new ArrayList<>();

  @AfterEach
  void stop() {
    running.parallelStream().forEach(member -> member.ordering().close());
  }

  @Test
  void replicatesAndSurvivesTheLossOfItsLeader() throws Exception {
    peers.addAll(freePorts("a", "b", "c"));
    for (OrderingSettings.Peer peer : peers) {
      start(peer.id(), new Recorder());
    }
    Member first = leader();
    submit(first, 0, 50);
    for (Member member : running) {
      if (!member.equals(first)) {
        assertFalse(refusal(member.ordering().submit(new byte[] {1})).maybeOrdered());
      }
    }
    running.remove(first);
    first.ordering().close();
    assertEquals(50, first.recorder().texts().size());
    submit(leader(), 50, 100);

    Recorder returned = first.recorder().crashed();
    start(first.id(), returned);
    returned.awaitSize(100);
    assertEquals(IntStream.range(0, 100).mapToObj(Integer::toString).toList(), returned.texts());
  }

  @Test
  void whoIsNotHeardAnyMoreIsBehindBySomethingUnknown() throws Exception {
    peers.addAll(freePorts("a", "b", "c"));
    for (OrderingSettings.Peer peer : peers) {
      start(peer.id(), new Recorder());
    }
    Member leader = leader();
    submit(leader, 0, 10);
    await(() -> heard(leader).equals(Set.of("a", "b", "c")));

    Member away = running.stream().filter(m -> !m.equals(leader)).findFirst().orElseThrow();
    running.remove(away);
    away.ordering().close();
    Member third = running.stream().filter(m -> !m.equals(leader)).findFirst().orElseThrow();
    await(() -> heard(leader).equals(Set.of(leader.id(), third.id())));
    assertTrue(leader.ordering().handOver(), "to the one that is there");
    await(() -> third.ordering().leads());

    running.remove(third);
    third.ordering().close();
    await(() -> heard(leader).isEmpty()); // nobody leads: that it lacks nothing is not known
  }

  /** Those of whom it is known how far they are. */
  private static Set<String> heard(Member asked) {
    return asked.ordering().peers().stream()
        .filter(peer -> peer.behind().isPresent())
        .map(PeerState::id)
        .collect(Collectors.toSet());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not in time");
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Free a moment ago, at least. */
  private static List<OrderingSettings.Peer> freePorts(String... ids) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<OrderingSettings.Peer> free = new ArrayList<>();
    for (String id : ids) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      free.add(new OrderingSettings.Peer(id, "127.0.0.1", socket.getLocalPort()));
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return free;
  }

  private void start(String id, Recorder recorder) {
    running.add(new Member(id, recorder, Ordering.start(settings(id), recorder)));
  }

  private Member leader() {
    CompletableFuture.anyOf(
            running.stream()
                .map(member -> member.ordering().ready())
                .toArray(CompletableFuture<?>[]::new))
        .join();
    return running.stream().filter(m -> m.ordering().leading()).findFirst().orElseThrow();
  }

  private static void submit(Member leader, int from, int to) {
    IntStream.range(from, to)
        .mapToObj(i -> Integer.toString(i).getBytes(StandardCharsets.UTF_8))
        .map(leader.ordering()::submit)
        .toList()
        .forEach(CompletableFuture::join);
  }

  @Test
  void namesAPortThatIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      peers.add(new OrderingSettings.Peer("a", "127.0.0.1", port));
      peers.addAll(freePorts("b"));
      OrderingException refusal =
          assertThrows(
              OrderingException.class, () -> Ordering.start(settings("a"), new Recorder()));
      assertTrue(refusal.getMessage().contains("port " + port + " "), refusal.getMessage());
    }
  }

  /** With a log or without: entries come to a machine before it is one of the peers. */
  @Test
  void onlyWhoMayBeginHasPeersThatItsLogDoesNotName() throws IOException {
    peers.addAll(freePorts("a", "b", "c"));
    assertEquals(peers, settings("a").first());
    OrderingSettings any = settings("a");
    OrderingSettings joined =
        new OrderingSettings(
            any.directory(),
            any.shard(),
            any.peer(),
            peers,
            any.snapshotEntries(),
            any.segmentBytes(),
            any.entryBytesMax(),
            any.inFlightMax(),
            any.inFlightBytesMax(),
            new OrderingSettings.Network(false, true, null));
    Path log = any.directory().resolve(any.groupId().toString()).resolve("current");
    Files.createDirectories(log);
    Files.createFile(log.resolve("log_inprogress_0"));
    assertTrue(StartChecks.hasLog(joined));
    assertEquals(List.of(), joined.first());
  }

  private OrderingSettings settings(String id) {
    return new OrderingSettings(
        directory.resolve(id), "komatsu", id, peers, 20, 64 * 1024, 8 * 1024, 16, 64 * 1024);
  }

  private static OrderingException refusal(CompletableFuture<byte[]> answer) {
    CompletionException thrown = assertThrows(CompletionException.class, answer::join);
    return assertInstanceOf(OrderingException.class, thrown.getCause());
  }
}
