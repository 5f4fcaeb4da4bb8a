package aika.node.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a peer shows to the other peers of its shard and whom it believes, for a library that makes
 * its own connections. Both follow the files of the {@link NodeTls} that they come from.
 */
public record PeerTls(X509ExtendedKeyManager showing, X509ExtendedTrustManager believing) {

  /** The kinds of names in a certificate that are a host. */
  private static final Set<Integer> HOST_KINDS = Set.of(2, 7);

  /**
   * Other municipalities' nodes have certificates that are believed too, and no business here: the
   * certificate must be for the host of a peer.
   *
   * @param hosts of the peers, asked at each connection
   */
  static PeerTls of(
      X509ExtendedKeyManager showing,
      X509ExtendedTrustManager anyNode,
      Supplier<Set<String>> hosts) {
    return new PeerTls(showing, new OfPeers(anyNode, hosts));
  }

  private static final class OfPeers extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager anyNode;
    private final Supplier<Set<String>> hosts;

    OfPeers(X509ExtendedTrustManager anyNode, Supplier<Set<String>> hosts) {
      this.anyNode = anyNode;
      this.hosts = hosts;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
      Set<String> known = hosts.get();
      if (names == null
          || names.stream()
              .noneMatch(name ->
                  HOST_KINDS.contains(name.getFirst())
                      && known.contains(String.valueOf(name.get(1))))) {
        throw new CertificateException(
            chain[0].getSubjectX500Principal() + " is not for the host of a peer");
      }
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
      anyNode.checkClientTrusted(chain, type);
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      anyNode.checkServerTrusted(chain, type);
      check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return anyNode.getAcceptedIssuers();
    }
  }
}
