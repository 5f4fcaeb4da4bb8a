package aika.client;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.core.note.CanonicalBase64;
import aika.core.note.MalformedException;
import aika.core.note.Utf8;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of a gateway (docs/spec/http.md); members that it does not know do not matter. */
final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Columns of a statement. */
  private static final int STATEMENT_WHAT = 2;

  private static final int STATEMENT_TRANSFER = 3;
  private static final int STATEMENT_ACCOUNT = 4;
  private static final int STATEMENT_NAME = 5;

  private Answers() {}

  /**
   * @throws ClientException when the JSON is not what {@code meaning} expects
   */
  static <T> T read(byte[] body, Function<JsonNode, T> meaning) {
    try {
      return meaning.apply(JSON.readTree(body));
    } catch (IOException | IllegalArgumentException | MalformedException other) {
      throw new ClientException(
          ClientException.NOT_UNDERSTOOD, "the answer is not a gateway's", other);
    }
  }

  /** The problem that a refusal carries; a made-up one when it carries none. */
  static Problem problem(int status, byte[] body) {
    try {
      return problem(status, JSON.readTree(body));
    } catch (IOException | IllegalArgumentException notAGateway) {
      String en = "Something that is no gateway answered " + status + ".";
      return new Problem(
          status, "HTTP_" + status, String.valueOf(notAGateway.getClass()), en, en, "");
    }
  }

  private static Problem problem(int status, JsonNode json) {
    return new Problem(
        status,
        text(json, "code"),
        json.path("detail").asText(),
        json.path("ja").asText(),
        json.path("en").asText(),
        json.path("next").asText());
  }

  static Transfer transfer(JsonNode json) {
    List<Transfer.Step> history = new ArrayList<>();
    for (JsonNode step : json.path("history")) {
      history.add(
          new Transfer.Step(
              text(step, "state"),
              Timestamp.parseMillis(text(step, "time")),
              ChainId.of(text(step, "chain")),
              number(step, "leaf"),
              number(step, "block"),
              step.has("approved_at") ? seconds(step, "approved_at") : null,
              step.has("by") ? text(step, "by") : null));
    }
    return new Transfer(
        TransferId.of(text(json, "transfer")),
        OrderId.of(text(json, "id")),
        account(json, "sender"),
        account(json, "receiver"),
        Money.of(text(json, "amount")),
        text(json, "status"),
        json.has("refund_of") ? TransferId.of(text(json, "refund_of")) : null,
        seconds(json, "valid_until"),
        json.path("overdue").asBoolean(),
        json.path("cancel_asked").asBoolean(),
        json.has("decided_by") ? text(json, "decided_by") : null,
        json.has("hold") ? text(json, "hold") : null,
        history);
  }

  /** The transfers that an order is about: none, one, or a batch's. */
  static List<Transfer> transfers(JsonNode order) {
    text(order, "kind");
    List<Transfer> transfers = new ArrayList<>();
    if (order.has("transfer")) {
      transfers.add(transfer(order.get("transfer")));
    }
    order.path("transfers").forEach(one -> transfers.add(transfer(one)));
    return transfers;
  }

  /** What a statement (HTTP-33) says was sent to an account by itself, and not in a batch. */
  static List<TransferId> sent(byte[] statement, AccountId to) {
    try {
      List<TransferId> sent = new ArrayList<>();
      for (String line : Utf8.decode(statement, 0, statement.length).split("\r\n", -1)) {
        List<String> cells = List.of(line.split(",", STATEMENT_NAME + 1)); // a name may have commas
        if (cells.size() > STATEMENT_NAME
            && cells.get(STATEMENT_WHAT).equals("send")
            && cells.get(STATEMENT_ACCOUNT).equals(to.toString())) {
          sent.add(TransferId.of(cells.get(STATEMENT_TRANSFER)));
        }
      }
      return sent;
    } catch (MalformedException other) {
      throw new ClientException(ClientException.NOT_UNDERSTOOD, "no statement", other);
    }
  }

  static Account account(JsonNode json) {
    List<Account.Hold> holds = new ArrayList<>();
    for (JsonNode hold : json.path("holds")) {
      holds.add(
          new Account.Hold(
              TransferId.of(text(hold, "transfer")),
              account(hold, "receiver"),
              Money.of(text(hold, "amount")),
              seconds(hold, "valid_until")));
    }
    return new Account(
        AccountId.of(text(json, "account")),
        Money.of(text(json, "balance")),
        Money.of(text(json, "held")),
        holds,
        standing(json));
  }

  private static Account.Standing standing(JsonNode json) {
    JsonNode announced = json.get("announced_key");
    return new Account.Standing(
        CanonicalBase64.decode(text(json, "key")),
        flag(json, "frozen"),
        flag(json, "closed"),
        Money.of(text(json, "auto_receive")),
        announced == null
            ? null
            : new Account.AnnouncedKey(
                CanonicalBase64.decode(text(announced, "key")),
                Timestamp.parseMillis(text(announced, "since")),
                Timestamp.parseMillis(text(announced, "due"))));
  }

  static Waiting pending(JsonNode json) {
    List<Pending> pending = new ArrayList<>();
    for (JsonNode one : json.required("pending")) {
      pending.add(
          new Pending(
              TransferId.of(text(one, "transfer")),
              account(one, "sender"),
              account(one, "receiver"),
              Money.of(text(one, "amount")),
              seconds(one, "valid_until"),
              one.has("listed_at") ? (Long) Timestamp.parseMillis(text(one, "listed_at")) : null));
    }
    JsonNode incomplete = json.get("incomplete");
    return new Waiting(
        pending,
        incomplete == null ? null : problem(incomplete.path("status").asInt(), incomplete));
  }

  private static AccountId account(JsonNode json, String party) {
    return AccountId.of(text(json.required(party), "account"));
  }

  static String text(JsonNode json, String name) {
    return json.required(name).asText();
  }

  private static boolean flag(JsonNode json, String name) {
    JsonNode flag = json.required(name);
    if (!flag.isBoolean()) {
      throw new MalformedException(name + " is true or false");
    }
    return flag.booleanValue();
  }

  private static long seconds(JsonNode json, String name) {
    return Timestamp.parseSeconds(text(json, name));
  }

  private static @Nullable Long number(JsonNode json, String name) {
    return json.has(name) ? (Long) json.get(name).asLong() : null;
  }
}
