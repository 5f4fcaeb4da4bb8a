package aika.node.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A context whose connections all ask for a certificate and end without one. The HTTP server takes
 * sockets from a context and sets nothing on them, so that the context has to.
 */
final class Serving extends Unresumed {
  /** For a handshake, whole. */
  static final long HANDSHAKE_SECONDS_MAX = 10;

  /** Between two bytes of a connection from which something is expected. */
  static final int QUIET_MILLIS_MAX = 120_000;

  /** For the side that is called. */
  Serving(Supplier<SSLContext> contexts) {
    super(contexts);
  }

  private static SSLSocket guarded(SSLSocket socket, Socket under) throws IOException {
    under.setTcpNoDelay(true);
    socket.setUseClientMode(false);
    socket.setSSLParameters(NodeTls.withCertificates());
    socket.setSoTimeout(QUIET_MILLIS_MAX);
    CompletableFuture<Void> done = new CompletableFuture<>();
    socket.addHandshakeCompletedListener(_ -> done.complete(null));
    Executor later =
        CompletableFuture.delayedExecutor(
            HANDSHAKE_SECONDS_MAX, TimeUnit.SECONDS, Thread::startVirtualThread);
    later.execute(() -> {
      if (!done.isDone()) {
        end(under);
      }
    });
    return socket;
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException unclosable) {
      throw new UncheckedIOException(unclosable);
    }
  }

  @Override
  protected SSLSocketFactory engineGetSocketFactory() {
    return new Sockets();
  }

  @Override
  protected SSLEngine engineCreateSSLEngine() {
    SSLEngine engine = next().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(NodeTls.withCertificates());
    return engine;
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(String host, int port) {
    return engineCreateSSLEngine();
  }

  @Override
  protected SSLParameters engineGetDefaultSSLParameters() {
    return NodeTls.withCertificates();
  }

  /** Puts TLS over sockets that were accepted; it calls nobody. */
  private final class Sockets extends SSLSocketFactory {
    @Override
    public Socket createSocket(Socket under, InputStream consumed, boolean autoClose)
        throws IOException {
      return guarded(
          (SSLSocket) next().getSocketFactory().createSocket(under, consumed, autoClose), under);
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return next().getSocketFactory().getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return next().getSocketFactory().getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) {
      throw calling();
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw calling();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw calling();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw calling();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw calling();
    }

    private static UnsupportedOperationException calling() {
      return new UnsupportedOperationException("this context only answers");
    }
  }
}
