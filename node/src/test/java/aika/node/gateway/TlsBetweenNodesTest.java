package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Utf8;
import aika.node.NodeSettings;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.gossip.Stranger;
import aika.node.store.StoreSettings;
import aika.node.tls.Authority;
import aika.node.tls.NodeTls;
import aika.node.tls.TlsException;
import aika.node.tls.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** [TLS-1 … TLS-7] Nodes that show each other certificates, and those who have none that counts. */
@Timeout(120)
final class TlsBetweenNodesTest {
  private static final List<String> ALL = List.of(KOMATSU, KANAZAWA, ASIA);

  @TempDir Path data;

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private KeyFiles keys;
  private FederationFile file;
  private Authority authority;
  private int offset;

  @BeforeEach
  void makeFederation() {
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    file =
        FederationFile.write(
            data.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
    offset = World.freeOffset(file.federation());
    authority = new Authority(data.resolve("ca"));
  }

  @AfterEach
  void stop() throws Exception {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }

  private Path tls(String name) {
    return data.resolve("nodes").resolve(name).resolve(TlsFiles.DIRECTORY);
  }

  private int nodePort(String name) {
    return file.federation().chain(ChainId.of(name)).orElseThrow().nodePort() + offset;
  }

  private URI secure(String name) {
    return URI.create("https://localhost:" + nodePort(name));
  }

  /** Others are found at their node ports only. */
  private World start(String name) {
    Map<ChainId, URI> gateways =
        Map.of(
            ChainId.of(KOMATSU), secure(KOMATSU),
            ChainId.of(KANAZAWA), secure(KANAZAWA),
            ChainId.of(ASIA), secure(ASIA));
    NodeSettings settings =
        new NodeSettings(
            data.resolve("nodes").resolve(name),
            "127.0.0.1",
            offset,
            StoreSettings.standard(),
            Set.of(ChainId.of(name)),
            gateways);
    World world = new World(settings, file, keys);
    running.push(world);
    return world;
  }

  private static double metric(World world, String at, String name) {
    try {
      String all =
          new String(world.get(at, "/metrics").expect(200).http().body(), StandardCharsets.UTF_8);
      return all.lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .sum();
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  private static void pay(World komatsu, World kanazawa, AccountId b, String amount)
      throws Exception {
    String body = WorkedExampleOverHttpTest.SNIPPET.replace("200", amount);
    komatsu.post(KOMATSU, "/send", body).expect(200);
    kanazawa.await(() -> !kanazawa.node.pending().to(b, 10).isEmpty());
    kanazawa
        .post(
            KANAZAWA,
            "/receive",
            "{\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\"}")
        .expect(200);
  }

  @Test
  void copiesGossipAndPaymentsGoByTls() throws Exception {
    for (String name : ALL) {
      authority.sign(name, tls(name));
    }
    World komatsu = start(KOMATSU);
    World kanazawa = start(KANAZAWA);
    World asia = start(ASIA);
    AccountId a = komatsu.person(KOMATSU, "A");
    komatsu.issue(a, "1000.00");
    AccountId b = kanazawa.person(KANAZAWA, "B");
    pay(komatsu, kanazawa, b, "200");
    assertEquals(Money.of("200.00"), kanazawa.balance(b));
    for (Map.Entry<String, World> one : Map.of(KOMATSU, komatsu, KANAZAWA, kanazawa).entrySet()) {
      one.getValue().await(() -> metric(one.getValue(), one.getKey(), "aika_gossip_members") == 3);
    }
    World.Reply passedOn = asia.get(ASIA, "/accounts/" + a).expect(200);
    assertEquals("800.00", passedOn.text("balance"));
    komatsu.await(() ->
        metric(komatsu, KOMATSU, "aika_gossip_rumours_total{kind=\"checkpoint\",result=\"taken\"}")
            > 0);

    double days = metric(komatsu, KOMATSU, "aika_certificate_seconds{file=\"node.crt\"}") / 86_400;
    assertTrue(days > 729 && days < 731, () -> days + " days");
    assertEquals(0, frames(komatsu, KOMATSU));
  }

  private static double frames(World world, String at) {
    return metric(world, at, "aika_gossip_rumours_total{kind=\"frame\",result=\"malformed\"}");
  }

  /** What somebody gets at a node port; null for nothing at all. */
  private @Nullable HttpResponse<String> asked(@Nullable Path tls, String name, String path)
      throws Exception {
    try (NodeTls own = tls == null ? null : NodeTls.open(tls, () -> 0).orElseThrow();
        HttpClient http = NodeTls.http(own).build()) {
      return http.send(
          HttpRequest.newBuilder(secure(name).resolve(path))
              .timeout(Duration.ofSeconds(20))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException refused) {
      return null;
    }
  }

  /** All that a plain connection is sent back. */
  private byte[] said(int port, byte[] bytes) throws IOException {
    try (Socket socket = new Socket("localhost", port);
        InputStream in = socket.getInputStream()) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      return in.readAllBytes();
    } catch (SocketException reset) {
      return new byte[0];
    }
  }

  @Test
  void whoHasNoCertificateThatCountsGetsNothing() throws Exception {
    authority.sign(KOMATSU, tls(KOMATSU));
    authority.sign(KANAZAWA, tls(KANAZAWA));
    World komatsu = start(KOMATSU);
    String checkpoint = "/chains/" + KOMATSU + "/checkpoint";
    Path friend = data.resolve("friend");
    authority.sign(ASIA, friend);
    HttpResponse<String> served = asked(friend, KOMATSU, checkpoint);
    assertTrue(served != null && served.statusCode() == 200, () -> String.valueOf(served));

    Path another = data.resolve("another");
    new Authority(data.resolve("other-ca")).sign(KOMATSU, another);
    Path trusting = data.resolve("trusting"); // believes the node, and is not believed
    new Authority(data.resolve("third-ca")).sign(KOMATSU, trusting);
    byte[] both =
        (Files.readString(trusting.resolve(TlsFiles.AUTHORITIES))
                + Files.readString(friend.resolve(TlsFiles.AUTHORITIES)))
            .getBytes(StandardCharsets.US_ASCII);
    Files.write(trusting.resolve(TlsFiles.AUTHORITIES), both);
    Path ended = data.resolve("ended");
    authority.signEnded(KOMATSU, ended);
    for (Path one : List.of(another, trusting, ended)) {
      assertEquals(null, asked(one, KOMATSU, checkpoint), one::toString);
    }
    assertEquals(null, asked(null, KOMATSU, checkpoint));
    String plain =
        new String(
            said(nodePort(KOMATSU), Utf8.encode("GET " + checkpoint + " HTTP/1.1\r\n\r\n")),
            StandardCharsets.ISO_8859_1);
    assertFalse(plain.contains("HTTP") || plain.contains("aika"), plain);
    byte[] silent = said(nodePort(KOMATSU), new byte[0]); // the node ends it
    assertEquals(0, silent.length);

    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Stranger stranger =
        new Stranger(file.federation().id(), port, Set.of("localhost:" + nodePort(KOMATSU)));
    running.push(stranger);
    World kanazawa = start(KANAZAWA);
    kanazawa.await(() -> metric(kanazawa, KANAZAWA, "aika_gossip_members") == 2);
    assertEquals(1, stranger.members());
    komatsu.issue(komatsu.person(KOMATSU, "A"), "1.00"); // and the node goes on
    assertEquals(200, Objects.requireNonNull(asked(friend, KOMATSU, checkpoint)).statusCode());
  }

  /** Over there a request from this machine could pass for the counter's. */
  @Test
  void aNodeIsNoCounter() throws Exception {
    authority.sign(KOMATSU, tls(KOMATSU));
    World komatsu = start(KOMATSU);
    komatsu.issue(komatsu.person(KOMATSU, "A"), "10.00");
    try (NodeTls own = NodeTls.open(tls(KOMATSU), () -> 0).orElseThrow();
        HttpClient http = NodeTls.http(own).build()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(secure(KOMATSU).resolve("/send"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(WorkedExampleOverHttpTest.SNIPPET))
                  .build(),
              BodyHandlers.ofString());
      assertTrue(answer.body().contains("UNSIGNED_REFUSED"), answer::body);
    }
    assertEquals(
        404, Objects.requireNonNull(asked(tls(KOMATSU), KOMATSU, "/")).statusCode(), "no pages");
  }

  @Test
  void anEndedCertificateCostsTheNeighboursAndNoOrder() throws Exception {
    authority.signEnded(KOMATSU, tls(KOMATSU));
    authority.sign(KANAZAWA, tls(KANAZAWA));
    World komatsu = start(KOMATSU);
    World kanazawa = start(KANAZAWA);
    AccountId a = komatsu.person(KOMATSU, "A");
    komatsu.issue(a, "10.00");
    komatsu.person(KOMATSU, "C");
    String body =
        WorkedExampleOverHttpTest.SNIPPET
            .replace("200", "1")
            .replace("\"B\"", "\"C\"")
            .replace("Asia-Kanazawa", KOMATSU);
    komatsu.post(KOMATSU, "/send", body).expect(200);
    assertTrue(metric(komatsu, KOMATSU, "aika_certificate_seconds{file=\"node.crt\"}") < 0);
    kanazawa.person(KANAZAWA, "B");
    World.Reply away =
        komatsu
            .post(KOMATSU, "/send", WorkedExampleOverHttpTest.SNIPPET.replace("200", "1"))
            .expect(503);
    assertEquals("REGISTER_UNREACHABLE", away.text("code"));
    String copy = "aika_copy_up{chain=\"" + KOMATSU + "\"}";
    kanazawa.await(() -> metric(kanazawa, KANAZAWA, copy) == 0);

    authority.sign(KOMATSU, tls(KOMATSU)); // nothing is restarted
    kanazawa.await(() -> metric(kanazawa, KANAZAWA, copy) == 1);
    komatsu.await(() -> pays(komatsu));
  }

  /** A register that could not be reached is not asked again for some seconds. */
  private static boolean pays(World komatsu) {
    String body = WorkedExampleOverHttpTest.SNIPPET.replace("200", "1");
    try {
      return komatsu.post(KOMATSU, "/send", body).status() == 200;
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void aNewAuthorityTakesOverWhileNodesRun() throws Exception {
    for (String name : ALL) {
      authority.sign(name, tls(name));
    }
    World komatsu = start(KOMATSU);
    World kanazawa = start(KANAZAWA);
    World asia = start(ASIA);
    AccountId a = komatsu.person(KOMATSU, "A");
    komatsu.issue(a, "1000.00");
    AccountId b = kanazawa.person(KANAZAWA, "B");
    pay(komatsu, kanazawa, b, "1");

    Path old = data.resolve("old");
    authority.sign(ASIA, old);
    authority.renew();
    Path signed = data.resolve("signed");
    authority.sign(ASIA, signed);
    String both = Files.readString(signed.resolve(TlsFiles.AUTHORITIES));
    Files.writeString(old.resolve(TlsFiles.AUTHORITIES), both);
    // first both CAs are believed everywhere, then each node gets its new certificate
    for (String name : ALL) {
      Files.writeString(tls(name).resolve(TlsFiles.AUTHORITIES), both);
    }
    komatsu.await(() -> answers(signed, KOMATSU));
    kanazawa.await(() -> answers(signed, KANAZAWA));
    asia.await(() -> answers(signed, ASIA));
    int paid = 1;
    for (String name : ALL) {
      authority.sign(name, tls(name));
      paid++; // the same amount again would be taken for a repeated request
      pay(komatsu, kanazawa, b, String.valueOf(paid));
    }
    // and at last the old one is believed no more
    String next = both.substring(0, both.indexOf("-----BEGIN", 1));
    for (String name : ALL) {
      Files.writeString(tls(name).resolve(TlsFiles.AUTHORITIES), next);
    }
    komatsu.await(() -> !answers(old, KOMATSU));
    kanazawa.await(() -> !answers(old, KANAZAWA));
    pay(komatsu, kanazawa, b, "5");
    assertEquals(Money.of("15.00"), kanazawa.balance(b));
  }

  private boolean answers(Path tls, String name) {
    try {
      HttpResponse<String> answer = asked(tls, name, "/chains/" + name + "/checkpoint");
      return answer != null && answer.statusCode() == 200;
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void whatCannotBeUsedIsNamedAtTheStart() throws Exception {
    authority.sign(KOMATSU, tls(KOMATSU));
    Files.delete(tls(KOMATSU).resolve(TlsFiles.KEY));
    TlsException missing = assertThrows(TlsException.class, () -> start(KOMATSU));
    assertTrue(String.valueOf(missing.getMessage()).contains("node.key: is missing"));
  }
}
