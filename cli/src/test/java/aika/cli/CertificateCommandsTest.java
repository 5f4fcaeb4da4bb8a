package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.node.tls.TlsFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** [TLS-8] A federation's CA, kits with certificates, and their renewal. */
@Timeout(120)
final class CertificateCommandsTest {
  private static final String KOMATSU = "Asia-Komatsu";

  @TempDir Path temporary;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path data;
  private Path kit;

  @BeforeEach
  void init() {
    data = temporary.resolve("aika");
    kit = temporary.resolve("kit");
    assertEquals(0, aika("init", data.toString()), err::toString);
    assertTrue(out.toString().contains("keys/ca.key off line"), out::toString);
  }

  private int aika(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private void makeKit(String name) {
    assertEquals(
        0,
        aika("federation", "kit", name, "--data", data.toString(), "--to", kit.toString()),
        err::toString);
  }

  private void said(String... parts) {
    for (String part : parts) {
      assertTrue(out.toString().contains(part), () -> part + " in: " + out + err);
    }
  }

  private static int authorities(Path tls) {
    return TlsFiles.certificates(tls.resolve(TlsFiles.AUTHORITIES)).size();
  }

  @Test
  void aKitHasACertificateOfItsOwnAndNotTheAuthoritysKey() throws IOException {
    Path secret = data.resolve("keys/ca.key");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
    assertFalse(Files.exists(data.resolve("tls")), "one machine needs none");
    makeKit("Default");
    assertFalse(Files.exists(kit.resolve("keys/ca.key")));
    assertEquals(0, aika("certificate", "show", "--data", kit.toString()), err::toString);
    said(
        "node.crt  CN=Default",
        "aika:demo.aika.example/Default\n",
        "aika:demo.aika.example/Default-General",
        "CN=demo.aika.example CA ",
        "あと 729 日");
    aika("doctor", "--data", kit.toString(), "--json");
    said("\"check\":\"certificates\",\"status\":\"OK\"");
    assertEquals(1, aika("certificate", "show", "--data", data.toString()));
    assertTrue(err.toString().contains("plain HTTP"), err::toString);
  }

  @Test
  void aCertificateIsRenewedWithTheOldAuthorityAndANewOne() throws IOException {
    makeKit(KOMATSU);
    Path tls = kit.resolve("tls");
    byte[] first = Files.readAllBytes(tls.resolve(TlsFiles.CERTIFICATE));
    renew(tls);
    byte[] second = Files.readAllBytes(tls.resolve(TlsFiles.CERTIFICATE));
    assertFalse(Arrays.equals(first, second));
    assertEquals(1, authorities(tls));

    assertEquals(0, aika("certificate", "authority", "--data", data.toString()), err::toString);
    renew(tls);
    assertEquals(2, authorities(tls));
    assertEquals(0, aika("certificate", "show", "--data", kit.toString()), err::toString);
    said("aika:demo.aika.example/Asia-Komatsu");
  }

  private void renew(Path tls) {
    assertEquals(
        0,
        aika("certificate", "renew", KOMATSU, "--data", data.toString(), "--to", tls.toString()),
        err::toString);
  }

  @Test
  void whatMakesNoSenseIsSaid() throws IOException {
    makeKit(KOMATSU);
    Files.delete(kit.resolve("tls").resolve(TlsFiles.KEY));
    assertEquals(1, aika("certificate", "show", "--data", kit.toString()));
    assertTrue(err.toString().contains("TLS_FILE"), err::toString);
    assertEquals(1, aika("node", KOMATSU, "--data", kit.toString(), "--port-offset", "30000"));
    assertTrue(err.toString().contains("node.key: is missing"), err::toString);
    assertEquals(1, aika("doctor", "--data", kit.toString()));
    said("node.key: is missing");

    assertEquals(2, aika("certificate"));
    assertEquals(
        1, aika("certificate", "renew", KOMATSU, "--data", kit.toString(), "--to", kit.toString()));
    assertTrue(err.toString().contains("certificate authority"), err::toString);
    assertEquals(
        1,
        aika("certificate", "renew", "Nowhere", "--data", data.toString(), "--to", kit.toString()));
    assertTrue(err.toString().contains("UNKNOWN_CHAIN"), err::toString);

    Files.delete(data.resolve("keys/ca.key")); // a federation from before there were CAs
    kit = temporary.resolve("old-kit");
    makeKit(KOMATSU);
    said("There is no CA");
    assertFalse(Files.exists(kit.resolve("tls")));
  }
}
