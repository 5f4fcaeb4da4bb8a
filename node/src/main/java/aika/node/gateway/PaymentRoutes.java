package aika.node.gateway;

import aika.core.ledger.Order;
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

/** {@code POST /send} and {@code POST /receive}: by names in JSON, or as a signed note. */
final class PaymentRoutes {
  static final int JSON_BYTES_MAX = 16_384;

  private static final String JSON = "application/json";
  private static final String NOTE = "text/plain";

  private final Payments payments;

  PaymentRoutes(Payments payments) {
    this.payments = payments;
  }

  void add(Endpoints endpoints) {
    endpoints.post("/send", this::send).post("/receive", this::receive);
  }

  private void send(Exchange exchange) {
    switch (exchange.mediaType()) {
      case NOTE -> signed(exchange, exchange.body(SignedOrder.ORDER_BYTES_MAX), "send", List.of());
      case JSON -> {
        Members in = Members.of(exchange.body(JSON_BYTES_MAX));
        String note = in.text("note");
        if (note != null) {
          signed(exchange, Utf8.encode(note), "send", in.warnings());
        } else {
          SendRequest request = sendRequest(in);
          answer(exchange, payments.send(request, exchange.caller()), in.warnings());
        }
      }
      default -> throw mediaType(exchange);
    }
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
        in.read("valid_until", Timestamp::parseSeconds),
        in.read("id", OrderId::of),
        in.flag("again"),
        body);
  }

  private void receive(Exchange exchange) {
    switch (exchange.mediaType()) {
      case NOTE ->
          signed(exchange, exchange.body(SignedOrder.ORDER_BYTES_MAX), "receive", List.of());
      case JSON -> {
        Members in = Members.of(exchange.body(JSON_BYTES_MAX));
        String note = in.text("note");
        if (note != null) {
          signed(exchange, Utf8.encode(note), "receive", in.warnings());
        } else {
          received(exchange, in);
        }
      }
      default -> throw mediaType(exchange);
    }
  }

  private void received(Exchange exchange, Members in) {
    ReceiveRequest request =
        new ReceiveRequest(
            in.required("receiver"),
            in.text("receiver_municipality", "municipality"),
            in.text("continent"),
            in.read("transfer", TransferId::of),
            in.flag("reject"));
    if (request.transfer() != null) {
      TransferId transfer = Objects.requireNonNull(request.transfer());
      answer(exchange, payments.receiveOne(request, transfer, exchange.caller()), in.warnings());
    } else {
      Received received = payments.receive(request, exchange.caller());
      exchange.json(withWarnings(Answers.received(received, exchange.language()), in.warnings()));
    }
  }

  private void signed(Exchange exchange, byte[] note, String path, List<String> warnings) {
    if (note.length > SignedOrder.ORDER_BYTES_MAX) {
      throw RefusedException.of(
          Reason.TOO_LARGE, "an order has at most " + SignedOrder.ORDER_BYTES_MAX + " bytes");
    }
    SignedOrder order = SignedOrder.parse(note);
    boolean fits = order.order() instanceof Order.Send == path.equals("send");
    if (!fits) {
      throw RefusedException.of(
          Reason.MALFORMED, "line 3: /" + path + " takes no order of kind " + order.order().kind());
    }
    answer(exchange, payments.submit(order, exchange.caller()), warnings);
  }

  private static RefusedException mediaType(Exchange exchange) {
    return RefusedException.of(Reason.MEDIA_TYPE, Shown.of(exchange.mediaType()));
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
