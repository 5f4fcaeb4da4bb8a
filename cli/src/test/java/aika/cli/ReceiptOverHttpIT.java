package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.TransferId;
import aika.node.config.FederationFile;
import java.io.IOException;
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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts of the real {@code aika demo}, as people fetch them, before {@code aika verify}. */
final class ReceiptOverHttpIT {
  private static final Pattern TRANSFER = Pattern.compile("\"transfer\":\"([^\"]+)\"");
  private static final Duration WAIT = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 20;

  /** Between two changed bytes; all are prime, so that they meet every part of a line. */
  private static final int HEAD_STEP = 71;

  private static final int SIGNATURES_STEP = 829;
  private static final int LIFE_STEP = 919;

  @TempDir Path directory;

  private final int offset = FreeOffset.find();
  private final HttpClient http = HttpClient.newHttpClient();
  private String said = "";

  private URI komatsu(String path) {
    return URI.create("http://127.0.0.1:" + (2001 + offset) + path);
  }

  private URI kanazawa(String path) {
    return URI.create("http://127.0.0.1:" + (2000 + offset) + path);
  }

  private byte[] exchange(HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> answer =
        http.send(request.timeout(WAIT).build(), BodyHandlers.ofByteArray());
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    assertEquals(200, answer.statusCode(), text);
    return answer.body();
  }

