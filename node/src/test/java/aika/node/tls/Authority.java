package aika.node.tls;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/** A CA of a test, which also signs what its owner should not. */
public final class Authority {
  private final CertificateMaker maker = new CertificateMaker(new SecureRandom());
  private final Path directory;

  /**
   * @param directory made when it is not there
   */
  public Authority(Path directory) {
    this.directory = directory;
    maker.authority(directory, "demo.aika.example");
  }

  /** Makes a new CA beside the old one. */
  public void renew() {
    maker.authority(directory, "demo.aika.example");
  }

  public void sign(String chain, Path to) {
    sign(chain, to, Duration.ZERO, CertificateMaker.NODE_TIME);
  }

  /** A certificate that ended an hour ago. */
  public void signEnded(String chain, Path to) {
    sign(chain, to, Duration.ofDays(1), Duration.ofDays(1));
  }

  void sign(String chain, Path to, Duration age, Duration time) {
    maker.node(
        directory, to, List.of(CertificateMaker.identity("demo.aika.example", chain)), age, time);
  }

  Path certificates() {
    return directory.resolve(TlsFiles.AUTHORITIES);
  }
}
