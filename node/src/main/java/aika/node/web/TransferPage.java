package aika.node.web;

import static aika.node.web.Parts.fact;
import static aika.node.web.Tag.tag;

import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.node.gateway.TransferState;
import aika.node.gateway.TransferView;
import aika.node.gateway.TransferView.Decider;

/** One transfer: how it stands, who must act, where the money is, and its states in time. */
final class TransferPage {
  private final Layout layout;
  private final Words words;

  TransferPage(Layout layout) {
    this.layout = layout;
    words = layout.words();
  }

  String page(TransferView transfer) {
    ChainId from = transfer.sender().account().chain();
    ChainId to = transfer.receiver().account().chain();
    Tag route = tag("h1", "route").add(Parts.route(words, words.place(from), words.place(to)));
    Tag moving =
        tag("div", "moving")
            .id("transfer")
            .attr("data-events", Paths.API_TRANSFER + transfer.id() + "/events")
            .attr("data-version", version(transfer))
            .attrIf(transfer.ended(), "data-ended", "yes")
            .add(
                part("status").attr("role", "status").add(status(transfer)),
                part("facts").add(facts(transfer)),
                part("timeline").add(timeline(transfer)),
                part("receipts").add(receipts(transfer)),
                part("actions").add(actions(transfer)),
                tag("details")
                    .add(
                        tag("summary").text(words.of(Text.DETAILS)),
                        part("details").add(new TransferDetails(words).html(transfer))));
    return layout.page(
        Layout.Tab.NEITHER,
        words.of(Text.TRANSFER_TITLE, transfer.id().toString()),
        new Layout.Switch.Link(Paths.transfer(transfer.id())),
        Html.several(
            tag("div", "headline").add(route, tag("p").add(words.figure(transfer.amount()))),
            moving));
  }

  private static Tag part(String name) {
    return tag("div", "part").attr("data-part", name);
  }

  /** Changes whenever the page does. */
  private static String version(TransferView transfer) {
    long approved = transfer.history().stream().filter(step -> step.approvedAt() != null).count();
    return transfer.state().text()
        + '-'
        + transfer.history().size()
        + '-'
        + approved
        + '-'
        + transfer.hold()
        + (transfer.overdue() ? "-overdue" : "");
  }

  private Html status(TransferView transfer) {
    Parts.Tone tone =
        switch (transfer.state()) {
          case SEND, SEND_PENDING, RECEIVE, RECEIVE_PENDING -> Parts.Tone.WAITING;
          case COMPLETE -> Parts.Tone.DONE;
          case REJECTED, CANCELLED, EXPIRED -> Parts.Tone.INFORMATION;
        };
    return Parts.notice(
        tone, tag("h2").text(words.of(headline(transfer))), tag("p").add(says(transfer)));
  }

  private static Text headline(TransferView transfer) {
    return switch (transfer.state()) {
      case SEND -> Text.HEAD_SENT;
      case SEND_PENDING ->
          transfer.cancelAsked()
              ? Text.HEAD_CANCEL_ASKED
              : transfer.overdue() ? Text.HEAD_OVERDUE : Text.HEAD_WAITS;
      case RECEIVE, RECEIVE_PENDING ->
          transfer.decidedBy() == Decider.STANDING_ORDER
              ? Text.HEAD_RECEIVED_AUTO
              : Text.HEAD_RECEIVED;
      case COMPLETE -> Text.HEAD_COMPLETE;
      case REJECTED -> Text.HEAD_REJECTED;
      case CANCELLED ->
          transfer.decidedBy() == Decider.GIVEN_UP_HISTORY
              ? Text.HEAD_CALLED_OFF
              : Text.HEAD_CANCELLED;
      case EXPIRED -> Text.HEAD_EXPIRED;
    };
  }

  private Html says(TransferView transfer) {
    ChainId from = transfer.sender().account().chain();
    ChainId to = transfer.receiver().account().chain();
    Html sender = words.shortPerson(transfer.sender());
    Html receiver = words.shortPerson(transfer.receiver());
    Html fromPlace = Html.text(words.place(from));
    Html toPlace = Html.text(words.place(to));
    Decider by = transfer.decidedBy();
    return switch (transfer.state()) {
      case SEND -> words.html(Text.SAYS_SENT, receiver);
      case SEND_PENDING -> {
        Html until = words.deadline(transfer.validUntil());
        yield transfer.cancelAsked()
            ? words.html(Text.SAYS_CANCEL_ASKED, sender, toPlace, fromPlace)
            : transfer.overdue()
                ? words.html(Text.SAYS_OVERDUE, until, toPlace, fromPlace)
                : words.html(Text.SAYS_WAITS, receiver, until);
      }
      case RECEIVE, RECEIVE_PENDING ->
          words.html(
              by == Decider.STANDING_ORDER ? Text.SAYS_RECEIVED_AUTO : Text.SAYS_RECEIVED,
              receiver,
              toPlace);
      case COMPLETE ->
          from.equals(to)
              ? words.html(Text.SAYS_COMPLETE_WITHIN, toPlace)
              : words.html(Text.SAYS_COMPLETE, fromPlace, toPlace);
      case REJECTED ->
          switch (by) {
            case RECEIVER -> words.html(Text.SAYS_REJECTED, receiver);
            case CLOSED -> words.html(Text.SAYS_REJECTED_CLOSED, receiver, toPlace);
            case null, default -> words.html(Text.SAYS_REJECTED_SOMEHOW, toPlace);
          };
      case CANCELLED ->
          switch (by) {
            case SENDER -> words.html(Text.SAYS_CANCELLED, sender);
            case GIVEN_UP_HISTORY -> words.html(Text.SAYS_CALLED_OFF, fromPlace, toPlace);
            case null, default -> words.html(Text.SAYS_CANCELLED_SOMEHOW, sender);
          };
      case EXPIRED -> words.html(Text.SAYS_EXPIRED);
    };
  }

