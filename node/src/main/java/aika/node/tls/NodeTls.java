package aika.node.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS to and from other nodes, with certificates on both sides. The files are looked at every few
 * seconds: what has changed counts from then on, also for connections that are open, and what
 * cannot be used changes nothing [TLS-6]. Any thread may ask.
 */
public final class NodeTls implements AutoCloseable {
  /** How often the files are looked at. */
  static final long LOOK_SECONDS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);

  private static final int HANDSHAKE_MILLIS_MAX = 10_000;

  /** One file's state; another one stands for another content. */
  private record Stamp(Object key, long modified, long bytes) {}

  private final Path directory;
  private final LongSupplier clock;
  private final Presenting presenting;
  private final Believing believing;
  private final SSLContext calling;
  private final SSLContext answering;
  private final ExpiryAlarm alarm = new ExpiryAlarm();
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile Credentials current;
  private List<Stamp> read;
  private List<Stamp> failed = List.of();
  private boolean told;
  private @Nullable Thread thread;

  private NodeTls(Path directory, LongSupplier clock) {
    this.directory = directory;
    this.clock = clock;
    read = stamps();
    current = TlsFiles.read(directory);
    presenting = new Presenting(current);
    believing = new Believing(current);
    calling = new Unresumed(this::context).context();
    answering = new Serving(this::context).context();
  }

  /**
   * Reads the files; none when there is no such directory. Without {@link #start} they are not
   * looked at again.
   *
   * @param clock ms since 1970
   * @throws TlsException naming the file that cannot be used
   */
  public static Optional<NodeTls> open(Path directory, LongSupplier clock) {
    return Files.isDirectory(directory)
        ? Optional.of(new NodeTls(directory, clock))
        : Optional.empty();
  }

  /** For one connection. */
  private SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(new KeyManager[] {presenting}, new TrustManager[] {believing}, null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("the JDK has no TLS 1.3", impossible);
    }
  }

  private static SSLParameters parameters() {
    return new SSLParameters(null, new String[] {"TLSv1.3"});
  }

  /** Of the side that is called. */
  static SSLParameters withCertificates() {
    SSLParameters parameters = parameters();
    parameters.setNeedClientAuth(true);
    return parameters;
  }

  /** Looks at the files and the dates from now on, until it is closed. */
  public NodeTls start() {
    alarm.look(expiries(), clock.getAsLong());
    thread = Thread.ofVirtual().name("tls-files").start(this::lookOn);
    return this;
  }

  private void lookOn() {
    try {
      while (!stop.await(LOOK_SECONDS, TimeUnit.SECONDS)) {
        look();
        alarm.look(expiries(), clock.getAsLong());
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Three files are not replaced at once, so the log tells of what does not fit twice. */
  void look() {
    List<Stamp> now = stamps();
    if (now.equals(read)) {
      return;
    }
    try {
      Credentials next = TlsFiles.read(directory);
      presenting.use(next);
      believing.use(next); // ends what was believed before
      current = next;
      read = now;
      LOG.info("new files in {}: {}", directory, next);
    } catch (TlsException unusable) {
      if (!now.equals(failed)) {
        failed = now;
        told = false;
      } else if (!told) {
        told = true;
        LOG.error("the old certificates stay in use: {}", unusable.getMessage());
      }
    } catch (RuntimeException broken) {
      LOG.error("the certificates were not looked at", broken);
    }
  }

  private List<Stamp> stamps() {
    List<Stamp> stamps = new ArrayList<>();
    for (String name : List.of(TlsFiles.AUTHORITIES, TlsFiles.CERTIFICATE, TlsFiles.KEY)) {
      try {
        BasicFileAttributes file =
            Files.readAttributes(directory.resolve(name), BasicFileAttributes.class);
        Object key = file.fileKey();
        stamps.add(
            new Stamp(
                key == null ? name : key,
                file.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                file.size()));
      } catch (IOException missing) {
        stamps.add(new Stamp(name, 0, -1));
      }
    }
    return stamps;
  }

  /** Until when the node's certificate counts, and the CA that signed it. */
  public List<Expiry> expiries() {
    Credentials now = current;
    return List.of(now.certificateExpiry(), now.authorityExpiry());
  }

  /** Of one of the two, by its file. */
  public Expiry expiry(String file) {
    return expiries().stream().filter(one -> one.file().equals(file)).findFirst().orElseThrow();
  }

  /** For the side that is called: each connection has to bring a certificate. */
  public SSLContext answering() {
    return answering;
  }

  /**
   * For connections between the peers of one shard.
   *
   * @param identities of its chains, see {@link CertificateMaker#identity}
   */
  public PeerTls peers(Set<String> identities) {
    return PeerTls.of(presenting, believing, identities);
  }

  /** A client for HTTP/1.1 to other nodes; without TLS of one's own, a plain one. */
  public static HttpClient.Builder http(@Nullable NodeTls tls) {
    HttpClient.Builder plain = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    return tls == null ? plain : plain.sslContext(tls.calling).sslParameters(parameters());
  }

  /**
   * Calls another node.
   *
   * @param millisMax to be connected; the handshake has ten seconds more
   * @throws IOException also when the other one shows no certificate that is believed
   */
  @SuppressWarnings("AddressSelection") // the first of a name's addresses, as for plain gossip
  public Socket call(String host, int port, int millisMax) throws IOException {
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true); // a handshake is many small messages
      plain.connect(new InetSocketAddress(host, port), millisMax);
      SSLSocket socket =
          (SSLSocket) calling.getSocketFactory().createSocket(plain, host, port, true);
      socket.setSSLParameters(parameters());
      socket.setSoTimeout(HANDSHAKE_MILLIS_MAX);
      socket.startHandshake();
      return socket;
    } catch (IOException failed) {
      plain.close();
      throw failed;
    }
  }

  /** Connections that are open stay open. */
  @Override
  public void close() {
    stop.countDown();
    Thread looking = thread;
    if (looking != null) {
      looking.interrupt();
    }
  }
}
