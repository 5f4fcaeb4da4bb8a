package aika.node.tls;

import aika.node.config.DurableFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of the directory {@code tls}, all PEM [TLS-1]: {@code ca.crt}, the CAs whose
 * certificates are believed; {@code node.crt}, the node's certificate and what leads from it to one
 * of them; {@code node.key}, its private key (PKCS #8), readable by its owner only.
 */
public final class TlsFiles {
  /** What the directory is called, beside the federation file. */
  public static final String DIRECTORY = "tls";

  /** The CAs whose certificates are believed. */
  public static final String AUTHORITIES = "ca.crt";

  /** The node's own certificate. */
  public static final String CERTIFICATE = "node.crt";

  /** Its private key. */
  public static final String KEY = "node.key";

  private static final long BYTES_MAX = 256 * 1_024;
  private static final String KEY_BEGINS = "-----BEGIN PRIVATE KEY-----";
  private static final String KEY_ENDS = "-----END PRIVATE KEY-----";

  private TlsFiles() {}

  /**
   * All three files, which fit each other; dates are not looked at.
   *
   * @throws TlsException naming the file that cannot be used
   */
  static Credentials read(Path directory) {
    List<X509Certificate> authorities = certificates(directory.resolve(AUTHORITIES));
    Path file = directory.resolve(CERTIFICATE);
    List<X509Certificate> chain = certificates(file);
    PublicKey key = chain.getFirst().getPublicKey();
    PrivateKey secret = key(directory.resolve(KEY), key);
    X509Certificate last = chain.getLast();
    X509Certificate authority =
        authorities.stream()
            .filter(one -> isSignedBy(last, one))
            .findFirst()
            .orElseThrow(() ->
                TlsException.of(
                    file,
                    "is not signed by a CA of " + AUTHORITIES + ", but by " + issuer(last),
                    AUTHORITIES + " の認証局の署名がありません",
                    null));
    return new Credentials(chain, secret, authorities, authority);
  }

  private static String issuer(X509Certificate certificate) {
    return certificate.getIssuerX500Principal().getName();
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    } catch (GeneralSecurityException another) {
      return false;
    }
  }

  /**
   * The certificates of a PEM file, at least one.
   *
   * @throws TlsException when there are none
   */
  public static List<X509Certificate> certificates(Path file) {
    byte[] bytes = bytes(file);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<X509Certificate> all =
          factory.generateCertificates(new ByteArrayInputStream(bytes)).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!all.isEmpty()) {
        return all;
      }
    } catch (CertificateException none) {
      throw noCertificates(file, none);
    }
    throw noCertificates(file, null);
  }

  private static TlsException noCertificates(Path file, @Nullable Throwable cause) {
    return TlsException.of(file, "has no certificates in PEM", "PEM 形式の証明書がありません", cause);
  }

  /** Error messages never repeat the text, since it is a secret. */
  static PrivateKey key(Path file, PublicKey fits) {
    try {
      if (DurableFile.openToOthers(file)) {
        throw TlsException.of(
            file,
            "others than its owner may read it; permit the owner only (chmod 600)",
            "所有者だけが読めるようにしてください（chmod 600）",
            null);
      }
    } catch (IOException unreadable) {
      throw unreadable(file, unreadable);
    }
    String text = new String(bytes(file), StandardCharsets.US_ASCII);
    int begin = text.indexOf(KEY_BEGINS);
    int end = text.indexOf(KEY_ENDS);
    if (begin < 0 || end < begin) {
      throw TlsException.of(
          file, "has no " + KEY_BEGINS + " (PKCS #8, without a password)", "秘密鍵として読めません", null);
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGINS.length(), end));
      PrivateKey secret =
          KeyFactory.getInstance(fits.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(der));
      if (fit(secret, fits)) {
        return secret;
      }
    } catch (GeneralSecurityException | IllegalArgumentException another) {
      throw notOf(file, another);
    }
    throw notOf(file, null);
  }

  private static TlsException notOf(Path file, @Nullable Throwable cause) {
    return TlsException.of(file, "is not the key of the certificate", "証明書の鍵ではありません", cause);
  }

  private static boolean fit(PrivateKey secret, PublicKey open) throws GeneralSecurityException {
    String algorithm =
        switch (open.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> open.getAlgorithm();
        };
    byte[] sample = {1};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(secret);
    signing.update(sample);
    Signature checking = Signature.getInstance(algorithm);
    checking.initVerify(open);
    checking.update(sample);
    return checking.verify(signing.sign());
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw TlsException.of(file, "more than " + BYTES_MAX + " bytes", "大きすぎます", null);
      }
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw unreadable(file, unreadable);
    }
  }

  private static TlsException unreadable(Path file, IOException cause) {
    return cause instanceof NoSuchFileException
        ? TlsException.of(file, "is missing", "ファイルがありません", cause)
        : TlsException.of(file, "cannot be read (" + cause + ")", "ファイルを読めません", cause);
  }

  /** Certificates as a PEM file has them. */
  static byte[] pem(List<X509Certificate> certificates) throws CertificateException {
    List<String> blocks = new ArrayList<>();
    for (X509Certificate one : certificates) {
      blocks.add(block("CERTIFICATE", one.getEncoded()));
    }
    return String.join("", blocks).getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] pem(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded()).getBytes(StandardCharsets.US_ASCII);
  }

  private static String block(String what, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
  }
}