  private Html facts(TransferView transfer) {
    Tag facts =
        tag("dl", "facts")
            .add(
                fact(words.of(Text.NEXT), next(transfer)),
                fact(words.of(Text.MONEY), money(transfer)),
                fact(words.of(Text.SENDER), words.person(transfer.sender())),
                fact(words.of(Text.RECEIVER), words.person(transfer.receiver())));
    TransferId refunded = transfer.refundOf();
    if (refunded != null) {
      facts.add(Parts.refund(words, refunded));
    }
    if (transfer.memo() != null) {
      facts.add(fact(words.of(Text.MEMO), tag("bdi").text(transfer.memo())));
    }
    return tag("section", "card").add(facts);
  }

  private Html next(TransferView transfer) {
    TransferView.Next next = transfer.next();
    ChainId chain = next.chain() == null ? transfer.id().origin() : next.chain();
    return switch (next.who()) {
      case RECEIVER ->
          words.html(
              Text.NEXT_RECEIVER,
              words.shortPerson(transfer.receiver()),
              words.deadline(next.until() == null ? transfer.validUntil() : next.until()));
      case SENDER -> words.html(Text.NEXT_SENDER, words.shortPerson(transfer.sender()));
      case REPRESENTATIVES ->
          words.html(
              decides(transfer, chain) ? Text.NEXT_DECIDES : Text.NEXT_REPRESENTATIVES,
              Html.text(words.place(chain)));
      case NOBODY -> words.html(Text.NEXT_NOBODY);
    };
  }

  /**
   * Whether the receiver's chain has to decide by itself, which takes as long as it cannot be
   * reached; a transfer that is not approved yet waits for the sender's.
   */
  private static boolean decides(TransferView transfer, ChainId next) {
    return transfer.state() == TransferState.SEND_PENDING
        && (transfer.cancelAsked() || transfer.overdue())
        && next.equals(transfer.receiver().account().chain());
  }

  private Html money(TransferView transfer) {
    Html sender = words.shortPerson(transfer.sender());
    return switch (transfer.state()) {
      case SEND, SEND_PENDING ->
          words.html(Text.MONEY_HELD, Html.text(words.place(transfer.id().origin())));
      case RECEIVE, RECEIVE_PENDING, COMPLETE ->
          words.html(Text.MONEY_ARRIVED, words.shortPerson(transfer.receiver()));
      case REJECTED, CANCELLED, EXPIRED ->
          words.html(
              transfer.hold() == Row.Hold.Status.REFUNDED
                  ? Text.MONEY_RETURNED
                  : Text.MONEY_RETURNING,
              sender);
    };
  }

  private Html timeline(TransferView transfer) {
    return tag("section", "card")
        .add(tag("h2").text(words.of(Text.TIMELINE)), new Timeline(words).html(transfer));
  }

  private Html receipts(TransferView transfer) {
    boolean sent = approved(transfer, TransferState.SEND_PENDING);
    boolean received = transfer.state() == TransferState.COMPLETE;
    Tag links = tag("div", "buttons");
    if (sent) {
      links.add(receipt(transfer, "send", Text.RECEIPT_SEND));
    }
    if (received) {
      links.add(receipt(transfer, "receive", Text.RECEIPT_RECEIVE));
    }
    return tag("section", "card")
        .add(
            tag("div", "intro")
                .add(
                    tag("h2").text(words.of(Text.RECEIPTS)),
                    tag("p", "small quiet").text(words.of(Text.RECEIPTS_LEAD))),
            sent || received ? links : tag("p", "small quiet").text(words.of(Text.RECEIPT_LATER)));
  }

  private static boolean approved(TransferView transfer, TransferState state) {
    return transfer.history().stream()
        .anyMatch(step ->
            step.what().equals(TransferView.Step.LISTED)
                || step.what().equals(state.text()) && step.approvedAt() != null);
  }

  private Tag receipt(TransferView transfer, String half, Text label) {
    return Parts.link(
            "", Paths.API_TRANSFER + transfer.id() + "/receipt?half=" + half, words.of(label))
        .flag("download");
  }

  private Html actions(TransferView transfer) {
    boolean waits = open(transfer) && layout.serves(transfer.receiver().account().chain());
    Tag next =
        waits
            ? Parts.link(
                "main", Paths.waitingFor(transfer.receiver().account()), words.of(Text.GO_RECEIVE))
            : Parts.link("main", Paths.SEND, words.of(Text.SEND_ANOTHER));
    Tag buttons = tag("div", "buttons").add(next);
    if (canCancel(transfer)) {
      buttons.add(Parts.link("plain", Paths.cancel(transfer.id()), words.of(Text.CANCEL)));
    }
    if (canRefund(transfer)) {
      buttons.add(Parts.link("plain", Paths.refund(transfer.id()), words.of(Text.GIVE_BACK)));
    }
    return buttons;
  }

  /** Whether the receiver can give it back here, by a transfer that names it. */
  boolean canRefund(TransferView transfer) {
    return switch (transfer.state()) {
      case RECEIVE, RECEIVE_PENDING, COMPLETE ->
          layout.serves(transfer.receiver().account().chain());
      default -> false;
    };
  }

  /** Whether the sender can still ask for it back here. */
  boolean canCancel(TransferView transfer) {
    return open(transfer) && layout.serves(transfer.sender().account().chain());
  }

  private static boolean open(TransferView transfer) {
    return transfer.state() == TransferState.SEND_PENDING
        && !transfer.cancelAsked()
        && !transfer.overdue();
  }
}
