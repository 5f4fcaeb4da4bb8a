package aika.node.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What the three files say, as of one moment.
 *
 * @param chain the node's certificate first
 * @param authorities whose certificates are believed
 * @param authority the one of them that signed this node's
 */
record Credentials(
    List<X509Certificate> chain,
    PrivateKey key,
    List<X509Certificate> authorities,
    X509Certificate authority) {
  Credentials {
    chain = List.copyOf(chain);
    authorities = List.copyOf(authorities);
  }

  /** When the node's certificate ends, or one that leads from it to the CA. */
  Expiry certificateExpiry() {
    return chain.stream()
        .map(one -> Expiry.of(TlsFiles.CERTIFICATE, one))
        .min(Comparator.comparingLong(Expiry::end))
        .orElseThrow();
  }

  /** When the CA ends that signed it. */
  Expiry authorityExpiry() {
    return Expiry.of(TlsFiles.AUTHORITIES, authority);
  }

  /** The JDK's own rules for a chain of certificates, with these CAs as its only beginnings. */
  X509TrustManager rules() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("ca-" + i, authorities.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return (X509TrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException | java.io.IOException impossible) {
      throw new IllegalStateException("the JDK cannot check certificates", impossible);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Credentials[" + chain.getFirst().getSubjectX500Principal().getName() + ']';
  }
}
