package aika.node.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;

/**
 * Until when a certificate counts.
 *
 * @param file in which it is
 * @param subject whose it is
 * @param end ms since 1970
 */
public record Expiry(String file, String subject, long end) {
  /** From when on the log warns, once a day. */
  public static final Duration ATTENTION = Duration.ofDays(30);

  /** From when on it is an error. */
  public static final Duration URGENT = Duration.ofDays(7);

  /** How near the end is. */
  public enum Stage {
    FAR,
    NEAR,
    URGENT,
    OVER
  }

  public static Expiry of(String file, X509Certificate certificate) {
    return new Expiry(
        file,
        certificate.getSubjectX500Principal().getName(),
        certificate.getNotAfter().toInstant().toEpochMilli());
  }

  /**
   * @param now ms since 1970
   */
  public Stage stage(long now) {
    long millis = end - now;
    if (millis > ATTENTION.toMillis()) {
      return Stage.FAR;
    }
    return millis > URGENT.toMillis() ? Stage.NEAR : millis > 0 ? Stage.URGENT : Stage.OVER;
  }
}
