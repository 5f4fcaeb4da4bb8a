package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.VerifierKey;
import aika.node.config.FederationFile;
import aika.node.config.UsedFile;
import aika.node.gateway.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Representatives with machines of their own, from the keys on. */
@Timeout(240)
final class CosignCommandIT {
  private static final String KOMATSU = "Asia-Komatsu";
  private static final int SEATS = 4;
  private static final int KILLS = 4;
  private static final long POLL_MILLIS = 50;
  private static final long DEADLINE_SECONDS = 90;

  private static final String TEMPLATE =
      """
      federation: small.aika.example
      term: { seats: 4 }
      continents:
        Asia: { name: { ja: アジア, en: Asia }, http: 1024 }
        Default: { name: { ja: その他, en: Elsewhere }, http: 1034, default: true }
      municipalities:
        Asia-Komatsu: { name: { ja: 小松市, en: Komatsu }, http: 2001, node: 20001 }
        Default-General: { name: { ja: 総合窓口, en: General }, http: 2003, node: 20003 }
      """;

  @TempDir Path directory;

  private final int offset = FreeOffset.find();
  private final Map<Integer, AikaProcess> cosigners = new HashMap<>();
  private StringWriter said = new StringWriter();
  private int starts;

  @BeforeEach
  void init() throws IOException {
    Path template = Files.writeString(directory.resolve("small.yaml"), TEMPLATE);
    aika(0, "init", data().toString(), "--template", template.toString());
  }

  @AfterEach
  void stop() {
    cosigners.values().forEach(AikaProcess::close);
  }

  private Path data() {
    return directory.resolve("aika");
  }

  private Path federation() {
    return data().resolve(FederationFile.NAME);
  }

  private Path seat(int number) {
    return directory.resolve("seat-" + number);
  }

