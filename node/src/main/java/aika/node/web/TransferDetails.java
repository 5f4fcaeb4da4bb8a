package aika.node.web;

import static aika.node.web.Parts.fact;
import static aika.node.web.Tag.tag;

import aika.node.gateway.TransferView;
import java.util.stream.Collectors;

/** The codes of a transfer, for whoever looks closer. */
record TransferDetails(Words words) {

  Html html(TransferView transfer) {
    Tag facts =
        tag("dl", "facts")
            .add(
                fact(words.of(Text.TRANSFER_NUMBER), code(transfer.id())),
                fact(words.of(Text.STATE), code(transfer.state().text())),
                fact(words.of(Text.ACCOUNT_FROM), code(transfer.sender().account())),
                fact(words.of(Text.ACCOUNT_TO), code(transfer.receiver().account())),
                fact(words.of(Text.ORDER_NUMBER), code(transfer.order())));
    Tag steps = tag("ol", "steps");
    for (TransferView.Step step : transfer.history()) {
      steps.add(step(step));
    }
    return tag("div", "card inside").add(facts, steps);
  }

  private Html step(TransferView.Step step) {
    Tag item =
        tag("li")
            .add(
                tag("p").add(code(step.what()), Html.text(" "), words.moment(step.time())),
                tag("p", "small").text(place(step)));
    Long approvedAt = step.approvedAt();
    if (!step.approvers().isEmpty() && approvedAt != null) {
      String who = step.approvers().stream().collect(Collectors.joining(", "));
      item.add(
          tag("p", "small quiet")
              .add(words.html(Text.STEP_APPROVED, Html.text(who), words.moment(approvedAt))));
    }
    return item;
  }

  private String place(TransferView.Step step) {
    String chain = step.chain().value();
    if (step.index() == null) {
      return words.of(Text.STEP_CHAIN, chain);
    }
    return step.height() == null
        ? words.of(Text.STEP_OPEN, chain, step.index().toString())
        : words.of(Text.STEP_PLACE, chain, step.height().toString(), step.index().toString());
  }

  private static Html code(Object value) {
    return tag("code").text(value.toString());
  }
}
