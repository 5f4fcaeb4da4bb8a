package aika.node.web;

import static aika.node.web.Tag.tag;

import aika.core.ledger.Row;
import aika.node.gateway.TransferState;
import aika.node.gateway.TransferView;
import aika.node.gateway.TransferView.Decider;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A transfer's states as a line in time: what happened, what goes on, what is still to come. */
record Timeline(Words words) {

  private enum Mark {
    DONE("done", Icon.DONE),
    NOW("now", Icon.NOW),
    LATER("later", Icon.LATER),
    BACK("done back", Icon.BACK);

    private final String styleClass;
    private final Icon icon;

    Mark(String styleClass, Icon icon) {
      this.styleClass = styleClass;
      this.icon = icon;
    }
  }

  Html html(TransferView transfer) {
    Tag list = tag("ol", "timeline");
    list.add(item("send", Mark.DONE, Text.SENT, time(transfer, TransferState.SEND.text())));
    switch (transfer.state()) {
      case SEND, SEND_PENDING -> {
        if (transfer.cancelAsked()) {
          list.add(
              waiting(transfer, Mark.DONE, Text.WAITED),
              asked(transfer, Mark.NOW),
              item("decide", Mark.LATER, Text.DECIDED_LATER, null));
        } else if (transfer.overdue()) {
          list.add(
              waiting(transfer, Mark.DONE, Text.WAITED),
              item("overdue", Mark.NOW, Text.TIME_OVER, transfer.validUntil()),
              item("decide", Mark.LATER, Text.ENDED_LATER, null));
        } else {
          list.add(
              waiting(transfer, Mark.NOW, Text.WAITS),
              item("receive", Mark.LATER, Text.RECEIVE_LATER, null),
              item("complete", Mark.LATER, Text.COMPLETE_LATER, null));
        }
      }
      case RECEIVE, RECEIVE_PENDING ->
          list.add(
              waiting(transfer, Mark.DONE, Text.WAITED),
              received(transfer),
              item("complete", Mark.NOW, Text.COMPLETING, null)
                  .add(
                      tag("span", "sub")
                          .text(
                              words.of(
                                  Text.LISTING,
                                  words.place(transfer.receiver().account().chain())))));
      case COMPLETE ->
          list.add(
              waiting(transfer, Mark.DONE, Text.WAITED),
              received(transfer),
              item(
                  "complete",
                  Mark.DONE,
                  Text.COMPLETE,
                  time(transfer, TransferState.COMPLETE.text())));
      case REJECTED -> {
        boolean closed = transfer.decidedBy() == Decider.CLOSED;
        Text text = closed ? Text.REJECTED_CLOSED : Text.REJECTED;
        list.add(back(transfer, text), refund(transfer));
      }
      case CANCELLED -> {
        boolean calledOff = transfer.decidedBy() == Decider.GIVEN_UP_HISTORY;
        list.add(
            waiting(transfer, Mark.DONE, Text.WAITED),
            transfer.cancelAsked() ? asked(transfer, Mark.DONE) : Html.nothing(),
            item(
                "back",
                Mark.BACK,
                calledOff ? Text.CALLED_OFF : Text.CANCELLED,
                time(transfer, transfer.state().text())),
            refund(transfer));
      }
      case EXPIRED -> list.add(back(transfer, Text.EXPIRED), refund(transfer));
    }
    return list;
  }

  private Html waiting(TransferView transfer, Mark mark, Text text) {
    Tag item = item("wait", mark, text, time(transfer, TransferState.SEND_PENDING.text()));
    Long listed = time(transfer, TransferView.Step.LISTED);
    if (listed != null) {
      return item.add(tag("span", "sub").text(words.of(Text.LISTED)), words.moment(listed));
    }
    return mark == Mark.NOW
        ? item.add(
            tag("span", "sub").text(words.of(Text.LISTING, words.place(transfer.id().origin()))))
        : item;
  }

  private Html asked(TransferView transfer, Mark mark) {
    return item("cancel", mark, Text.CANCEL_ASKED, time(transfer, TransferView.Step.CANCEL));
  }

  private Html received(TransferView transfer) {
    Long at = time(transfer, TransferState.RECEIVE.text());
    return item(
        "receive",
        Mark.DONE,
        transfer.decidedBy() == Decider.STANDING_ORDER ? Text.RECEIVED_AUTO : Text.RECEIVED,
        at == null ? time(transfer, TransferState.RECEIVE_PENDING.text()) : at);
  }

  private Html back(TransferView transfer, Text text) {
    return Html.several(
        waiting(transfer, Mark.DONE, Text.WAITED),
        item("back", Mark.BACK, text, time(transfer, transfer.state().text())));
  }

  private Html refund(TransferView transfer) {
    return transfer.hold() == Row.Hold.Status.REFUNDED
        ? item("refund", Mark.DONE, Text.REFUNDED, null)
        : item("refund", Mark.NOW, Text.REFUNDING, null);
  }

  private Tag item(String step, Mark mark, Text text, @Nullable Long time) {
    Tag item =
        tag("li", mark.styleClass)
            .attr("data-step", step)
            .attrIf(mark == Mark.NOW, "aria-current", "step")
            .add(mark.icon.html(), tag("span", "what").text(words.of(text)).add(spoken(mark)));
    return time == null ? item : item.add(words.moment(time));
  }

  private Html spoken(Mark mark) {
    return switch (mark) {
      case DONE, BACK -> Html.nothing();
      case NOW -> tag("span", "hidden").text(words.of(Text.NOW_SPOKEN));
      case LATER -> tag("span", "hidden").text(words.of(Text.LATER_SPOKEN));
    };
  }

  private static @Nullable Long time(TransferView transfer, String what) {
    Optional<TransferView.Step> step =
        transfer.history().stream().filter(one -> one.what().equals(what)).findFirst();
    return step.isEmpty() ? null : Long.valueOf(step.get().time());
  }
}
