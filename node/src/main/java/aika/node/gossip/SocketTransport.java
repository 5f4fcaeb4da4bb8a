package aika.node.gossip;

import io.scalecube.cluster.transport.api.Message;
import io.scalecube.cluster.transport.api.Transport;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Carries the library's messages over sockets, plain or with TLS, each as a length of four bytes
 * and that many bytes. A connection carries one direction. What cannot be sent at once, or is no
 * message, is lost: the library repeats what matters.
 */
final class SocketTransport implements Transport {
  /** Room for a list of some 2,000 members. */
  static final int FRAME_BYTES_MAX = 262_144;

  private static final Logger LOG = LoggerFactory.getLogger(SocketTransport.class);
  private static final int CONNECTIONS_MAX = 2_048;
  private static final int WAITING_FRAMES_MAX = 256;
  private static final int CONNECT_MILLIS_MAX = 3_000;
  private static final long NO_SOCKET_MILLIS = 100;
  private static final int QUIET_MILLIS_MAX = 120_000;
  private static final long IDLE_SECONDS_MAX = 5;

  private final @Nullable ServerSocket listening;
  private final Calling calling;
  private final String address;
  private final Inbox inbox = new Inbox();
  private final Map<String, Peer> peers = new ConcurrentHashMap<>();
  private final Set<Socket> incoming = ConcurrentHashMap.newKeySet();
  private final Set<Socket> outgoing = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Runnable malformed;
  private volatile boolean stopped;

  /** How another node is called. */
  @FunctionalInterface
  interface Calling {
    /**
     * @param millisMax to be connected
     */
    Socket call(String host, int port, int millisMax) throws IOException;
  }

  /**
   * @param listening bound already; null when somebody else listens and brings what arrives
   * @param address where others reach it, as {@code host:port}
   * @param malformed hears of each connection that was dropped for what it brought
   */
  SocketTransport(
      @Nullable ServerSocket listening, Calling calling, String address, Runnable malformed) {
    this.listening = listening;
    this.calling = calling;
    this.address = address;
    this.malformed = malformed;
  }

  @Override
  public Mono<Transport> start() {
    return Mono.fromSupplier(() -> {
      if (listening != null) {
        run("gossip-accept", () -> accept(listening));
      }
      return this;
    });
  }

  private void run(String name, Runnable work) {
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(() -> {
              try {
                work.run();
              } finally {
                threads.remove(Thread.currentThread());
              }
            });
    threads.add(thread);
    thread.start();
  }

  private void accept(ServerSocket door) {
    try {
      while (!stopped) {
        try {
          take(door.accept());
        } catch (IOException none) {
          LOG.debug("gossip: no connection: {}", none.toString());
          Thread.sleep(NO_SOCKET_MILLIS); // it is closed, or the process has too many files open
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(Socket from) throws IOException {
    if (incoming.size() >= CONNECTIONS_MAX) {
      from.close();
    } else {
      incoming.add(from);
      run("gossip-from", () -> receive(from));
    }
  }

  private void receive(Socket from) {
    try (from) {
      from.setSoTimeout(QUIET_MILLIS_MAX);
      receive(from.getInputStream(), from);
    } catch (IOException gone) {
      LOG.debug("gossip: {} is gone: {}", from, gone.toString());
    } finally {
      incoming.remove(from);
    }
  }

  /**
   * Takes frames until there are no more.
   *
   * @param from for the log
   */
  void receive(InputStream frames, Object from) {
    try {
      DataInputStream in = new DataInputStream(frames);
      for (int length = in.readInt(); !stopped; length = in.readInt()) {
        if (length < 1 || length > FRAME_BYTES_MAX) {
          throw new IOException("a frame of " + length + " bytes");
        }
        byte[] frame = in.readNBytes(length); // as it comes: a length alone takes no memory
        if (frame.length < length) {
          throw new IOException("a frame was cut");
        }
        inbox.take(frame);
      }
    } catch (EOFException | SocketException | SocketTimeoutException end) {
      LOG.debug("gossip: {} is gone: {}", from, end.toString());
    } catch (IOException bad) {
      malformed.run();
      LOG.debug("gossip: {} is dropped: {}", from, bad.toString());
    }
  }

  @Override
  public Flux<Message> listen() {
    return inbox.listen();
  }

  @Override
  public Mono<Void> send(String to, Message message) {
    return Mono.fromCallable(
            () -> {
              enqueue(to, Inbox.frame(message));
              return message;
            })
        .then();
  }

  private void enqueue(String to, byte[] frame) throws IOException {
    if (stopped || frame.length > FRAME_BYTES_MAX) {
      throw new IOException("a frame of " + frame.length + " bytes is not sent");
    }
    boolean[] taken = new boolean[1];
    peers.compute(
        to,
        (_, known) -> {
          Peer peer = known == null ? new Peer(to) : known;
          taken[0] = peer.frames.offer(frame);
          if (known == null) {
            run("gossip-to-" + to, peer);
          }
          return peer;
        });
    if (!taken[0]) {
      throw new IOException(to + " is too slow");
    }
  }

  @Override
  public Mono<Message> requestResponse(String to, Message request) {
    return inbox.answer(request, send(to, request));
  }

  /** What waits to be sent to one address. */
  private final class Peer implements Runnable {
    private final String to;
    private final BlockingQueue<byte[]> frames = new ArrayBlockingQueue<>(WAITING_FRAMES_MAX);

    Peer(String to) {
      this.to = to;
    }

    @Override
    public void run() {
      try (Socket socket =
          calling.call(Transport.parseHost(to), Transport.parsePort(to), CONNECT_MILLIS_MAX)) {
        outgoing.add(socket);
        try {
          if (!stopped) {
            send(new DataOutputStream(new BufferedOutputStream(socket.getOutputStream())));
          }
        } finally {
          outgoing.remove(socket);
        }
      } catch (IOException | RuntimeException away) {
        LOG.debug("gossip: {} cannot be reached: {}", to, away.toString());
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      } finally {
        peers.remove(to, this);
      }
    }

    private void send(DataOutputStream out) throws IOException, InterruptedException {
      for (byte[] frame = next(); frame != null && !stopped; frame = next()) {
        out.writeInt(frame.length);
        out.write(frame);
        if (frames.isEmpty()) {
          out.flush();
        }
      }
    }

    private byte @Nullable [] next() throws InterruptedException {
      return frames.poll(IDLE_SECONDS_MAX, TimeUnit.SECONDS);
    }
  }

  /** Over TCP, in the clear. */
  static Socket plain(String host, int port, int millisMax) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), millisMax);
      return socket;
    } catch (IOException away) {
      socket.close();
      throw away;
    }
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
    return Mono.fromRunnable(this::close);
  }

  void close() {
    stopped = true;
    if (listening != null) {
      close(listening);
    }
    incoming.forEach(SocketTransport::close);
    outgoing.forEach(SocketTransport::close);
    threads.forEach(Thread::interrupt);
    inbox.close();
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception already) {
      LOG.debug("gossip: {}", already.toString());
    }
  }
}
