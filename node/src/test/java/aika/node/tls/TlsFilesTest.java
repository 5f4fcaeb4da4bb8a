package aika.node.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** [TLS-1, TLS-6 … TLS-8] Files that fit, files that do not, and the time that runs out. */
@Timeout(60)
final class TlsFilesTest {
  @TempDir Path data;

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger("aika.node.tls");

  @BeforeEach
  void listen() {
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void stop() {
    log.detachAppender(lines);
  }

  private List<Level> told(Level atLeast) {
    return lines.list.stream()
        .map(ILoggingEvent::getLevel)
        .filter(level -> level.isGreaterOrEqual(atLeast))
        .toList();
  }

  private static String refusal(Path tls) {
    return String.valueOf(assertThrows(TlsException.class, () -> TlsFiles.read(tls)).getMessage());
  }

  @Test
  void whatIsMadeSaysWhoseItIs() throws Exception {
    Authority authority = new Authority(data.resolve("ca"));
    Path tls = data.resolve("tls");
    authority.sign("Asia-Komatsu", tls);
    Credentials read = TlsFiles.read(tls);
    X509Certificate own = read.chain().getFirst();
    assertEquals(
        List.of(6, "aika:demo.aika.example/Asia-Komatsu"),
        List.copyOf(own.getSubjectAlternativeNames().iterator().next()));
    assertEquals("CN=Asia-Komatsu", own.getSubjectX500Principal().getName());
    assertEquals("EC", own.getPublicKey().getAlgorithm());
    assertEquals(-1, own.getBasicConstraints());
    assertEquals(1, read.authority().getBasicConstraints());
    assertFalse(read.toString().contains("PRIVATE"));
    String modes =
        PosixFilePermissions.toString(Files.getPosixFilePermissions(tls.resolve(TlsFiles.KEY)));
    assertEquals("rw-------", modes);
    try (var left = Files.list(tls)) {
      assertEquals(3, left.count(), "nothing else is left there");
    }
  }

  @Test
  void aFileThatDoesNotFitIsNamed() throws Exception {
    Authority authority = new Authority(data.resolve("ca"));
    Path tls = data.resolve("tls");
    authority.sign("Asia-Komatsu", tls);
    Path other = data.resolve("other");
    new Authority(data.resolve("other-ca")).sign("Asia-Komatsu", other);

    Path key = tls.resolve(TlsFiles.KEY);
    byte[] right = Files.readAllBytes(key);
    Files.write(key, Files.readAllBytes(other.resolve(TlsFiles.KEY)));
    assertTrue(refusal(tls).contains("node.key: is not the key of the certificate"));
    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertTrue(refusal(tls).contains("is not the key"));
    Files.write(key, right);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    assertTrue(refusal(tls).contains("chmod 600"));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

    Path authorities = tls.resolve(TlsFiles.AUTHORITIES);
    byte[] signing = Files.readAllBytes(authorities);
    Files.write(authorities, Files.readAllBytes(other.resolve(TlsFiles.AUTHORITIES)));
    assertTrue(refusal(tls).contains("is not signed by a CA"));
    Files.write(authorities, "hello\n".getBytes(US_ASCII));
    assertTrue(refusal(tls).contains("ca.crt: has no certificates"));
    Files.write(authorities, new byte[262_144]);
    assertTrue(refusal(tls).contains("ca.crt: has no certificates"));
    Files.write(authorities, new byte[262_145]);
    assertTrue(refusal(tls).contains("more than 262144 bytes"));
    Files.write(authorities, signing);
    assertEquals(1, TlsFiles.read(tls).chain().size());
  }

  @Test
  void whatCannotBeUsedKeepsTheOldInForceAndIsToldOnce() throws Exception {
    Authority authority = new Authority(data.resolve("ca"));
    Path tls = data.resolve("tls");
    authority.sign("Asia-Komatsu", tls, Duration.ZERO, Duration.ofDays(100));
    try (NodeTls node = NodeTls.open(tls, System::currentTimeMillis).orElseThrow()) {
      long first = node.expiry(TlsFiles.CERTIFICATE).end();
      byte[] key = Files.readAllBytes(tls.resolve(TlsFiles.KEY));
      Files.writeString(tls.resolve(TlsFiles.KEY), "cut");
      for (int i = 0; i < 4; i++) {
        node.look();
      }
      assertEquals(List.of(Level.ERROR), told(Level.WARN));
      assertEquals(first, node.expiry(TlsFiles.CERTIFICATE).end());
      Files.write(tls.resolve(TlsFiles.KEY), key);
      node.look();
      authority.sign("Asia-Komatsu", tls);
      node.look();
      assertNotEquals(first, node.expiry(TlsFiles.CERTIFICATE).end());
      assertEquals(List.of(Level.ERROR), told(Level.WARN));
    }
  }

  @Test
  void theLogWarnsOnceADayAndLouderAtTheEnd() {
    long day = TimeUnit.DAYS.toMillis(1);
    Expiry certificate = new Expiry(TlsFiles.CERTIFICATE, "CN=Asia-Komatsu", 100 * day);
    Expiry authority = new Expiry(TlsFiles.AUTHORITIES, "CN=CA", 1_000 * day);
    ExpiryAlarm alarm = new ExpiryAlarm();
    for (long hour = 24 * 60; hour < 24 * 70; hour++) {
      alarm.look(List.of(authority, certificate), TimeUnit.HOURS.toMillis(hour));
    }
    assertEquals(List.of(), told(Level.WARN));
    for (long hour = 24 * 70; hour < 24 * 102; hour++) {
      alarm.look(List.of(authority, certificate), TimeUnit.HOURS.toMillis(hour));
    }
    List<Level> all = told(Level.WARN);
    assertEquals(23, all.stream().filter(Level.WARN::equals).count());
    assertEquals(9, all.stream().filter(Level.ERROR::equals).count());
    assertTrue(lines.list.getLast().getFormattedMessage().contains("people's orders are taken"));
    assertTrue(lines.list.getLast().getFormattedMessage().contains("node.crt (CN=Asia-Komatsu)"));
  }

  @Test
  void aNewAuthorityStandsBeforeTheOldOne() throws IOException {
    Authority authority = new Authority(data.resolve("ca"));
    List<X509Certificate> before = TlsFiles.certificates(authority.certificates());
    authority.renew();
    List<X509Certificate> after = TlsFiles.certificates(authority.certificates());
    assertEquals(2, after.size());
    assertEquals(before.getFirst(), after.getLast());
    Path tls = data.resolve("tls");
    authority.sign("Asia-Komatsu", tls);
    assertEquals(after.getFirst(), TlsFiles.read(tls).authority());
    assertEquals(after, TlsFiles.read(tls).authorities());
    assertTrue(Files.exists(tls.resolve(TlsFiles.KEY)));
  }
}
