package aika.node.tls;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A context that makes each connection with another one, whose sessions no other connection knows:
 * what is resumed would not show its certificate again.
 */
class Unresumed extends SSLContextSpi {
  private final Supplier<SSLContext> contexts;
  private final SSLContext any;

  Unresumed(Supplier<SSLContext> contexts) {
    this.contexts = contexts;
    any = contexts.get();
  }

  /** As a context that others can use. */
  SSLContext context() {
    return new SSLContext(this, any.getProvider(), any.getProtocol()) {};
  }

  /** For one connection. */
  final SSLContext next() {
    return contexts.get();
  }

  @Override
  protected SSLEngine engineCreateSSLEngine() {
    return next().createSSLEngine();
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(String host, int port) {
    return next().createSSLEngine(host, port);
  }

  /** Of one connection, for whoever asks for each. */
  @Override
  protected SSLSocketFactory engineGetSocketFactory() {
    return next().getSocketFactory();
  }

  /** Asked for by the server, which then accepts plain sockets and puts TLS over them. */
  @Override
  protected SSLServerSocketFactory engineGetServerSocketFactory() {
    return any.getServerSocketFactory();
  }

  @Override
  protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
      throws KeyManagementException {
    throw new KeyManagementException("it is initialized");
  }

  @Override
  protected SSLSessionContext engineGetServerSessionContext() {
    return any.getServerSessionContext();
  }

  @Override
  protected SSLSessionContext engineGetClientSessionContext() {
    return any.getClientSessionContext();
  }

  @Override
  protected SSLParameters engineGetDefaultSSLParameters() {
    return any.getDefaultSSLParameters();
  }

  @Override
  protected SSLParameters engineGetSupportedSSLParameters() {
    return any.getSupportedSSLParameters();
  }
}
