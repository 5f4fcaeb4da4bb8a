package aika.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.node.tls.CertificateMaker;
import aika.node.tls.NodeTls;
import aika.node.tls.TlsFiles;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** [TLS-7] What is said of a certificate as its end comes near. */
final class CertificatesCheckTest {
  @TempDir static Path data;
  private static Path tls = Path.of("");
  private static long end;

  @BeforeAll
  static void make() {
    CertificateMaker maker = new CertificateMaker(new SecureRandom());
    maker.authority(data.resolve("ca"), "demo.aika.example");
    tls = data.resolve("tls");
    maker.node(
        data.resolve("ca"),
        tls,
        List.of(CertificateMaker.identity("demo.aika.example", "Asia-Komatsu")));
    try (NodeTls made = NodeTls.open(tls, System::currentTimeMillis).orElseThrow()) {
      end = made.expiry(TlsFiles.CERTIFICATE).end();
    }
  }

  private static List<Result> at(Duration before, String... neighbours) {
    List<URI> gateways = List.of(neighbours).stream().map(URI::create).toList();
    return new CertificatesCheck(tls, gateways, () -> end - before.toMillis()).results();
  }

  @Test
  void theNearerTheEndTheLouder() {
    List<Result> far = at(Duration.ofDays(31));
    assertEquals(2, far.size());
    far.forEach(one -> assertInstanceOf(Result.Ok.class, one));
    assertTrue(far.getFirst().found().en().contains("node.crt (CN=Asia-Komatsu) counts until"));
    assertTrue(far.getFirst().found().ja().contains("あと 31 日"));
    assertInstanceOf(Result.Attention.class, at(Duration.ofDays(30)).getFirst());
    assertInstanceOf(Result.Wrong.class, at(Duration.ofDays(7)).getFirst());
    Result over = assertInstanceOf(Result.Wrong.class, at(Duration.ZERO).getFirst());
    assertTrue(over.found().en().contains("other nodes refuse this one"));
    assertTrue(over.next().orElseThrow().said().ja().contains("証明書の更新"));
    assertInstanceOf(Result.Ok.class, at(Duration.ZERO).getLast(), "the CA counts for years");
  }

  @Test
  void addressesInTheClearAreNamed() {
    List<Result> results =
        at(
            Duration.ofDays(100),
            "http://localhost:2000",
            "https://asia.example:19024",
            "http://kanazawa.example:2000");
    Result.Attention clear = assertInstanceOf(Result.Attention.class, results.getLast());
    assertTrue(clear.found().en().endsWith("TLS: http://kanazawa.example:2000."));
  }

  @Test
  void withoutFilesNobodyLooks() {
    Result none =
        new CertificatesCheck(data.resolve("none"), List.of(), () -> 0).results().getFirst();
    assertInstanceOf(Result.Skipped.class, none);
  }
}
