package aika.sinks.webhook;

import static aika.sinks.MadeUpChains.A;
import static aika.sinks.MadeUpChains.B;
import static aika.sinks.MadeUpChains.KOMATSU;
import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.sinks.MadeUpChains;
import aika.sinks.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What tests of webhooks need: chains, a receiver, a clock that stands still. */
@Timeout(60)
abstract class HookWorld {
  static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);

  /** Slow machines answer late. */
  static final WebhookPace PACE =
      new WebhookPace(Duration.ofSeconds(20), 3, Duration.ofSeconds(30));

  @TempDir Path directory;

  final MadeUpChains chains = MadeUpChains.world();
  final Receiver receiver = new Receiver();
  final AtomicLong clock = new AtomicLong(MadeUpChains.START);

  @AfterEach
  void stop() {
    receiver.close();
  }

  WebhookSettings settings(
      String secret, List<ChainId> followed, Optional<AccountId> account, Set<String> kinds) {
    Path at = directory.resolve("hook");
    return new WebhookSettings(
        "hook shop", receiver.url(), new Secret(secret), followed, account, kinds, true, at);
  }

  WebhookSettings settings(ChainId... followed) {
    return settings(SECRET, List.of(followed), Optional.empty(), Set.of());
  }

  WebhookSink sink(WebhookSettings settings) {
    return sink(settings, PACE);
  }

  WebhookSink sink(WebhookSettings settings, WebhookPace pace) {
    WebhookSink sink = new WebhookSink(chains, settings, pace, clock::get);
    sink.open();
    return sink;
  }

  Webhook desk(WebhookSettings settings) {
    return new Webhook(settings, PACE, clock::get);
  }

  /** Until the chain is at its goal; fails when the hook waits. */
  static void runTo(WebhookSink sink, ChainId chain) {
    while (!sink.progress(chain).equals(sink.goal(chain))) {
      sink.advance(chain);
    }
  }

  List<String> positions(ChainId chain, long from) {
    return LongStream.range(from, chains.approvedSize(chain))
        .mapToObj(i -> chain + ":" + i)
        .toList();
  }

  void send(int times) {
    for (int i = 0; i < times; i++) {
      chains.send(A, B, "1.00");
    }
    chains.close(KOMATSU);
  }

  long tries(String id) {
    return receiver.ids().stream().filter(id::equals).count();
  }

  static String hmac(byte[] key, Receiver.Event event) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String signed = event.id() + "." + event.timestamp() + "." + event.body();
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
  }

  WebhookSettings withDeadLetters(String... ids) {
    Set<String> poison = Set.of(ids);
    receiver.answer(id -> poison.contains(id) ? 503 : 200);
    WebhookSettings settings = settings(KOMATSU);
    WebhookPace once = new WebhookPace(Duration.ofSeconds(20), 1, Duration.ZERO);
    try (WebhookSink sink = sink(settings, once)) {
      runTo(sink, KOMATSU);
    }
    return settings;
  }
}
