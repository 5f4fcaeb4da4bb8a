package aika.sinks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A certificate authority with a certificate for a server on 127.0.0.1 and {@code localhost} and
 * one for a client, as PEM files and as a PKCS#12 file each; made with the JDK's keytool.
 *
 * @param authority PEM: whom to trust
 * @param server the server's certificate, PEM
 * @param serverKey its private key, PEM (PKCS#8)
 * @param client the client's certificate, PEM
 * @param clientKey its private key, PEM (PKCS#8)
 * @param store PKCS#12 with {@code server} and {@code client}, password {@link #PASSWORD}
 * @param trust PKCS#12 with the authority's certificate only, password {@link #PASSWORD}
 */
public record TestCertificates(
    Path authority,
    Path server,
    Path serverKey,
    Path client,
    Path clientKey,
    Path store,
    Path trust) {
  public static final String PASSWORD = "changeit";

  /** Makes them in this folder. */
  public static TestCertificates in(Path folder) {
    try {
      Path store = folder.resolve("store.p12");
      Path trust = folder.resolve("trust.p12");
      Path authority = folder.resolve("authority.pem");
      pair(store, "authority", "-ext", "bc=ca:true");
      pair(store, "server", "-signer", "authority", "-ext", "san=ip:127.0.0.1,dns:localhost");
      pair(store, "client", "-signer", "authority");
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      pem(authority, "CERTIFICATE", keys.getCertificate("authority").getEncoded());
      keytool(
          List.of("-importcert", "-noprompt", "-alias", "authority", "-file", "" + authority),
          trust);
      return new TestCertificates(
          authority,
          pem(
              folder.resolve("server.pem"),
              "CERTIFICATE",
              keys.getCertificate("server").getEncoded()),
          pem(folder.resolve("server.key"), "PRIVATE KEY", key(keys, "server").getEncoded()),
          pem(
              folder.resolve("client.pem"),
              "CERTIFICATE",
              keys.getCertificate("client").getEncoded()),
          pem(folder.resolve("client.key"), "PRIVATE KEY", key(keys, "client").getEncoded()),
          store,
          trust);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static Key key(KeyStore keys, String alias) throws GeneralSecurityException {
    Key key = keys.getKey(alias, PASSWORD.toCharArray());
    if (key == null) {
      throw new IllegalStateException("keytool made no key " + alias);
    }
    return key;
  }

  private static void pair(Path store, String alias, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1"));
    arguments.addAll(List.of("-validity", "2", "-dname", "CN=" + alias));
    arguments.addAll(Arrays.asList(more));
    keytool(arguments, store);
  }

  private static void keytool(List<String> arguments, Path store) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
    command.addAll(arguments);
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool: " + said);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  /**
   * A P-256 key pair in the one form that immudb's {@code --signingKey} reads: SEC 1 ({@code EC
   * PRIVATE KEY}), not PKCS#8.
   *
   * @return the public key, X.509 (SubjectPublicKeyInfo) as PEM beside it
   */
  public static Path signingKey(Path file) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      // The uncompressed point is the last 65 bytes of the public key's encoding.
      byte[] spki = ((ECPublicKey) pair.getPublic()).getEncoded();
      String point = HexFormat.of().formatHex(spki, spki.length - 65, spki.length);
      String secret = "%064x".formatted(((ECPrivateKey) pair.getPrivate()).getS());
      // RFC 5915: version 1, the secret, [0] the curve prime256v1, [1] the point.
      String der =
          "3077020101" + "0420" + secret + "a00a06082a8648ce3d030107" + "a144034200" + point;
      pem(file, "EC PRIVATE KEY", HexFormat.of().parseHex(der));
      return pem(file.resolveSibling(file.getFileName() + ".pub"), "PUBLIC KEY", spki);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static Path pem(Path file, String label, byte[] der) throws IOException {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n");
  }
}
