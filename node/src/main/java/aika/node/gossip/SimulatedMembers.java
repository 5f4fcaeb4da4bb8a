package aika.node.gossip;

import aika.core.money.ChainId;
import io.scalecube.cluster.transport.api.Message;
import io.scalecube.cluster.transport.api.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Members that gossip as nodes do, with the same library, settings and frames, in one process and
 * without sockets: to measure with more members than a machine has ports and files for. All join by
 * the first.
 */
public final class SimulatedMembers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedMembers.class);
  private static final ChainId SELF = ChainId.of("Asia");
  private static final String FEDERATION = "simulated";

  private final Map<String, Wire> wires = new ConcurrentHashMap<>();
  private final List<Membership> members = new ArrayList<>();
  private final LongAdder sentBytes = new LongAdder();
  private final long delayMillis;
  private final Heard heard;
  private final ScheduledExecutorService delivery =
      Executors.newScheduledThreadPool(
          Runtime.getRuntime().availableProcessors(),
          Thread.ofPlatform().daemon().name("gossip-wire-", 0).factory());

  /** Hears that a member has heard a rumour; any thread calls it. */
  @FunctionalInterface
  public interface Heard {
    /**
     * @param rumour its number
     */
    void heard(int member, int rumour);
  }

  /**
   * @param delay of each message
   */
  public SimulatedMembers(Duration delay, Heard heard) {
    delayMillis = delay.toMillis();
    this.heard = heard;
  }

  /** One member more. */
  public void add() {
    int number = members.size();
    Wire wire = new Wire(address(number));
    wires.put(wire.address, wire);
    Places places =
        new Places(
            SELF,
            Places.namespace(FEDERATION),
            "localhost",
            number + 1,
            wire.address,
            number == 0 ? Set.of() : Set.of(address(0)),
            Map.of());
    members.add(Membership.join(places, wire, new Hearing(number)));
  }

  private static String address(int number) {
    return "localhost:" + (number + 1);
  }

  public int count() {
    return members.size();
  }

  /** How many members this one sees, itself included. */
  public int seenBy(int member) {
    return members.get(member).members();
  }

  /**
   * One member tells a rumour.
   *
   * @param rumour its number, in its first bytes
   * @param bytes how many it has, at least four
   */
  public void tell(int member, int rumour, int bytes) {
    byte[] told = ByteBuffer.allocate(bytes).putInt(rumour).array();
    members.get(member).spread(new Rumour(Rumour.Kind.CHECKPOINT, SELF.value(), told));
  }

  /** What all members have sent, with the length of each frame. */
  public long sentBytes() {
    return sentBytes.sum();
  }

  private final class Hearing implements Membership.Listener {
    private final int number;

    Hearing(int number) {
      this.number = number;
    }

    @Override
    public void heard(Rumour rumour) {
      heard.heard(number, ByteBuffer.wrap(rumour.bytes()).getInt());
    }

    @Override
    public void joined() {
      // who tells is said from outside
    }

    @Override
    public void malformed() {
      throw new IllegalStateException("a member has sent what is no message");
    }
  }

  private final class Wire implements Transport {
    private final String address;
    private final Inbox inbox = new Inbox();
    private volatile boolean stopped;

    Wire(String address) {
      this.address = address;
    }

    @Override
    public Mono<Transport> start() {
      return Mono.just(this);
    }

    @Override
    public Flux<Message> listen() {
      return inbox.listen();
    }

    @Override
    public Mono<Void> send(String to, Message message) {
      return Mono.fromCallable(
              () -> {
                Wire wire = wires.get(to);
                if (wire == null || wire.stopped) {
                  throw new IOException(to + " cannot be reached");
                }
                byte[] frame = Inbox.frame(message);
                sentBytes.add(Integer.BYTES + frame.length);
                var _ =
                    delivery.schedule(() -> wire.take(frame), delayMillis, TimeUnit.MILLISECONDS);
                return message;
              })
          .then();
    }

    private void take(byte[] frame) {
      try {
        inbox.take(frame);
      } catch (IOException ours) {
        LOG.error("a member has sent what is no message", ours);
      }
    }

    @Override
    public Mono<Message> requestResponse(String to, Message request) {
      return inbox.answer(request, send(to, request));
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public boolean isStopped() {
      return stopped;
    }

    @Override
    public Mono<Void> stop() {
      return Mono.fromRunnable(() -> {
        stopped = true;
        inbox.close();
      });
    }
  }

  @Override
  public void close() {
    members.parallelStream().forEach(Membership::close);
    delivery.shutdownNow();
  }
}
