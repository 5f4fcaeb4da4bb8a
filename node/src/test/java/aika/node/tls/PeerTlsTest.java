package aika.node.tls;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the machines of one node believe. */
final class PeerTlsTest {
  private static final String KOMATSU = "Asia-Komatsu";

  @TempDir Path data;

  private Authority authority;
  private X509ExtendedTrustManager peers;

  @BeforeEach
  void make() {
    authority = new Authority(data.resolve("keys"));
    authority.sign(KOMATSU, data.resolve("own"));
    Set<String> ours = Set.of(CertificateMaker.identity("demo.aika.example", KOMATSU));
    peers =
        PeerTls.of(
                new Presenting(TlsFiles.read(data.resolve("own"))),
                new Believing(TlsFiles.read(data.resolve("own"))),
                ours)
            .believing();
  }

  private X509Certificate[] shown(String name) {
    return TlsFiles.read(data.resolve(name)).chain().toArray(X509Certificate[]::new);
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    peers.checkClientTrusted(chain, "UNKNOWN");
    peers.checkServerTrusted(chain, "UNKNOWN");
  }

  private void refused(X509Certificate[] chain) {
    assertThrows(CertificateException.class, () -> peers.checkClientTrusted(chain, "UNKNOWN"));
    assertThrows(CertificateException.class, () -> peers.checkServerTrusted(chain, "UNKNOWN"));
  }

  @Test
  void thePeersOfTheNodeAndNobodyElse() {
    assertDoesNotThrow(() -> check(shown("own")));
    authority.sign("Asia-Kanazawa", data.resolve("neighbour"));
    refused(shown("neighbour"));
  }

  /** [TLS-7] A node of several machines goes on taking orders. */
  @Test
  void ofAPeerACertificateThatHasEndedIsStillBelieved() {
    authority.signEnded(KOMATSU, data.resolve("ended"));
    assertDoesNotThrow(() -> check(shown("ended")));
    X509ExtendedTrustManager anyNode = new Believing(TlsFiles.read(data.resolve("own")));
    assertThrows(
        CertificateException.class, () -> anyNode.checkClientTrusted(shown("ended"), "UNKNOWN"));
  }

  @Test
  void anEndedOneOfAnotherNodeOrAnotherAuthorityIsNot() {
    authority.signEnded("Asia-Kanazawa", data.resolve("neighbour"));
    refused(shown("neighbour"));
    Authority other = new Authority(data.resolve("other"));
    other.signEnded(KOMATSU, data.resolve("forged"));
    refused(shown("forged"));
  }
}