  private String aika(int code, String... arguments) {
    said = new StringWriter();
    int ended =
        Main.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said))
            .execute(arguments);
    assertEquals(code, ended, said::toString);
    return said.toString();
  }

  /** The line that a representative sends to the office. */
  private String makeKey(int number) {
    String out =
        aika(
            0,
            "cosign",
            KOMATSU,
            "--seat",
            "seat-" + number,
            "--dir",
            seat(number).toString(),
            "--federation",
            federation().toString());
    String key = out.lines().filter(line -> line.startsWith("key ")).findFirst().orElseThrow();
    return key.substring("key ".length()).strip();
  }

  /** The office puts the key in the place of the one that it had made, and forgets that one. */
  private void seated(int number, String key) throws IOException {
    String name = VerifierKey.parse(key).name();
    String text = Files.readString(federation());
    String old =
        text.lines()
            .flatMap(line -> line.lines())
            .filter(line -> line.contains(name + "+"))
            .findFirst()
            .orElseThrow();
    String before = old.substring(old.indexOf(name + "+")).split("[\\s\"',}]", -1)[0];
    Files.writeString(federation(), text.replace(before, key));
    Files.delete(data().resolve("keys/" + KOMATSU + "/seat-" + number + ".key"));
  }

  @Test
  void theKeyIsMadeOnceAndIsTheOneThatTheOfficeGets() throws IOException {
    String key = makeKey(2);
    assertTrue(said.toString().contains("not in the federation file"), said::toString);
    assertEquals(key, makeKey(2), "asked again");
    assertTrue(Files.readString(federation()).contains("seat-2"));
    seated(2, key);
    aika(0, "federation", "check", federation().toString());
    assertEquals(key, makeKey(2));
    assertFalse(said.toString().contains("not in the federation file"), said::toString);

    aika(1, "cosign", KOMATSU, "--seat", "seat-3", "--dir", seat(2).toString());
    aika(2, "cosign", KOMATSU, "--seat", "no seat", "--dir", seat(3).toString());
    aika(1, "cosign", KOMATSU, "--seat", "seat-3", "--dir", seat(3).toString()); // no file
    aika(
        2,
        "cosign",
        KOMATSU,
        "--dir",
        seat(3).toString(),
        "--federation",
        federation().toString()); // which seat
    aika(2, "cosign", KOMATSU, "--dir", seat(2).toString(), "--gateway", "komatsu:2001");
    aika(1, "cosign", "Asia-Nowhere", "--dir", seat(2).toString());
  }

  @Test
  void aKeyThatWasMadeElsewhereIsTakenAndOneWithoutItsRecordIsNot() throws IOException {
    Path made = data().resolve("keys/" + KOMATSU + "/seat-2.key");
    String[] take = {
      "cosign",
      KOMATSU,
      "--seat",
      "seat-2",
      "--dir",
      seat(2).toString(),
      "--federation",
      federation().toString(),
      "--key",
      made.toString()
    };
    take[3] = "seat-3";
    aika(1, take); // another seat's
    take[3] = "seat-2";
    String out = aika(0, take);
    assertFalse(out.contains("not in the federation file"), out);
    aika(2, take); // it has one
    Files.delete(seat(2).resolve("signed"));
    String refused =
        aika(
            1,
            "cosign",
            KOMATSU,
            "--dir",
            seat(2).toString(),
            "--gateway",
            "http://localhost:" + (2001 + offset));
    assertTrue(refused.contains("SIGNED_UNKNOWN"), refused);
  }

  private void startCosigner(int number) {
    cosigners.put(
        number,
        AikaProcess.start(
            directory.resolve("output-" + starts++),
            "cosign",
            KOMATSU,
            "--dir",
            seat(number).toString(),
            "--federation",
            federation().toString(),
            "--gateway",
            "http://localhost:" + (2001 + offset)));
  }

  private void add(String name) {
    aika(
        0,
        "resident",
        "add",
        name,
        "--in",
        KOMATSU,
        "--data",
        data().toString(),
        "--port-offset",
        String.valueOf(offset));
  }

  /** Leaves and approved ones, as the node says. */
  private record Sizes(long leaves, long approved) {}

  private Sizes sizes(HttpClient http) throws Exception {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + (2001 + offset) + "/health"))
                .build(),
            BodyHandlers.ofByteArray());
    Map<?, ?> chains = (Map<?, ?>) Objects.requireNonNull(Json.object(answer.body()).get("chains"));
    Map<?, ?> komatsu = (Map<?, ?>) Objects.requireNonNull(chains.get(KOMATSU));
    return new Sizes(
        Long.parseLong(String.valueOf(komatsu.get("leaves"))),
        Long.parseLong(String.valueOf(komatsu.get("approved"))));
  }

  private void awaitApproved(AikaProcess node, HttpClient http, long leaves) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (sizes(http).approved() < leaves) {
      assertTrue(
          System.nanoTime() < deadline,
          () -> cosigners.values().stream().map(AikaProcess::output).toList().toString());
      assertTrue(node.runs(POLL_MILLIS), node::output);
    }
  }

  @Test
  void cosignersThatAreKilledGoOnWhereTheyWere() throws Exception {
    long seed = new SecureRandom().nextInt(1_000_000);
    System.out.println("CosignCommandIT seed " + seed);
    Random random = new Random(seed);
    for (int number = 2; number <= SEATS; number++) {
      seated(number, makeKey(number));
    }
    try (HttpClient http = HttpClient.newHttpClient();
        AikaProcess node =
            AikaProcess.start(
                directory.resolve("output-node"),
                "node",
                KOMATSU,
                "--data",
                data().toString(),
                "--port-offset",
                String.valueOf(offset))) {
      while (!node.output().contains("ready; ")) {
        assertTrue(node.runs(POLL_MILLIS), node::output);
      }
      add("A");
      assertEquals(0, sizes(http).approved(), "one of four approves nothing");
      for (int number = 2; number <= SEATS; number++) {
        startCosigner(number);
      }
      awaitApproved(node, http, sizes(http).leaves());
      for (int i = 0; i < KILLS; i++) {
        int victim = 2 + random.nextInt(SEATS - 1);
        Objects.requireNonNull(cosigners.get(victim)).kill();
        add("Person" + i);
        awaitApproved(node, http, sizes(http).leaves()); // three of four are there
        startCosigner(victim);
      }
      for (Map.Entry<Integer, AikaProcess> cosigner : cosigners.entrySet()) {
        AikaProcess process = cosigner.getValue();
        while (!process.output().contains("ready; ")) {
          assertTrue(process.runs(POLL_MILLIS), process::output);
        }
        assertEquals(143, process.stop(), process::output);
        assertTrue(process.output().contains("stopped"), process::output);
        assertTrue(Files.exists(seat(cosigner.getKey()).resolve(UsedFile.NAME)));
      }
    }
  }
}
