package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.TransferId;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** HEAD as GET without the body, and addresses that nobody knows. */
@ExtendWith(SharedWorld.class)
class HeadAndUnknownTest {
  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";
  private static final Pattern ASSET = Pattern.compile("href=\"(/assets/[^\"]+\\.css)\"");

  private final World world;

  HeadAndUnknownTest(SharedWorld.Town town) {
    world = town.world;
  }

  /**
   * The head and the body of an answer as they stand on the wire, so that a client's leniency hides
   * nothing: what follows the answer must be the next one.
   */
  private String[] onTheWire(String gateway, String method, String path, String accept)
      throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), world.port(gateway))) {
      socket.setSoTimeout(30_000);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      ask(socket, gateway, method + ' ' + path, accept);
      String head = head(in);
      int length = Integer.parseInt("0" + header(head, "content-length"));
      String body = method.equals("HEAD") ? "" : text(in.readNBytes(length));
      ask(socket, gateway, "GET /nothing", "*/*");
      String next = head(in);
      assertTrue(next.startsWith("HTTP/1.1 404 "), () -> "a body came: " + next);
      return new String[] {head, body};
    }
  }

  private void ask(Socket socket, String gateway, String what, String accept) throws IOException {
    String request =
        "%s HTTP/1.1\r\nHost: localhost:%d\r\nAccept: %s\r\n\r\n"
            .formatted(what, world.port(gateway), accept);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!text(head.toByteArray()).endsWith("\r\n\r\n")) {
      int next = in.read();
      assertTrue(next >= 0, "the connection ended");
      head.write(next);
    }
    return text(head.toByteArray());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String status(String[] answer) {
    return answer[0].substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
  }

  private static String header(String[] answer, String name) {
    return header(answer[0], name);
  }

  private static String header(String head, String name) {
    Matcher found = Pattern.compile("(?im)^" + name + ": *(.*?)\r?$").matcher(head);
    return found.find() ? found.group(1) : "";
  }

  private void same(String gateway, String path, String accept, String expected) throws Exception {
    String[] get = onTheWire(gateway, "GET", path, accept);
    String[] head = onTheWire(gateway, "HEAD", path, accept);
    assertEquals(expected, status(get), get[0]);
    assertEquals(expected, status(head), head[0]);
    for (String name : List.of("content-type", "cache-control", "location", "allow")) {
      assertEquals(header(get, name), header(head, name), name);
    }
  }

  private void sameLength(String path, String accept) throws Exception {
    String[] get = onTheWire(KOMATSU, "GET", path, accept);
    String[] head = onTheWire(KOMATSU, "HEAD", path, accept);
    assertTrue(get[1].length() > 0);
    assertEquals(String.valueOf(get[1].length()), header(get, "content-length"));
    assertEquals(header(get, "content-length"), header(head, "content-length"));
  }

  private TransferId completeTransfer() throws Exception {
    String json =
        "{\"sender\":\"A\",\"receiver\":\"B\",\"receiver_municipality\":\"%s\",\"amount\":34.01}"
            .formatted(KANAZAWA);
    String id = world.post(KOMATSU, "/send", json).expect(200).text("transfer");
    world
        .post(KANAZAWA, "/receive", "{\"receiver\":\"B\",\"transfer\":\"" + id + "\"}")
        .expect(200);
    TransferId transfer = TransferId.of(id);
    world.await(() -> world.ledger(transfer.origin()).approvedSize() > transfer.index());
    return transfer;
  }

  private String asset() throws Exception {
    String page = new String(world.bytes(KOMATSU, "/"), StandardCharsets.UTF_8);
    Matcher found = ASSET.matcher(page);
    assertTrue(found.find(), page);
    return found.group(1);
  }

  @TestFactory
  Stream<DynamicTest> headIsGetWithoutTheBody() throws Exception {
    TransferId transfer = completeTransfer();
    String account = "/accounts/" + transfer.origin() + "/zzzzzzzz";
    return Stream.of(
            List.of(KOMATSU, "/health", "*/*", "200"),
            List.of(ASIA, "/metrics", "*/*", "200"),
            List.of(KOMATSU, "/transfers/" + transfer, "*/*", "200"),
            List.of(KOMATSU, "/transfers/" + transfer, BROWSER, "303"),
            List.of(KOMATSU, "/transfers/" + transfer + "/receipt?half=send", "*/*", "200"),
            List.of(KOMATSU, "/transfers/" + transfer + "/receipt?half=both", "*/*", "400"),
            List.of(KOMATSU, "/transfers/Asia-Komatsu:0", "*/*", "404"),
            List.of(KOMATSU, "/transfers/Asia-Komatsu:0/events", "*/*", "404"),
            List.of(KOMATSU, account, "*/*", "404"),
            List.of(KOMATSU, "/chains/Asia-Komatsu/checkpoint", "*/*", "200"),
            List.of(KOMATSU, "/chains/Asia-Komatsu/tile/9/000", "*/*", "404"),
            List.of(KOMATSU, "/nothing", "*/*", "404"),
            List.of(KOMATSU, "/nothing", BROWSER, "404"),
            List.of(KOMATSU, "/add-checkpoint", "*/*", "405"),
            List.of(KOMATSU, "/", BROWSER, "200"),
            List.of(ASIA, "/send", BROWSER, "200"),
            List.of(KOMATSU, "/send/check", BROWSER, "303"),
            List.of(KOMATSU, "/t/" + transfer, BROWSER, "200"),
            List.of(KOMATSU, "/t/Asia-Komatsu:0", BROWSER, "404"),
            List.of(KOMATSU, asset(), "*/*", "200"),
            List.of(KOMATSU, "/assets/0/none.css", "*/*", "404"))
        .map(row ->
            DynamicTest.dynamicTest(
                row.get(1) + " for " + row.get(2),
                () -> same(row.get(0), row.get(1), row.get(2), row.get(3))));
  }

  @Test
  void headSaysHowLongTheBodyWouldBe() throws Exception {
    sameLength("/transfers/" + completeTransfer() + "/receipt?half=send", "*/*");
    sameLength("/transfers/Asia-Komatsu:0", "*/*");
    sameLength("/nothing", "*/*");
    sameLength("/nothing", BROWSER);
    sameLength("/t/Asia-Komatsu:0", BROWSER);
    sameLength(asset(), "*/*");
  }

  @Test
  void headOfEventsDoesNotWaitForThem() throws Exception {
    String json =
        "{\"sender\":\"A\",\"receiver\":\"B\",\"receiver_municipality\":\"%s\",\"amount\":34.02}"
            .formatted(KANAZAWA);
    String id = world.post(KOMATSU, "/send", json).expect(200).text("transfer");
    String[] head = onTheWire(KOMATSU, "HEAD", "/transfers/" + id + "/events", "*/*");
    assertEquals("200", status(head));
    assertTrue(header(head, "content-type").startsWith("text/event-stream"), head[0]);
  }

  @Test
  void aConnectionIsGoodForMoreAfterHead() throws Exception {
    HttpRequest head =
        HttpRequest.newBuilder(world.uri(KOMATSU, "/nothing"))
            .method("HEAD", BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(30))
            .build();
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> answer = world.http.send(head, BodyHandlers.ofByteArray());
      assertEquals(404, answer.statusCode());
      assertEquals("up", world.get(KOMATSU, "/health").expect(200).text("status"));
    }
  }

  @Test
  void headAsWellIsAllowedWhereGetIs() throws Exception {
    assertEquals("GET, HEAD", world.post(KOMATSU, "/health", "{}").expect(405).header("allow"));
    assertEquals("POST", world.get(KOMATSU, "/add-checkpoint").expect(405).header("allow"));
  }

  @Test
  void anUnknownAddressIsAPageForBrowsers() throws Exception {
    for (String path : List.of("/nothing", "/chains/Asia-Komatsu/nothing", "/t", "/a/b/c")) {
      World.Reply page =
          world.get(KOMATSU, path, Map.of("Accept", BROWSER, "Accept-Language", "en")).expect(404);
      String html = new String(page.http().body(), StandardCharsets.UTF_8);
      assertEquals("text/html; charset=utf-8", page.header("content-type"), path);
      assertTrue(html.startsWith("<!DOCTYPE html>"), html);
      assertTrue(html.contains("NOT_FOUND"), html);
      assertTrue(html.contains("lang=\"en\""), html);
      assertTrue(!page.header("content-security-policy").isEmpty());
    }
  }

  @Test
  void anUnknownAddressIsAProblemForPrograms() throws Exception {
    for (String accept : List.of("*/*", "application/json", "application/problem+json")) {
      World.Reply problem = world.get(KOMATSU, "/nothing", Map.of("Accept", accept)).expect(404);
      assertEquals(Problems.CONTENT_TYPE, problem.header("content-type"));
      assertEquals("NOT_FOUND", problem.text("code"));
    }
    World.Reply posted =
        world.post(KOMATSU, "/nothing", "application/json", "{}", Map.of("Accept", BROWSER));
    assertEquals("NOT_FOUND", posted.expect(404).text("code"));
  }

  @Test
  void whatTheApiKnowsStaysItsOwnForBrowsersToo() throws Exception {
    World.Reply known = world.get(KOMATSU, "/health", Map.of("Accept", BROWSER)).expect(200);
    assertEquals("up", known.text("status"));
    World.Reply unknown =
        world
            .get(KOMATSU, "/accounts/Asia-Komatsu/zzzzzzzz", Map.of("Accept", BROWSER))
            .expect(404);
    assertEquals("UNKNOWN_ACCOUNT", unknown.text("code"));
  }
}
