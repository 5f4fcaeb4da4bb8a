package aika.cli.doctor;

import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Reason;
import aika.core.log.EntryBundle;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.node.gateway.Json;
import aika.node.gateway.Problems;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Asks gateways how they are, all at once and in a few seconds. */
final class Round {
  /** All of it; who has not answered then is away. */
  static final long SECONDS_MAX = 6;

  private static final int AT_ONCE_MAX = 100;
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;
  private static final long HALF_SECOND_MILLIS = 500;

  private final Web web;
  private final LongSupplier clock;
  private final Semaphore turns = new Semaphore(AT_ONCE_MAX);

  /**
   * @param clock ms since 1970
   */
  Round(Web web, LongSupplier clock) {
    this.web = web;
    this.clock = clock;
  }

  /** What came from each gateway, in the order of {@code gateways}. */
  Map<ChainId, Voice> ask(Map<ChainId, URI> gateways) throws InterruptedException {
    Map<ChainId, Voice> heard = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ChainId> chains = new ArrayList<>(gateways.keySet());
      List<Future<Voice>> answers =
          threads.invokeAll(tasks(gateways), SECONDS_MAX, TimeUnit.SECONDS);
      for (int i = 0; i < answers.size(); i++) {
        ChainId chain = chains.get(i);
        heard.put(chain, voice(gateways.get(chain), answers.get(i)));
      }
    }
    return heard;
  }

  private List<Callable<Voice>> tasks(Map<ChainId, URI> gateways) {
    List<Callable<Voice>> tasks = new ArrayList<>();
    gateways.forEach((chain, gateway) -> tasks.add(() -> inTurn(chain, gateway)));
    return tasks;
  }

  private static Voice voice(@Nullable URI gateway, Future<Voice> answer)
      throws InterruptedException {
    URI asked = Objects.requireNonNull(gateway);
    try {
      return answer.get();
    } catch (CancellationException late) {
      return new Voice.Away(asked, "no answer within " + SECONDS_MAX + " s");
    } catch (ExecutionException failed) {
      return new Voice.Away(asked, String.valueOf(failed.getCause()));
    }
  }

  private Voice inTurn(ChainId chain, URI gateway) throws InterruptedException {
    turns.acquire();
    try {
      return asked(chain, gateway);
    } catch (ConnectException nobody) {
      return new Voice.Away(gateway, "nobody listens there");
    } catch (HttpTimeoutException slow) {
      return new Voice.Away(gateway, "no answer in time");
    } catch (IOException failed) {
      return new Voice.Away(gateway, failed.toString());
    } finally {
      turns.release();
    }
  }

  private Voice asked(ChainId chain, URI gateway) throws IOException, InterruptedException {
    long before = clock.getAsLong();
    Web.Reply health = web.get(gateway.resolve("/health"));
    long middle = before + (clock.getAsLong() - before) / 2;
    if (health.status() != OK && health.status() != UNAVAILABLE) {
      return new Voice.Stranger(gateway);
    }
    try {
      Map<String, @Nullable Object> said = Json.object(health.body());
      if (Problems.isNotLeading(health.status(), health.body())) {
        return new Voice.StandsBy(
            gateway, Optional.ofNullable(said.get("leader")).map(String::valueOf));
      }
      if (!(said.get("chains") instanceof Map<?, ?> chains)
          || !(chains.get(chain.value()) instanceof Map<?, ?> own)) {
        return new Voice.Stranger(gateway);
      }
      OptionalLong ahead =
          health.date().stream()
              .mapToLong(date -> date.toEpochMilli() + HALF_SECOND_MILLIS - middle)
              .findFirst();
      return new Voice.Node(
          gateway,
          "up".equals(said.get("ordering")),
          reason(said.get("reason")),
          String.valueOf(own.get("status")),
          Long.parseLong(String.valueOf(own.get("leaves"))),
          Long.parseLong(String.valueOf(own.get("approved"))),
          ahead,
          began(chain, gateway));
    } catch (MalformedException | NumberFormatException another) {
      return new Voice.Stranger(gateway);
    }
  }

  /** Empty for one that this program does not know, as of a later version. */
  private static Optional<Reason> reason(@Nullable Object code) {
    return Arrays.stream(Reason.values()).filter(one -> one.name().equals(code)).findFirst();
  }

  /** Of leaf 0, which a chain publishes once it is approved. */
  private Optional<Hash> began(ChainId chain, URI gateway)
      throws IOException, InterruptedException {
    String log = "/chains/" + chain + '/';
    Web.Reply checkpoint = web.get(gateway.resolve(log + "checkpoint"));
    if (checkpoint.status() != OK) {
      return Optional.empty();
    }
    long size = SignedCheckpoint.parse(checkpoint.body()).checkpoint().size();
    int width = TilePath.widthAt(0, 0, size);
    if (width == 0) {
      return Optional.empty();
    }
    Web.Reply entries = web.get(gateway.resolve(log + new TilePath.Entries(0, width).format()));
    if (entries.status() != OK) {
      return Optional.empty();
    }
    return LeafText.parse(EntryBundle.parse(entries.body(), width).getFirst())
            instanceof Leaf.Genesis genesis
        ? Optional.of(genesis.federationFile())
        : Optional.empty();
  }
}
