package aika.node.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose certificate was believed on which connection, as long as somebody has that: when the CAs
 * change, those end whose certificates are believed no more [TLS-6]. Any thread may use it.
 */
final class OpenConnections {
  private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);

  /** How long the other side may keep the last bytes from leaving, or its own from coming. */
  private static final int LAST_SECONDS = 1;

  /** Sockets and engines, which are equal to themselves only. */
  private final Map<Object, Believed> open = new WeakHashMap<>();

  /** What a handshake asks about the certificates that the other side shows. */
  @FunctionalInterface
  interface Rule {
    void check(X509Certificate[] chain) throws CertificateException;
  }

  private record Believed(List<X509Certificate> chain, Rule rule) {
    /** Why it is believed no more; null while it is. */
    @Nullable CertificateException refusal() {
      try {
        rule.check(chain.toArray(X509Certificate[]::new));
        return null;
      } catch (CertificateException refused) {
        return refused;
      }
    }
  }

  /**
   * Checks what is shown in a handshake, and remembers it.
   *
   * @param connection a socket or an engine; null when the handshake does not say
   */
  void check(@Nullable Object connection, X509Certificate[] chain, Rule rule)
      throws CertificateException {
    Believed believed = new Believed(List.of(chain), rule);
    if (connection != null) {
      synchronized (open) {
        open.put(connection, believed); // before, lest the CAs change between the two
      }
    }
    rule.check(chain);
  }

  /** Ends every connection whose certificate is believed no more. */
  void lookAgain() {
    List<Map.Entry<Object, Believed>> all;
    synchronized (open) {
      all = new ArrayList<>();
      open.forEach((connection, believed) -> all.add(Map.entry(connection, believed)));
    }
    for (Map.Entry<Object, Believed> one : all) {
      CertificateException refused = one.getValue().refusal();
      if (refused != null) {
        synchronized (open) {
          open.remove(one.getKey());
        }
        Object name = one.getValue().chain.getFirst().getSubjectX500Principal();
        LOG.info("a connection ends: {} is not believed any more: {}", name, refused.toString());
        Thread.ofVirtual().name("tls-end").start(() -> end(one.getKey()));
      }
    }
  }

  private static void end(Object connection) {
    try {
      switch (connection) {
        case Socket socket -> {
          socket.setSoLinger(true, LAST_SECONDS);
          socket.setSoTimeout(LAST_SECONDS * 1_000);
          socket.close();
        }
        case SSLEngine engine -> end(engine);
        default -> throw new IllegalArgumentException("no connection: " + connection.getClass());
      }
    } catch (IOException ended) {
      LOG.debug("it has ended already: {}", ended.toString());
    }
  }

  /** Nothing is taken any more, nor sent but a word about that. */
  private static void end(SSLEngine engine) {
    engine.closeOutbound();
    try {
      engine.closeInbound();
    } catch (SSLException withoutTheOthersWord) {
      LOG.debug("the other side was not asked: {}", withoutTheOthersWord.toString());
    }
  }
}
