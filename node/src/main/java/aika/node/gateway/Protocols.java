package aika.node.gateway;

import aika.node.gossip.GossipDoor;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.http2.Http2Util;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1, HTTP/2 and gRPC on one port. A connection's first bytes say which; there are no
 * upgrades from one to the other.
 *
 * <p>Helidon's own choice between several protocols neither counts a connection that says nothing
 * as idle nor one whose only stream is quiet as busy: it would keep the former for ever and cut the
 * latter.
 */
final class Protocols implements ServerConnectionSelector {
  private static final byte[] PREFACE = Http2Util.prefaceData().readBytes();

  /** Calls of a connection that its client ends within ten seconds; Helidon counts each of them. */
  private static final int CANCELLED_MAX = 500;

  private final ServerConnectionSelector http1 =
      Http1ConnectionSelector.builder().config(Http1Config.create()).build();
  private final ServerConnectionSelector http2;
  private final Duration requestMax;
  private final @Nullable GossipDoor gossip;

  /**
   * @param requestMax in which an HTTP/1.1 request has to arrive whole
   * @param writeMax in which an HTTP/2 client makes room for more of an answer
   * @param gossip for a listener to which nodes come, with certificates; null for people's
   */
  Protocols(Duration requestMax, Duration writeMax, @Nullable GossipDoor gossip) {
    this.requestMax = requestMax;
    this.gossip = gossip;
    http2 =
        Http2ConnectionSelector.builder()
            .http2Config(
                Http2Config.builder()
                    .flowControlTimeout(writeMax)
                    .maxRapidResets(CANCELLED_MAX)
                    .buildPrototype())
            .addSubProtocolSelector(new GrpcCalls())
            .build();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  @Override
  public Support supports(BufferData any) {
    return Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return Set.of("http/1.1", "h2");
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Either(context);
  }

  private final class Either implements ServerConnection, InterruptableTask<Void> {
    private final ConnectionContext context;
    private final Instant opened = Instant.now();
    private volatile @Nullable ServerConnection chosen;
    private volatile @Nullable Thread thread;

    Either(ConnectionContext context) {
      this.context = context;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      thread = Thread.currentThread();
      ServerConnection connection = gossip == null ? http() : ofNode(gossip);
      chosen = connection;
      connection.handle(limit);
    }

    private ServerConnection http() {
      return isHttp2() ? http2.connection(context) : http1.connection(new Patient(context, this));
    }

    /** The handshake has seen to that already; what else comes to this port has no business. */
    private ServerConnection ofNode(GossipDoor door) {
      if (context.remotePeer().tlsCertificates().isEmpty()) {
        throw new CloseConnectionException("no certificate");
      }
      return GossipConnection.begins(context.dataReader())
          ? new GossipConnection(context, door)
          : http1.connection(new Patient(context, this));
    }

    private boolean isHttp2() {
      try {
        return context.dataReader().startsWith(PREFACE);
      } catch (DataReader.InsufficientDataAvailableException nothing) {
        throw new CloseConnectionException("closed without a request", nothing);
      }
    }

    @Override
    public boolean canInterrupt() {
      return chosen == null || chosen instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    /** A connection with a request under way is not idle, however quiet. */
    @Override
    public Duration idleTime() {
      ServerConnection connection = chosen;
      if (connection == null) {
        return Duration.between(opened, Instant.now());
      }
      return canInterrupt() ? connection.idleTime() : Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
      ServerConnection connection = chosen;
      Thread reading = thread;
      if (connection != null) {
        connection.close(interrupt);
      } else if (reading != null) {
        reading.interrupt();
      }
    }
  }

  /**
   * A connection whose client has only so long to send a request, from its first line on. The time
   * between two bytes is the socket's own limit, which a byte now and then never reaches.
   */
  private final class Patient implements ConnectionContext {
    private final ConnectionContext context;
    private final Either connection;
    private final DataReader reader;

    /** Since when a request is on its way, or nothing was. */
    private long beganNanos = System.nanoTime();

    Patient(ConnectionContext context, Either connection) {
      this.context = context;
      this.connection = connection;
      DataReader all = context.dataReader();
      reader = DataReader.create(() -> read(all));
    }

    private byte @Nullable [] read(DataReader all) {
      boolean between = connection.canInterrupt(); // no request, or not yet its whole first line
      if (!between && System.nanoTime() - beganNanos > requestMax.toNanos()) {
        throw new CloseConnectionException("a request did not arrive in time");
      }
      byte[] more = next(all);
      if (between) {
        beganNanos = System.nanoTime();
      }
      return more;
    }

    /** What has arrived; waits when that is nothing. */
    private static byte @Nullable [] next(DataReader all) {
      try {
        all.ensureAvailable();
      } catch (DataReader.InsufficientDataAvailableException ended) {
        return null;
      }
      return all.readBytes(all.available());
    }

    @Override
    public DataReader dataReader() {
      return reader;
    }

    @Override
    public DataWriter dataWriter() {
      return context.dataWriter();
    }

    @Override
    public ListenerContext listenerContext() {
      return context.listenerContext();
    }

    @Override
    public ExecutorService executor() {
      return context.executor();
    }

    @Override
    public Router router() {
      return context.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
      return context.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
      return context.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
      return context.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
      return context.localPeer();
    }

    @Override
    public boolean isSecure() {
      return context.isSecure();
    }

    @Override
    public String socketId() {
      return context.socketId();
    }

    @Override
    public String childSocketId() {
      return context.childSocketId();
    }
  }
}
