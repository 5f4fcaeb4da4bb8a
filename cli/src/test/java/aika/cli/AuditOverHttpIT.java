package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.log.Checkpoint;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.money.ChainId;
import aika.node.config.FederationFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code aika audit} of the real {@code aika demo}, over HTTP and from a copy of its files. */
final class AuditOverHttpIT {
  private static final Duration WAIT = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 20;

  @TempDir Path directory;

  private final int offset = FreeOffset.find();
  private final HttpClient http = HttpClient.newHttpClient();
  private String said = "";

  private String address(int port) {
    return "http://127.0.0.1:" + (port + offset);
  }

  private JsonNode post(int port, String path, String json) throws Exception {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(address(port) + path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .timeout(WAIT)
                .build(),
            BodyHandlers.ofByteArray());
    assertEquals(200, answer.statusCode());
    return new ObjectMapper().readTree(answer.body());
  }

  private byte[] get(String path) throws Exception {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(address(1024) + path)).timeout(WAIT).build(),
            BodyHandlers.ofByteArray());
    assertEquals(200, answer.statusCode(), path);
    return answer.body();
  }

  private String sent() throws Exception {
    return post(
            2001,
            "/send",
            """
            {"sender":"A","receiver":"B","receiver_municipality":"Asia-Kanazawa","amount":"12.34",
             "again":true}
            """)
        .path("transfer")
        .asText();
  }

  /** Waits until nothing about this transfer will change any more. */
  private void awaitEnd(String transfer) throws Exception {
    String events = new String(get("/transfers/" + transfer + "/events"), StandardCharsets.UTF_8);
    assertTrue(events.contains("\"nobody\""), events);
  }

  private int audit(Path federation, Path json, String source, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "audit", "--federation", federation.toString(), "--json", json.toString(), source));
    arguments.addAll(List.of(more));
    StringWriter out = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(arguments.toArray(String[]::new));
    said = out.toString();
    return code;
  }

  /** Copies what a chain publishes, as a mirror would. */
  private void mirror(ChainId chain, Path mirror) throws Exception {
    byte[] signed = get("/chains/" + chain + "/checkpoint");
    Checkpoint checkpoint = SignedCheckpoint.parse(signed).checkpoint();
    write(mirror.resolve("checkpoint"), signed);
    List<TilePath> paths = new ArrayList<>();
    int width;
    for (long i = 0; (width = TilePath.widthAt(0, i, checkpoint.size())) > 0; i++) {
      paths.add(new TilePath.Entries(i, width));
    }
    for (int level = 0; TilePath.widthAt(level, 0, checkpoint.size()) > 0; level++) {
      for (long i = 0; (width = TilePath.widthAt(level, i, checkpoint.size())) > 0; i++) {
        paths.add(new TilePath.Hashes(level, i, width));
      }
    }
    for (TilePath path : paths) {
      write(mirror.resolve(path.format()), get("/chains/" + chain + '/' + path.format()));
    }
  }

  private static void write(Path file, byte[] bytes) throws Exception {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  @Test
  void findsTheDemoRightAndAFlippedByteWrong() throws Exception {
    Path data = directory.resolve("data");
    Path json = directory.resolve("report.json");
    Path mirror = directory.resolve("mirror");
    String state = directory.resolve("state").toString();
    Path federation = data.resolve(FederationFile.NAME);
    try (AikaProcess demo = AikaProcess.demo(data, offset, directory.resolve("output"))) {
      long deadline = System.nanoTime() + WAIT.multipliedBy(3).toNanos();
      while (!demo.output().contains("Ctrl-C")) {
        assertTrue(demo.runs(POLL_MILLIS), demo::output);
        assertTrue(System.nanoTime() < deadline, demo::output);
      }
      String rejected = sent();
      JsonNode _ =
          post(2000, "/reject", "{\"receiver\":\"B\",\"transfer\":\"%s\"}".formatted(rejected));
      String cancelled = sent();
      JsonNode _ =
          post(2001, "/cancel", "{\"sender\":\"A\",\"transfer\":\"%s\"}".formatted(cancelled));
      awaitEnd(rejected);
      awaitEnd(cancelled);
      assertEquals(0, audit(federation, json, address(1024), "--state", state), () -> said);
      String waiting = sent();
      assertTrue(waiting.startsWith("Asia-Komatsu:"));

      assertEquals(0, audit(federation, json, address(1024)), () -> said);
      for (JsonNode chain : new ObjectMapper().readTree(json.toFile()).path("chains")) {
        ChainId id = ChainId.of(chain.path("chain").asText());
        mirror(id, mirror.resolve(id.value()));
      }
      int _ = demo.stop();
    }
    http.close();

    assertEquals(0, audit(federation, json, mirror.toString()), () -> said);
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertTrue(report.path("clean").asBoolean());
    assertEquals("1600.00", report.path("sums").path("issued").asText());
    JsonNode komatsu =
        report
            .path("chains")
            .valueStream()
            .filter(chain -> chain.path("chain").asText().equals("Asia-Komatsu"))
            .findFirst()
            .orElseThrow();
    assertTrue(
        komatsu.path("sends").asInt() >= 3, komatsu.toString()); // the last may be on its way

    String whole = Files.readString(json);
    assertEquals(0, audit(federation, json, mirror.toString(), "--state", state), () -> said);
    assertEquals(whole, Files.readString(json));
    assertEquals(0, audit(federation, json, mirror.toString(), "--state", state), () -> said);
    assertEquals(whole, Files.readString(json));

    Path entries =
        mirror.resolve("Asia-Komatsu").resolve("tile/entries/000.p/" + komatsu.path("leaves"));
    byte[] bytes = Files.readAllBytes(entries);
    bytes[bytes.length / 2] ^= 1;
    Files.write(entries, bytes);
    assertEquals(1, audit(federation, json, mirror.toString()), () -> said);
    JsonNode findings = new ObjectMapper().readTree(json.toFile()).path("findings");
    assertTrue(
        findings.valueStream().anyMatch(one -> one.path("chain").asText().equals("Asia-Komatsu")),
        findings.toString());
    assertTrue(said.contains("findings."), said);

    for (Path file : files(Path.of(state))) {
      byte[] content = Files.readAllBytes(file);
      content[content.length / 2] ^= 1;
      Files.write(file, content);
    }
    assertEquals(1, audit(federation, json, mirror.toString(), "--state", state), () -> said);
    assertTrue(said.contains("What an earlier audit kept cannot be used"), said);
    assertTrue(said.contains("何も信用していません"), said);
  }

  /** What an audit wrote. */
  private static List<Path> files(Path state) throws Exception {
    try (Stream<Path> files = Files.list(state)) {
      List<Path> tables = files.filter(file -> file.toString().endsWith(".sst")).toList();
      assertTrue(!tables.isEmpty());
      return tables;
    }
  }
}
