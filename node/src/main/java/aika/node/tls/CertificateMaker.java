package aika.node.tls;

import aika.node.config.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes a federation's CA and its nodes' certificates [TLS-8], with the JDK's {@code keytool}: the
 * JDK has no class that writes certificates. Keys are EC, P-256.
 */
public final class CertificateMaker {
  /** Beside the other keys of a federation: the CA's private key. */
  public static final String AUTHORITY_KEY = "ca.key";

  /** How long a CA counts. */
  public static final Duration AUTHORITY_TIME = Duration.ofDays(3_650);

  /** How long a node's certificate counts. */
  public static final Duration NODE_TIME = Duration.ofDays(730);

  private static final String KEYTOOL =
      System.getProperty("os.name").startsWith("Windows") ? "keytool.exe" : "keytool";

  private static final String PASSWORD = "AIKA_STORE_PASSWORD";
  private static final String AUTHORITY = "ca";
  private static final String NODE = "node";
  private static final int PASSWORD_BYTES = 24;
  private static final long RUN_SECONDS_MAX = 60;

  private final SecureRandom random;

  public CertificateMaker(SecureRandom random) {
    this.random = random;
  }

  /**
   * Makes a CA: {@code ca.key} and {@code ca.crt} in this directory. Is there one already, the new
   * one takes its place and {@code ca.crt} keeps the old one behind it.
   *
   * @throws TlsException when it cannot
   */
  public void authority(Path directory, String federation) {
    Path certificates = directory.resolve(TlsFiles.AUTHORITIES);
    List<X509Certificate> all = new ArrayList<>();
    if (Files.exists(certificates)) {
      all.addAll(TlsFiles.certificates(certificates));
    }
    try (Store store = new Store(directory)) {
      store.run(
          List.of(
              "-alias",
              AUTHORITY,
              "-dname",
              "CN=" + federation + " CA " + HexFormat.of().toHexDigits(random.nextInt()),
              "-ext",
              "BasicConstraints:critical=ca:true,pathlen:1",
              "-ext",
              "KeyUsage:critical=keyCertSign,cRLSign"),
          Duration.ZERO,
          AUTHORITY_TIME);
      KeyStore made = store.read();
      all.addFirst((X509Certificate) made.getCertificate(AUTHORITY));
      // first what is believed: a key without its certificate could sign nothing that counts
      DurableFile.write(certificates, TlsFiles.pem(all));
      DurableFile.writePrivate(
          directory.resolve(AUTHORITY_KEY), TlsFiles.pem(key(made, AUTHORITY, store)));
    } catch (IOException | GeneralSecurityException failed) {
      throw unmade(directory, failed);
    }
  }

  /**
   * Makes a node's certificate: {@code ca.crt}, {@code node.crt} and {@code node.key} in the
   * directory {@code to}, over earlier ones.
   *
   * @param from the directory of the CA
   * @param identities of the chains that the node serves, see {@link #identity}
   * @throws TlsException when it cannot
   */
  public void node(Path from, Path to, List<String> identities) {
    node(from, to, identities, Duration.ZERO, NODE_TIME);
  }

