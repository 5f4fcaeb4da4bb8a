package aika.client;

import aika.client.Http.Attempt;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The counter of a municipality: payments by names, which its wallet signs
 * (docs/spec/counter-wallet.md). It is reached from its own machine only. Everything is asked again
 * while the answer is lost or the gateway is busy, and done at most once.
 */
public final class CounterClient implements AutoCloseable {
  private final ClientSettings settings;
  private final Http http;
  private final ObjectMapper json = new ObjectMapper();

  public CounterClient(ClientSettings settings) {
    this.settings = settings;
    http = new Http(settings);
  }

  /** A node of several machines, of which one answers at a time. */
  public static CounterClient at(List<URI> machines) {
    return new CounterClient(ClientSettings.of(machines));
  }

  /** With the standard patience. */
  public static CounterClient at(URI gateway) {
    return new CounterClient(ClientSettings.of(gateway));
  }

  /**
   * Somebody of a register.
   *
   * @param name in the register, or an account's id
   */
  public record Person(String name, String municipality) {}

  /** What became of a request. */
  public sealed interface Told {
    /**
     * @param repeated whether it had been done before
     */
    record Done(Transfer transfer, boolean repeated) implements Told {}

    /** It changed nothing. */
    record Refused(Problem problem) implements Told {}

    /**
     * Nobody can say yet: ask the same again, with the same id.
     *
     * @param why in English
     */
    record Unknown(String why) implements Told {}
  }

  /**
   * @param id of the client's own; the same again is the same payment
   */
  public Told send(OrderId id, Person sender, Person receiver, Money amount) {
    ObjectNode body = json.createObjectNode();
    body.put("id", id.toString());
    body.put("sender", sender.name).put("sender_municipality", sender.municipality);
    body.put("receiver", receiver.name).put("receiver_municipality", receiver.municipality);
    body.put("amount", amount.toString());
    return post("/send", body);
  }

  public Told receive(Person receiver, TransferId transfer) {
    return post("/receive", ofReceiver(receiver, transfer));
  }

  /** Declines: the money goes back. */
  public Told reject(Person receiver, TransferId transfer) {
    return post("/reject", ofReceiver(receiver, transfer));
  }

  /** Asks for a transfer back; the receiver's chain decides whether it came in time. */
  public Told cancel(Person sender, TransferId transfer) {
    ObjectNode body = json.createObjectNode();
    body.put("sender", sender.name).put("sender_municipality", sender.municipality);
    return post("/cancel", body.put("transfer", transfer.toString()));
  }

  private ObjectNode ofReceiver(Person receiver, TransferId transfer) {
    ObjectNode body = json.createObjectNode();
    body.put("receiver", receiver.name).put("receiver_municipality", receiver.municipality);
    return body.put("transfer", transfer.toString());
  }

  /** What waits for this person, at most {@link AikaClient#PENDING_MAX}. */
  public Waiting pending(Person receiver) {
    String path =
        "/pending?receiver="
            + encoded(receiver.name)
            + "&municipality="
            + encoded(receiver.municipality)
            + "&limit="
            + AikaClient.PENDING_MAX;
    return switch (http.ask(path)) {
      case Attempt.Answered answered when answered.isOk() ->
          Answers.read(answered.body(), Answers::pending);
      case Attempt.Answered answered ->
          throw ClientException.of(Answers.problem(answered.status(), answered.body()));
      case Attempt.Lost lost -> throw lost.unreachable();
    };
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * @throws ClientException {@code UNREACHABLE} when no attempt reached the gateway: nothing was
   *     done
   */
  private Told post(String path, ObjectNode body) {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    String doubt = null;
    for (int failed = 1; ; failed++) {
      boolean last = failed >= settings.attemptsInAll() || Thread.currentThread().isInterrupted();
      switch (http.post(path, "application/json", bytes)) {
        case Attempt.Answered answered when answered.isOk() -> {
          return done(answered.body());
        }
        case Attempt.Answered answered -> {
          Problem problem = Answers.problem(answered.status(), answered.body());
          doubt = problem.isDoubtful() ? problem.toString() : doubt;
          if (last || !problem.isPassing() || problem.code().equals("CAP_REACHED")) {
            return refused(problem, doubt);
          }
        }
        case Attempt.Lost lost -> {
          doubt = lost.sent() ? String.valueOf(lost.cause().getMessage()) : doubt;
          if (last && doubt != null) {
            return new Told.Unknown(doubt);
          }
          if (last) {
            throw lost.unreachable();
          }
        }
      }
      http.pause(failed);
    }
  }

  private static Told done(byte[] body) {
    try {
      return Answers.read(
          body,
          told -> new Told.Done(Answers.transfer(told), told.path("repeated").asBoolean(false)));
    } catch (ClientException notAGateway) {
      return new Told.Unknown(String.valueOf(notAGateway.getMessage()));
    }
  }

  private static Told refused(Problem problem, @Nullable String doubt) {
    return doubt == null ? new Told.Refused(problem) : new Told.Unknown(doubt);
  }

  @Override
  public void close() {
    http.close();
  }
}
