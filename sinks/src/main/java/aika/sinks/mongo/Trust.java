package aika.sinks.mongo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * {@code tlsCAFile} of a connection string, which MongoDB's own tools know and the driver for Java
 * does not: whose certificates to trust, a PEM file, instead of those that the JDK trusts.
 */
final class Trust {
  private static final Pattern OPTION = Pattern.compile("([?&])tlsCAFile=([^&]*)(&?)");

  private Trust() {}

  /** The connection string without the option. */
  static String without(String uri) {
    Matcher option = OPTION.matcher(uri);
    return option.replaceFirst(found -> found.group(3).isEmpty() ? "" : found.group(1));
  }

  /**
   * @throws IOException when the file cannot be read
   * @throws GeneralSecurityException when it holds no certificates
   */
  static Optional<SSLContext> of(String uri) throws IOException, GeneralSecurityException {
    Matcher option = OPTION.matcher(uri);
    if (!option.find()) {
      return Optional.empty();
    }
    Path file = Path.of(URLDecoder.decode(option.group(2), StandardCharsets.UTF_8));
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("authority " + trusted.size(), one);
      }
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return Optional.of(context);
  }
}
