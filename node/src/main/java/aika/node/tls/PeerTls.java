package aika.node.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a peer shows to the other peers of its shard and whom it believes, for a library that makes
 * its own connections. Both follow the files of the {@link NodeTls} that they come from.
 */
public record PeerTls(X509ExtendedKeyManager showing, X509ExtendedTrustManager believing) {

  /** A URI among a certificate's names (RFC 5280, section 4.2.1.6). */
  private static final int URI_NAME = 6;

  /**
   * Other municipalities' nodes have certificates that are believed too, and no business here: the
   * certificate must name a chain of this node. That its time is over is passed over: it is the
   * operator's own, who is told, and a node must not stop taking orders for it [TLS-7].
   *
   * @param identities of its chains, see {@link CertificateMaker#identity}
   */
  static PeerTls of(
      X509ExtendedKeyManager showing, X509ExtendedTrustManager anyNode, Set<String> identities) {
    return new PeerTls(showing, new OfPeers(anyNode, Set.copyOf(identities)));
  }

  private interface Rule {
    void check(X509Certificate[] chain) throws CertificateException;
  }

  private static final class OfPeers extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager anyNode;
    private final Set<String> identities;

    OfPeers(X509ExtendedTrustManager anyNode, Set<String> identities) {
      this.anyNode = anyNode;
      this.identities = identities;
    }

    /** Like the believing of any certificate, as of its last moment when it has ended. */
    private void believe(X509Certificate[] chain, Rule rule) throws CertificateException {
      try {
        rule.check(chain);
      } catch (CertificateException refused) {
        if (!chain[0].getNotAfter().toInstant().isBefore(Instant.now())) {
          throw refused;
        }
        wasBelieved(chain);
      }
      named(chain);
    }

    private void wasBelieved(X509Certificate[] chain) throws CertificateException {
      Set<TrustAnchor> anchors = new HashSet<>();
      List<X509Certificate> path = new ArrayList<>(List.of(chain));
      for (X509Certificate authority : anyNode.getAcceptedIssuers()) {
        anchors.add(new TrustAnchor(authority, null));
        path.remove(authority);
      }
      if (path.size() < chain.length && !path.contains(chain[0])) {
        return; // it is itself among the CAs
      }
      try {
        PKIXParameters rules = new PKIXParameters(anchors);
        rules.setRevocationEnabled(false);
        rules.setDate(chain[0].getNotAfter());
        CertPathValidator.getInstance("PKIX")
            .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), rules);
      } catch (GeneralSecurityException refused) {
        throw new CertificateException(
            chain[0].getSubjectX500Principal() + " has ended, and was not believed before",
            refused);
      }
    }

    private void named(X509Certificate[] chain) throws CertificateException {
      Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
      if (names == null || names.stream().noneMatch(this::isOurs)) {
        throw new CertificateException(
            chain[0].getSubjectX500Principal() + " is no peer's: it names none of our chains");
      }
    }

    private boolean isOurs(List<?> name) {
      return Integer.valueOf(URI_NAME).equals(name.getFirst())
          && identities.contains(String.valueOf(name.get(1)));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      believe(chain, all -> anyNode.checkClientTrusted(all, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      believe(chain, all -> anyNode.checkServerTrusted(all, type));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return anyNode.getAcceptedIssuers();
    }
  }
}
