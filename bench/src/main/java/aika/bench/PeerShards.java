package aika.bench;

import aika.core.ledger.Directory;
import aika.core.note.Ed25519;
import aika.node.order.OrderingSettings;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/** The peers of one shard, all in this process, each with its own directory. */
final class PeerShards implements AutoCloseable {
  private static final long WAIT_SECONDS_MAX = 300;
  private static final long POLL_MILLIS = 5;
  private static final int PORT_MIN = 61_000;
  private static final int PORTS = 4_000;

  private final Path data;
  private final BiFunction<Path, ShardSettings.PeerGroup, ShardSettings> settings;
  private final Directory directory;
  private final Ed25519 ed25519;
  private final Map<String, OrderingSettings.Peer> peers = new TreeMap<>();
  private final Map<String, Shard> running = new TreeMap<>();
  private final String leader;

  /** Starts them and waits until one leads. */
  PeerShards(
      int count,
      Path data,
      BiFunction<Path, ShardSettings.PeerGroup, ShardSettings> settings,
      Directory directory,
      Ed25519 ed25519) {
    this.data = data;
    this.settings = settings;
    this.directory = directory;
    this.ed25519 = ed25519;
    for (int i = 1; i <= count; i++) {
      addPeer(String.valueOf(i));
    }
    peers.keySet().forEach(id -> open(id, true));
    await("an election", () -> running.values().stream().anyMatch(Shard::leads));
    leader =
        running.entrySet().stream()
            .filter(one -> one.getValue().leads())
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    shard(leader).begin();
  }

  private void addPeer(String id) {
    peers.put(id, new OrderingSettings.Peer(id, "127.0.0.1", freePort()));
  }

  /** Above those that a system gives to whoever connects: a peer that is called would lose it. */
  private static int freePort() {
    return ThreadLocalRandom.current()
        .ints(PORTS, PORT_MIN, PORT_MIN + PORTS)
        .filter(PeerShards::isFree)
        .findFirst()
        .orElseThrow(() -> new BenchException("no port is free"));
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private void open(String id, boolean mayBegin) {
    ShardSettings.PeerGroup group =
        new ShardSettings.PeerGroup(id, List.copyOf(peers.values()), mayBegin, null);
    running.put(
        id,
        Shard.open(
            settings.apply(directory(id), group), directory, ed25519, System::currentTimeMillis));
  }

  private Path directory(String id) {
    return data.resolve("peer-" + id).resolve("shard");
  }

  private Shard shard(String id) {
    Shard shard = running.get(id);
    if (shard == null) {
      throw new BenchException("peer " + id + " does not run");
    }
    return shard;
  }

  Shard leader() {
    if (!shard(leader).leads()) {
      throw new BenchException("the leader has changed; the machine is too busy to measure this");
    }
    return shard(leader);
  }

  /** Stops one that does not lead; its id. */
  String stopOne() {
    String id =
        running.keySet().stream().filter(one -> !one.equals(leader)).findFirst().orElseThrow();
    shard(id).close();
    running.remove(id);
    return id;
  }

  /** Starts it again and waits until it has executed what the leader has; seconds. */
  double startAgain(String id) {
    long start = System.nanoTime();
    open(id, true);
    return awaitLevel(id, start);
  }

  /** Makes one that is stopped anew from a copy, under another name; seconds. */
  double replace(String id, String fresh) {
    peers.remove(id);
    leader().setPeers(List.copyOf(peers.values()));
    addPeer(fresh);
    long start = System.nanoTime();
    try {
      leader().copyInto(directory(fresh));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    open(fresh, false);
    leader().setPeers(List.copyOf(peers.values()));
    return awaitLevel(fresh, start);
  }

  private double awaitLevel(String id, long start) {
    await("peer " + id, () -> leaves(shard(id)) >= leaves(leader()));
    return (System.nanoTime() - start) / 1e9;
  }

  static long leaves(Shard shard) {
    return shard.chains().stream().mapToLong(chain -> chain.size()).sum();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + WAIT_SECONDS_MAX * 1_000_000_000;
    try {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > deadline) {
          throw new BenchException("waited in vain: " + what);
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", stop);
    }
  }

  @Override
  public void close() {
    List<Shard> last = new ArrayList<>(running.values());
    Shard first = running.get(leader);
    last.remove(first); // closed last: the others want it for their end
    last.forEach(Shard::close);
    if (first != null) {
      first.close();
    }
  }
}
