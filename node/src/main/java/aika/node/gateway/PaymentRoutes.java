package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.log.Hash;
import aika.core.money.OrderId;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.core.note.Utf8;
import aika.node.wallet.CanonicalBody;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * {@code POST /send}, {@code /receive}, {@code /reject}, {@code /cancel}: by names, or signed. And
 * {@code POST /orders}: whatever is signed.
 */
final class PaymentRoutes {
  static final int JSON_BYTES_MAX = 16_384;

  private static final String JSON = "application/json";
  private static final String NOTE = "text/plain";

  private final Payments payments;

  PaymentRoutes(Payments payments) {
    this.payments = payments;
  }

  void add(Endpoints endpoints) {
    endpoints
        .post("/send", exchange -> order(exchange, Set.of("send"), this::send))
        .post("/receive", exchange -> order(exchange, Set.of("receive", "reject"), this::receive))
        .post("/reject", exchange -> order(exchange, Set.of("reject"), this::reject))
        .post("/cancel", exchange -> order(exchange, Set.of("cancel"), this::cancel))
        .post("/orders", this::any);
  }

  /** Executes a signed order of any kind. */
  private void any(Exchange exchange) {
    if (!exchange.mediaType().equals(NOTE)) {
      throw RefusedException.of(Reason.MEDIA_TYPE, Shown.of(exchange.mediaType()));
    }
    SignedOrder order = SignedOrder.parse(exchange.body(SignedOrder.BATCH_BYTES_MAX));
    OrderView view = payments.execute(order, exchange.caller());
    if (!view.account().isOwn()) {
      exchange.response().header("Location", Links.order(view.account(), view.id()));
    }
    exchange.json(Answers.order(view));
  }

  /**
   * @param kinds of signed orders that are taken
   * @param byNames what else is asked for by names
   */
  private void order(Exchange exchange, Set<String> kinds, BiConsumer<Exchange, Members> byNames) {
    switch (exchange.mediaType()) {
      case NOTE -> signed(exchange, exchange.body(SignedOrder.ORDER_BYTES_MAX), kinds, List.of());
      case JSON -> {
        Members in = Members.of(exchange.body(JSON_BYTES_MAX));
        String note = in.text("note");
        if (note != null) {
          signed(exchange, Utf8.encode(note), kinds, in.warnings());
        } else {
          byNames.accept(exchange, in);
        }
      }
      default -> throw RefusedException.of(Reason.MEDIA_TYPE, Shown.of(exchange.mediaType()));
    }
  }

  private void signed(Exchange exchange, byte[] note, Set<String> kinds, List<String> warnings) {
    if (note.length > SignedOrder.ORDER_BYTES_MAX) {
      throw RefusedException.of(
          Reason.TOO_LARGE, "an order has at most " + SignedOrder.ORDER_BYTES_MAX + " bytes");
    }
    SignedOrder order = SignedOrder.parse(note);
    String kind = order.order().kind();
    if (!kinds.contains(kind)) {
      throw RefusedException.of(
          Reason.MALFORMED, "line 3: an order of kind " + kind + " is not taken here");
    }
    answer(exchange, payments.submit(order, exchange.caller()), warnings);
  }

  private void send(Exchange exchange, Members in) {
    SendRequest request = sendRequest(in);
    answer(exchange, payments.send(request, exchange.caller()), in.warnings());
  }

  private static SendRequest sendRequest(Members in) {
    Hash body = CanonicalBody.hash(in.object());
    return new SendRequest(
        in.required("sender"),
        in.text("sender_municipality", "municipality"),
        in.required("receiver"),
        in.text("receiver_municipality"),
        in.numberOrText("amount"),
        in.text("continent"),
        in.text("memo"),
        in.read("refund_of", TransferId::of),
        in.read("valid_until", Timestamp::parseSeconds),
        in.read("id", OrderId::of),
        in.flag("again"),
        body);
  }

  private void receive(Exchange exchange, Members in) {
    ReceiveRequest request = receiveRequest(in, in.flag("reject"));
    if (request.transfer() != null) {
      TransferId transfer = Objects.requireNonNull(request.transfer());
      answer(exchange, payments.receiveOne(request, transfer, exchange.caller()), in.warnings());
    } else {
      Received received = payments.receive(request, exchange.caller());
      exchange.json(withWarnings(Answers.received(received, exchange.language()), in.warnings()));
    }
  }

  private void reject(Exchange exchange, Members in) {
    ReceiveRequest request = receiveRequest(in, true);
    TransferId transfer = Members.present("transfer", request.transfer());
    answer(exchange, payments.receiveOne(request, transfer, exchange.caller()), in.warnings());
  }

  private static ReceiveRequest receiveRequest(Members in, boolean reject) {
    return new ReceiveRequest(
        in.required("receiver"),
        in.text("receiver_municipality", "municipality"),
        in.text("continent"),
        in.read("transfer", TransferId::of),
        reject);
  }

  private void cancel(Exchange exchange, Members in) {
    CancelRequest request =
        new CancelRequest(
            in.required("sender"),
            in.text("sender_municipality", "municipality"),
            in.text("continent"),
            Members.present("transfer", in.read("transfer", TransferId::of)));
    answer(exchange, payments.cancel(request, exchange.caller()), in.warnings());
  }

  private static void answer(Exchange exchange, TransferView view, List<String> warnings) {
    exchange.response().header("Location", Links.transfer(view.id()));
    exchange.json(withWarnings(Answers.brief(view), warnings));
  }

  private static Map<String, Object> withWarnings(Map<String, Object> json, List<String> warnings) {
    if (warnings.isEmpty()) {
      return json;
    }
    Map<String, Object> with = new LinkedHashMap<>(json);
    with.put("warnings", warnings);
    return with;
  }
}
