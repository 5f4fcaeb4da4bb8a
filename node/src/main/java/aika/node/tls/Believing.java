package aika.node.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Believes a certificate that one of the CAs signed and whose time has come and is not over. At
 * which address it is shown does not matter: nodes move, and what they say is signed by their
 * chains [TLS-3].
 */
final class Believing extends X509ExtendedTrustManager {
  private static final Logger LOG = LoggerFactory.getLogger(Believing.class);

  private final OpenConnections open = new OpenConnections();
  private volatile X509TrustManager rules;

  Believing(Credentials first) {
    rules = first.rules();
  }

  void use(Credentials next) {
    rules = next.rules();
    open.lookAgain();
  }

  private void client(X509Certificate[] chain, String type) throws CertificateException {
    try {
      rules.checkClientTrusted(chain, type);
      chain[0].checkValidity(); // also of one that is itself among the CAs
    } catch (CertificateException refused) {
      LOG.debug("{} is refused: {}", chain[0].getSubjectX500Principal(), refused.toString());
      throw refused;
    }
  }

  private void server(X509Certificate[] chain, String type) throws CertificateException {
    rules.checkServerTrusted(chain, type);
    chain[0].checkValidity();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    open.check(socket, chain, all -> client(all, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    open.check(socket, chain, all -> server(all, type));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    open.check(engine, chain, all -> client(all, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    open.check(engine, chain, all -> server(all, type));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    client(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    server(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return rules.getAcceptedIssuers();
  }
}