  /**
   * @param age how long ago it began
   */
  void node(Path from, Path to, List<String> identities, Duration age, Duration time) {
    List<X509Certificate> authorities = TlsFiles.certificates(from.resolve(TlsFiles.AUTHORITIES));
    X509Certificate authority = authorities.getFirst();
    PrivateKey secret = TlsFiles.key(from.resolve(AUTHORITY_KEY), authority.getPublicKey());
    try {
      DurableFile.createPrivateDirectory(to);
      try (Store store = new Store(to)) {
        store.write(secret, authority);
        store.run(
            List.of(
                "-alias",
                NODE,
                "-signer",
                AUTHORITY,
                "-dname",
                "CN=" + identities.getFirst().replaceFirst(".*/", ""),
                "-ext",
                "BasicConstraints:critical=ca:false",
                "-ext",
                "KeyUsage:critical=digitalSignature",
                "-ext",
                "ExtendedKeyUsage=serverAuth,clientAuth",
                "-ext",
                "SubjectAlternativeName=uri:" + String.join(",uri:", identities)),
            age,
            time);
        KeyStore made = store.read();
        X509Certificate certificate = (X509Certificate) made.getCertificate(NODE);
        DurableFile.write(to.resolve(TlsFiles.AUTHORITIES), TlsFiles.pem(authorities));
        DurableFile.writePrivate(to.resolve(TlsFiles.KEY), TlsFiles.pem(key(made, NODE, store)));
        DurableFile.write(to.resolve(TlsFiles.CERTIFICATE), TlsFiles.pem(List.of(certificate)));
      }
    } catch (IOException | GeneralSecurityException failed) {
      throw unmade(to, failed);
    }
  }

  /** What a certificate says of a chain that its node serves. */
  public static String identity(String federation, String chain) {
    return "aika:" + federation + '/' + chain;
  }

  private static PrivateKey key(KeyStore made, String name, Store store)
      throws GeneralSecurityException {
    return (PrivateKey) made.getKey(name, store.password.toCharArray());
  }

  private static TlsException unmade(Path directory, Exception cause) {
    return TlsException.of(
        directory, "no certificate can be made (" + cause + ")", "証明書を作れません", cause);
  }

  /** A key store for one run, gone afterwards. */
  private final class Store implements AutoCloseable {
    private final Path directory;
    private final Path file;
    private final String password;

    Store(Path beside) throws IOException {
      DurableFile.createPrivateDirectory(beside);
      byte[] secret = new byte[PASSWORD_BYTES];
      random.nextBytes(secret);
      password = HexFormat.of().formatHex(secret);
      directory = beside.resolve(".making-" + password.substring(0, 8));
      DurableFile.createPrivateDirectory(directory);
      file = directory.resolve("store.p12");
    }

    void write(PrivateKey key, X509Certificate certificate)
        throws IOException, GeneralSecurityException {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      char[] secret = password.toCharArray();
      store.setKeyEntry(AUTHORITY, key, secret, new Certificate[] {certificate});
      try (var out = Files.newOutputStream(file)) {
        store.store(out, secret);
      }
    }

    KeyStore read() throws IOException, GeneralSecurityException {
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (var in = Files.newInputStream(file)) {
        store.load(in, password.toCharArray());
      }
      return store;
    }

    /** An hour is left to clocks that are behind. */
    void run(List<String> what, Duration age, Duration time) throws IOException {
      List<String> line = new ArrayList<>();
      line.add(Path.of(System.getProperty("java.home"), "bin", KEYTOOL).toString());
      // It does not run long enough for more.
      line.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
      line.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-noprompt"));
      line.addAll(List.of("-startdate", "-" + (age.toHours() + 1) + "H"));
      line.addAll(List.of("-validity", String.valueOf(time.toDays())));
      line.addAll(List.of("-storetype", "PKCS12", "-keystore", file.toString()));
      line.addAll(List.of("-storepass:env", PASSWORD));
      line.addAll(what);
      Path said = directory.resolve("said");
      ProcessBuilder builder =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(said.toFile());
      builder.environment().put(PASSWORD, password);
      builder.environment().remove("JAVA_TOOL_OPTIONS"); // two collectors would end it
      Process process = builder.start();
      try {
        if (!process.waitFor(RUN_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
          process.destroyForcibly();
          String text = new String(Files.readAllBytes(said), StandardCharsets.UTF_8).strip();
          throw new IOException("keytool: " + text);
        }
      } catch (InterruptedException stop) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", stop);
      }
    }

    @Override
    public void close() throws IOException {
      for (Path one : Arrays.asList(file, directory.resolve("said"), directory)) {
        Files.deleteIfExists(one);
      }
    }
  }
}
