package aika.node.gossip;

import io.scalecube.cluster.ClusterImpl;
import io.scalecube.cluster.ClusterMessageHandler;
import io.scalecube.cluster.membership.MembershipEvent;
import io.scalecube.cluster.transport.api.Message;
import io.scalecube.cluster.transport.api.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of the federation's cluster (SWIM, by ScaleCube Cluster), which passes rumours on. Only
 * this class, its transport and its codec know the library.
 */
final class Membership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private static final String PREFIX = "aika/";
  private static final String FROM = "from";
  private static final int GOSSIP_MILLIS = 50;
  private static final int GOSSIP_FANOUT = 3;
  private static final int GOSSIP_REPEAT = 1;
  private static final int PING_MILLIS = 2_000;
  private static final int PING_MILLIS_MAX = 1_000;
  private static final int SYNC_MILLIS = 10_000;
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

  /** Hears; must not block. */
  interface Listener {
    void heard(Rumour rumour);

    /** Somebody is there who has not heard what was told before. */
    void joined();

    /** Somebody sent what is no message. */
    void malformed();
  }

  private final Transport transport;

  /** Counted here: the library's own list must not be read while it changes. */
  private final Set<String> others = ConcurrentHashMap.newKeySet();

  private final ClusterImpl cluster;

  private Membership(Places places, Transport transport, Listener listener) {
    this.transport = transport;
    cluster =
        new ClusterImpl()
            .transport(config ->
                config
                    .transportFactory(_ -> transport)
                    .maxFrameLength(SocketTransport.FRAME_BYTES_MAX)
                    .messageCodec(new BoundedCodec()))
            .config(config -> config.memberAlias(places.self().value()))
            .membership(config ->
                config
                    .namespace(places.namespace())
                    .seedMembers(List.copyOf(places.seeds()))
                    .syncInterval(SYNC_MILLIS))
            .failureDetector(
                config -> config.pingInterval(PING_MILLIS).pingTimeout(PING_MILLIS_MAX))
            .gossip(config ->
                config
                    .gossipInterval(GOSSIP_MILLIS)
                    .gossipFanout(GOSSIP_FANOUT)
                    .gossipRepeatMult(GOSSIP_REPEAT))
            .handler(_ -> new Hearing(listener));
  }

  /**
   * Listens and joins; it does not wait for others.
   *
   * @throws IOException when the port is taken
   */
  static Membership start(Places places, Listener listener) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(places.host(), places.port()));
    } catch (IOException taken) {
      socket.close();
      throw taken;
    }
    SocketTransport transport =
        new SocketTransport(socket, SocketTransport::plain, places.address(), listener::malformed);
    return join(places, transport, listener);
  }

  /** Joins by TLS, through a door at which somebody else listens. */
  static Membership start(Places places, GossipDoor door, Listener listener) {
    SocketTransport transport =
        new SocketTransport(null, door.calling(), places.address(), listener::malformed);
    door.open(transport);
    return join(places, transport, listener);
  }

  /** Joins by any transport. */
  static Membership join(Places places, Transport transport, Listener listener) {
    Membership membership = new Membership(places, transport, listener);
    membership
        .cluster
        .start()
        .subscribe(null, failed -> LOG.error("gossip does not start", failed));
    return membership;
  }

  void spread(Rumour rumour) {
    Message message =
        Message.withData(rumour.bytes())
            .qualifier(PREFIX + rumour.kind().word())
            .header(FROM, rumour.from())
            .build();
    if (started()) { // what is told comes again when somebody joins
      cluster
          .spreadGossip(message)
          .subscribe(null, failed -> LOG.debug("gossip: {}", failed.toString()));
    }
  }

  /** How many nodes are seen, this one included. */
  int members() {
    return started() ? others.size() + 1 : 0;
  }

  private boolean started() {
    return cluster.member() != null;
  }

  private final class Hearing implements ClusterMessageHandler {
    private final Listener listener;

    Hearing(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void onGossip(Message message) {
      Object data = message.data();
      String from = message.header(FROM);
      String qualifier = message.qualifier();
      byte[] bytes = data instanceof byte[] given ? given : new byte[0];
      String word =
          qualifier != null && qualifier.startsWith(PREFIX)
              ? qualifier.substring(PREFIX.length())
              : "";
      listener.heard(new Rumour(Rumour.Kind.of(word), from == null ? "" : from, bytes));
    }

    @Override
    public void onMembershipEvent(MembershipEvent event) {
      if (event.isAdded()) {
        others.add(event.member().id());
        listener.joined();
      } else if (event.isRemoved()) {
        others.remove(event.member().id());
      }
    }
  }

  /** Says good-bye, as long as that takes no more than a few seconds. */
  @Override
  public void close() {
    cluster.shutdown();
    try {
      cluster.onShutdown().block(CLOSE_MAX);
    } catch (IllegalStateException slow) {
      LOG.info("gossip: left without a good-bye: {}", slow.getMessage());
    } finally {
      transport.stop().block(CLOSE_MAX);
    }
  }
}
