package aika.node.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A context whose connections all ask for a certificate and end without one. The HTTP server takes
 * sockets from a context and sets nothing on them, so that the context has to.
 */
final class Serving extends SSLContextSpi {
  /** For a handshake, whole. */
  static final long HANDSHAKE_SECONDS_MAX = 10;

  /** Between two bytes of a connection from which something is expected. */
  static final int QUIET_MILLIS_MAX = 120_000;

  private final SSLContext context;

  private Serving(SSLContext context) {
    this.context = context;
  }

  /** The same keys and the same CAs, for the side that is called. */
  static SSLContext of(SSLContext context) {
    return new SSLContext(new Serving(context), context.getProvider(), context.getProtocol()) {};
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
    return new Sockets(context.getSocketFactory());
  }

  @Override
  protected SSLEngine engineCreateSSLEngine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(NodeTls.withCertificates());
    return engine;
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(String host, int port) {
    return engineCreateSSLEngine();
  }

  @Override
  protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
      throws KeyManagementException {
    throw new KeyManagementException("it is initialized");
  }

  /** Asked for by the server, which then accepts plain sockets and puts TLS over them. */
  @Override
  protected SSLServerSocketFactory engineGetServerSocketFactory() {
    return context.getServerSocketFactory();
  }

  @Override
  protected SSLSessionContext engineGetServerSessionContext() {
    return context.getServerSessionContext();
  }

  @Override
  protected SSLSessionContext engineGetClientSessionContext() {
    return context.getClientSessionContext();
  }

  @Override
  protected SSLParameters engineGetDefaultSSLParameters() {
    return NodeTls.withCertificates();
  }

  @Override
  protected SSLParameters engineGetSupportedSSLParameters() {
    return context.getSupportedSSLParameters();
  }

  /** Puts TLS over sockets that were accepted; it calls nobody. */
  private static final class Sockets extends SSLSocketFactory {
    private final SSLSocketFactory factory;

    Sockets(SSLSocketFactory factory) {
      this.factory = factory;
    }

    @Override
    public Socket createSocket(Socket under, InputStream consumed, boolean autoClose)
        throws IOException {
      return guarded((SSLSocket) factory.createSocket(under, consumed, autoClose), under);
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return factory.getSupportedCipherSuites();
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