  private String post(URI uri, String json) throws Exception {
    byte[] answer =
        exchange(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    return new String(answer, StandardCharsets.UTF_8);
  }

  /** A in Komatsu sends, B in Kanazawa receives; returns when nothing will change any more. */
  private TransferId completeTransfer() throws Exception {
    String sent =
        post(
            komatsu("/send"),
            """
            {"sender":"A","receiver":"B","receiver_municipality":"Asia-Kanazawa","amount":"12.34",
             "again":true}
            """);
    Matcher found = TRANSFER.matcher(sent);
    assertTrue(found.find(), sent);
    String transfer = found.group(1);
    String _ =
        post(kanazawa("/receive"), "{\"receiver\":\"B\",\"transfer\":\"%s\"}".formatted(transfer));
    byte[] _ = exchange(HttpRequest.newBuilder(komatsu("/transfers/" + transfer + "/events")));
    return TransferId.of(transfer);
  }

  /** {@code aika receipt}, from the gateway. */
  private byte[] life(TransferId transfer, Path federation) throws IOException {
    Path file = directory.resolve("life.receipt");
    StringWriter out = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(
                "receipt",
                transfer.toString(),
                "--federation",
                federation.toString(),
                "http://127.0.0.1:" + (1024 + offset),
                "--out",
                file.toString());
    said = out.toString();
    assertEquals(0, code, said);
    return Files.readAllBytes(file);
  }

  /** Asked for until the end of the hold is approved, too. */
  private byte[] wholeLife(TransferId transfer, Path federation) throws IOException {
    long deadline = System.nanoTime() + WAIT.toNanos();
    byte[] life = life(transfer, federation);
    while (!new String(life, StandardCharsets.UTF_8).contains("\npart settle\n")) {
      assertTrue(System.nanoTime() < deadline, said);
      life = life(transfer, federation);
    }
    return life;
  }

  /** The part of one receipt, with its proof, in the place of another's. */
  private static byte[] mixed(byte[] life, byte[] other, String part) {
    String text = new String(life, StandardCharsets.UTF_8);
    String from = new String(other, StandardCharsets.UTF_8);
    return text.replace(part(text, part), part(from, part)).getBytes(StandardCharsets.UTF_8);
  }

  private static String part(String life, String part) {
    int start = life.indexOf("\npart " + part + "\n");
    int end = life.indexOf("\n\npart ", start + 1);
    return life.substring(start, end < 0 ? life.length() - 1 : end);
  }

  private byte[] receipt(TransferId transfer, String half) throws Exception {
    return exchange(
        HttpRequest.newBuilder(komatsu("/transfers/" + transfer + "/receipt?half=" + half)));
  }

  private int verify(byte[] receipt, Path federation) throws IOException {
    Path file = Files.write(directory.resolve("receipt.tlog-proof"), receipt);
    StringWriter out = new StringWriter();
    int code =
        Main.commandLine("verify")
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute("verify", file.toString(), "--federation", federation.toString());
    said = out.toString();
    return code;
  }

  /**
   * Places all over a receipt, closer together where the leaf and the checkpoint are; of each
   * signature the name and the key id too.
   */
  private static Set<Integer> places(byte[] receipt) {
    String text = new String(receipt, StandardCharsets.ISO_8859_1);
    int signatures = text.lastIndexOf("\n\n");
    assertTrue(signatures > 0);
    Set<Integer> places = new HashSet<>();
    for (int i = 0; i < signatures; i += HEAD_STEP) {
      places.add(i);
    }
    for (int i = signatures; i < receipt.length; i += SIGNATURES_STEP) {
      places.add(i);
    }
    for (int end = text.length() - 1; end > signatures + 1; end = text.lastIndexOf('\n', end - 1)) {
      int space = text.lastIndexOf(' ', end);
      places.addAll(List.of(space - 3, space + 2, end));
    }
    return places;
  }

  /** All over a life; core's tests change each of its bytes. */
  private static Set<Integer> placesOfLife(byte[] life) {
    Set<Integer> places = new HashSet<>();
    for (int i = 0; i < life.length; i += LIFE_STEP) {
      places.add(i);
    }
    return places;
  }

  private void refusesEachChangedByte(byte[] receipt, Path federation, Set<Integer> places)
      throws IOException {
    assertTrue(places.size() > 40, "only " + places.size());
    List<String> accepted = new ArrayList<>();
    for (int place : places) {
      byte[] changed = receipt.clone();
      changed[place] ^= (byte) (1 << place % 8);
      if (verify(changed, federation) != 1 || !said.contains("PROOF_INVALID")) {
        accepted.add("byte " + place + ": " + said);
      }
    }
    assertEquals(List.of(), accepted);
  }

  private void awaitReady(AikaProcess demo) throws InterruptedException {
    long deadline = System.nanoTime() + WAIT.multipliedBy(3).toNanos();
    while (!demo.output().contains("Ctrl-C")) {
      assertTrue(demo.runs(POLL_MILLIS), demo::output);
      assertTrue(System.nanoTime() < deadline, demo::output);
    }
  }

  @Test
  void provesBothHalvesAndNothingThatWasChanged() throws Exception {
    Path data = directory.resolve("data");
    byte[] send;
    byte[] receive;
    byte[] life;
    byte[] other;
    byte[] open;
    TransferId transfer;
    Path federation = data.resolve(FederationFile.NAME);
    try (AikaProcess demo = AikaProcess.demo(data, offset, directory.resolve("output"))) {
      awaitReady(demo);
      transfer = completeTransfer();
      send = receipt(transfer, "send");
      receive = receipt(transfer, "receive");
      life = wholeLife(transfer, federation);
      other = wholeLife(completeTransfer(), federation);
      open = life(waitingTransfer(), federation);
      int _ = demo.stop();
    }
    http.close();
    // the node has ended: what follows rests on the files alone
    assertEquals(0, verify(send, federation), said);
    assertTrue(said.contains(" sent 12.34 to "), said);
    assertTrue(said.contains("(transfer " + transfer + ")"), said);
    assertEquals(0, verify(receive, federation), said);
    assertTrue(said.contains(" received 12.34 (transfer " + transfer + ")"), said);
    refusesEachChangedByte(send, federation, places(send));
    refusesEachChangedByte(receive, federation, places(receive));

    assertEquals(0, verify(life, federation), said);
    assertTrue(said.contains("the transfer " + transfer + ", send decision settle."), said);
    assertTrue(said.contains(" sent 12.34 to "), said);
    assertTrue(said.contains("The money: 12.34 went to Asia-Kanazawa/"), said);
    assertTrue(said.contains("お金：12.34 愛貨は Asia-Kanazawa/"), said);
    assertFalse(said.contains("Not in this receipt"), said);
    refusesEachChangedByte(life, federation, placesOfLife(life));
    for (String part : List.of("send", "decision", "settle")) {
      byte[] mixed = mixed(life, other, part);
      assertFalse(Arrays.equals(life, mixed), part);
      assertEquals(1, verify(mixed, federation), said);
      assertTrue(said.contains("Part " + part + ": It does not belong to this transfer"), said);
    }
    assertEquals(0, verify(open, federation), said);
    assertTrue(said.contains("is held on Asia-Komatsu"), said);
    assertTrue(said.contains("Not in this receipt: how Asia-Kanazawa decided"), said);
    assertTrue(said.contains("この領収書にないもの：Asia-Kanazawa の決定"), said);
  }

  /** Approved, and not received. */
  private TransferId waitingTransfer() throws Exception {
    String sent =
        post(
            komatsu("/send"),
            """
            {"sender":"A","receiver":"B","receiver_municipality":"Asia-Kanazawa","amount":"1.00"}
            """);
    Matcher found = TRANSFER.matcher(sent);
    assertTrue(found.find(), sent);
    TransferId transfer = TransferId.of(found.group(1));
    long deadline = System.nanoTime() + WAIT.toNanos();
    while (status(komatsu("/transfers/" + transfer + "/receipt?half=send")) != 200) {
      assertTrue(System.nanoTime() < deadline, "not approved in time");
    }
    return transfer;
  }

  private int status(URI uri) throws Exception {
    return http.send(HttpRequest.newBuilder(uri).timeout(WAIT).build(), BodyHandlers.ofByteArray())
        .statusCode();
  }
}
