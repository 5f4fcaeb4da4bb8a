package aika.sinks.webhook;

import static aika.sinks.MadeUpChains.KOMATSU;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.sinks.Secret;
import aika.sinks.SinkException;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class WebhookSecretsTest extends HookWorld {
  /** The example of the Standard Webhooks specification's libraries. */
  @Test
  void theSignatureIsTheStandardsOwn() {
    Signing signing = new Signing(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    assertEquals(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        signing.of(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}".getBytes(UTF_8)));
  }

  @Test
  void twoSecretsSignBothWhileTheReceiverChangesOver() throws Exception {
    byte[] newKey = "fedcba9876543210fedcba9876543210".getBytes(UTF_8);
    send(1);
    String both = "whsec_" + Base64.getEncoder().encodeToString(newKey) + " " + SECRET;
    try (WebhookSink sink =
        sink(settings(both, List.of(KOMATSU), Optional.empty(), Set.of("issue")))) {
      runTo(sink, KOMATSU);
    }
    Receiver.Event event = receiver.events().getFirst();
    assertEquals(hmac(newKey, event) + " " + hmac(KEY, event), event.signature());
  }

  @Test
  void neitherTheSecretNorTheUrlsPathIsEverShown() throws IOException {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level level = root.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.setLevel(Level.TRACE);
    root.addAppender(log);
    List<String> shown = new ArrayList<>();
    try {
      WebhookSettings settings = withDeadLetters(KOMATSU + ":1");
      shown.add(settings.toString());
      receiver.answer(id -> 500);
      shown.add(desk(settings).retry(KOMATSU + ":1").toString());
      send(1);
      try (WebhookSink sink = sink(settings)) {
        shown.add(assertThrows(SinkException.class, () -> sink.advance(KOMATSU)).toString());
      }
      for (Path file : files(settings.directory())) {
        shown.add(Files.readString(file));
      }
    } finally {
      root.detachAppender(log);
      root.setLevel(level);
    }
    log.list.forEach(event -> shown.add(event.getFormattedMessage()));
    assertTrue(shown.size() > 5);
    String bare = SECRET.substring("whsec_".length());
    for (String text : shown) {
      assertFalse(text.contains(bare) || text.contains("t0ken"), text);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void refusesSettingsThatAreUnsafeOrMisspelt() {
    String plain = "http://shop.example/hook";
    List<URI> bad =
        List.of(
            URI.create(plain),
            URI.create("http://10.0.0.1/hook"),
            URI.create("http://127.0.0.1.example/hook"),
            URI.create("https://user:t0ken@shop.example/hook"),
            URI.create("ftp://shop.example/hook"),
            URI.create("/hook"));
    for (URI url : bad) {
      var refused = assertThrows(IllegalArgumentException.class, () -> made(url, SECRET, Set.of()));
      assertFalse(String.valueOf(refused.getMessage()).contains("t0ken"));
    }
    URI good = URI.create("https://shop.example/hook");
    for (String secret :
        List.of("", "t0ken", "whsec_t0ken", SECRET + " " + SECRET + " " + SECRET)) {
      var refused =
          assertThrows(IllegalArgumentException.class, () -> made(good, secret, Set.of()));
      assertFalse(String.valueOf(refused.getMessage()).contains("t0ken"));
    }
    assertThrows(IllegalArgumentException.class, () -> made(good, SECRET, Set.of("sent")));
    assertEquals("hook to https://shop.example", made(good, SECRET, Set.of("send")).toString());
    assertEquals(
        "hook to http://[::1]:80",
        made(URI.create("http://[::1]:80/"), SECRET, Set.of()).toString());
  }

  /** [WH-3] */
  @Test
  void aSecretHas24To64BytesAndThereAreTwoAtMost() {
    URI url = URI.create("https://shop.example/hook");
    for (int bytes : new int[] {24, 64}) {
      assertEquals("hook to https://shop.example", made(url, secret(bytes), Set.of()).toString());
    }
    String two = secret(24) + " " + secret(64);
    assertEquals("hook to https://shop.example", made(url, two, Set.of()).toString());
    for (String bad : List.of(secret(23), secret(65), two + " " + secret(32))) {
      assertThrows(IllegalArgumentException.class, () -> made(url, bad, Set.of()));
    }
  }

  private static String secret(int bytes) {
    return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
  }

  private WebhookSettings made(URI url, String secret, Set<String> kinds) {
    return new WebhookSettings(
        "hook",
        url,
        new Secret(secret),
        List.of(KOMATSU),
        Optional.empty(),
        kinds,
        true,
        directory);
  }
}
