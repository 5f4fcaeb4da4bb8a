package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.node.gateway.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a gateway says about a chain's representatives. */
record RepresentativesAnswer(String text, Map<String, @Nullable Object> json) {
  private static final Duration WAIT_MAX = Duration.ofSeconds(15);
  private static final int OK = 200;

  /**
   * @throws CommandException when it has no such chain, or nobody answers
   */
  static RepresentativesAnswer ask(URI gateway, ChainId chain, CommandSpec spec)
      throws InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(WAIT_MAX).build()) {
      URI address = gateway.resolve("/chains/" + chain + "/representatives");
      HttpResponse<byte[]> answer =
          http.send(
              HttpRequest.newBuilder(address).timeout(WAIT_MAX).build(),
              BodyHandlers.ofByteArray());
      Map<String, @Nullable Object> json = read(gateway, answer.body());
      if (answer.statusCode() != OK) {
        throw CommandException.of(
            NodeChannel.text(json, "code") + ": " + NodeChannel.text(json, "en"),
            NodeChannel.text(json, "ja"),
            null);
      }
      return new RepresentativesAnswer(new String(answer.body(), UTF_8), json);
    } catch (IllegalArgumentException noAddress) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(noAddress.getMessage()), noAddress);
    } catch (IOException silent) {
      throw CommandException.of(
          "Nobody answers at " + gateway + " (" + silent + ").", gateway + " が答えません。", silent);
    }
  }

  private static Map<String, @Nullable Object> read(URI gateway, byte[] answer) {
    try {
      return Json.object(answer);
    } catch (MalformedException another) {
      throw CommandException.of(
          "What answers at " + gateway + " is no gateway of this version.",
          gateway + " で答えたのは、この版のゲートウェイではありません。",
          another);
    }
  }
}
