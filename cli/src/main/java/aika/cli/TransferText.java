package aika.cli;

import aika.client.Transfer;
import aika.core.money.Timestamp;
import java.util.List;
import java.util.Objects;

/** A transfer for people: who moved it, why, and where the money is now. */
final class TransferText {
  private static final List<Integer> COLUMNS = List.of(16, 24, 20);

  private final Transfer transfer;

  TransferText(Transfer transfer) {
    this.transfer = transfer;
  }

  private record Says(String ja, String en) {}

  void print(Screen screen) {
    screen.line(
        "%s  %s → %s  %s 愛貨"
            .formatted(transfer.id(), transfer.sender(), transfer.receiver(), transfer.amount()));
    if (transfer.refundOf() != null) {
      screen.line(transfer.refundOf() + " の返金です。");
      screen.line("It gives back what was received by " + transfer.refundOf() + '.');
    }
    Says says = says();
    screen.line(transfer.status() + ": " + says.ja);
    screen.line(transfer.status() + ": " + says.en);
  }

  /** What happened, in order. */
  void printHistory(Screen screen) {
    if (!transfer.history().isEmpty()) {
      screen.line();
      screen.row(COLUMNS, "state 状態", "time (UTC)", "chain", "leaf");
    }
    for (Transfer.Step step : transfer.history()) {
      screen.row(
          COLUMNS,
          step.state(),
          Timestamp.millis(step.time()),
          step.chain().value(),
          step.leaf() == null ? "" : String.valueOf(step.leaf()));
    }
  }

  private Says says() {
    String receiver = transfer.receiver().chain().value();
    return switch (transfer.status()) {
      case "send_pending" -> waits();
      case "receive_pending" ->
          new Says(
              taken().ja + receiver + " の代表者の承認を待っています。" + arrived().ja,
              taken().en
                  + " The representatives of "
                  + receiver
                  + " are to approve that. "
                  + arrived().en);
      case "complete" ->
          new Says(
              taken().ja + "完了しました。" + arrived().ja,
              taken().en + " It is complete. " + arrived().en);
      case "rejected" -> new Says(declined().ja + back().ja, declined().en + ' ' + back().en);
      case "cancelled" -> new Says(cancelled().ja + back().ja, cancelled().en + ' ' + back().en);
      case "expired" ->
          new Says(
              "期限までに受け取られませんでした。" + receiver + " のチェーンが終わらせました。" + back().ja,
              "Nobody received it in time, so the chain of "
                  + receiver
                  + " ended it. "
                  + back().en);
      default -> new Says("この状態は知りません。", "This program does not know that state.");
    };
  }

  /** Nothing is decided: by whom it may still be, and who has the money until then. */
  private Says waits() {
    String sender = transfer.sender().chain().value();
    if (!transfer.cancelAsked() && !transfer.overdue()) {
      return new Says(
          "送った人の送金です。受け取りを待っています（期限 " + until() + "）。お金は " + sender + " が預かっています。",
          "Its sender sent it. It waits for its receiver until "
              + until()
              + ". The money is held by "
              + sender
              + '.');
    }
    Says why =
        transfer.cancelAsked()
            ? new Says(
                "送った人が取り消しをたのみました。まだ受け取られていなければ、お金は送った人に戻ります。",
                "Its sender asked for it back. If it has not been received, the money goes back.")
            : new Says(
                "期限（" + until() + "）が過ぎたので、もうだれも受け取れません。期限までに受け取られていなければ、お金は送った人に戻ります。",
                "Its time ended at "
                    + until()
                    + ": nobody can receive it any more. Unless it was received in time, the money"
                    + " goes back to its sender.");
    String receiver = transfer.receiver().chain().value();
    return new Says(
        why.ja + receiver + " の記録で決まり、それまで " + sender + " がお金を預かっています。",
        why.en
            + " The record of "
            + receiver
            + " decides; until then the money is held by "
            + sender
            + '.');
  }

  private Says taken() {
    return switch (by()) {
      case "receiver" -> new Says("受け取った人が受け取りました。", "Its receiver received it.");
      case "standing_order" ->
          new Says("受け取る人の自動の受け取りで、受け取られました。", "The receiver's standing order received it.");
      default -> new Says("受け取られました。", "It was received.");
    };
  }

  private static Says arrived() {
    return new Says("お金は受け取った人の口座にあります。", "The money is on the receiver's account.");
  }

  private Says declined() {
    String receiver = transfer.receiver().chain().value();
    return switch (by()) {
      case "receiver" -> new Says("受け取る人が断りました。", "Its receiver declined it.");
      case "closed" ->
          new Says(
              "受け取る人の口座か " + receiver + " のチェーンが閉じられているので、" + receiver + " のチェーンが断りました。",
              "The receiver's account, or the chain of "
                  + receiver
                  + ", is closed, so that chain declined it.");
      default ->
          new Says(
              "受け取りは断られました。だれが断ったかは、ここでは分かりません。", "It was declined; by whom is not known here.");
    };
  }

  private Says cancelled() {
    String sender = transfer.sender().chain().value();
    String receiver = transfer.receiver().chain().value();
    return switch (by()) {
      case "sender" -> new Says("送った人が取り消しました。", "Its sender took it back in time.");
      case "given_up_history" ->
          new Says(
              sender
                  + " の記録は復旧でやり直されました。やり直す前の記録の同じ番号の送金を "
                  + receiver
                  + " がもう決めていたので、この送金は取りやめになりました。",
              "The record of "
                  + sender
                  + " was put right by its recovery quorum. "
                  + receiver
                  + " had already decided a transfer of this number in the history that was given"
                  + " up, so this one was called off.");
      default ->
          new Says(
              "取りやめになりました。だれが取り消したかは、ここでは分かりません。", "It was called off; by whom is not known here.");
    };
  }

  private String by() {
    return Objects.requireNonNullElse(transfer.decidedBy(), "");
  }

  private Says back() {
    return "refunded".equals(transfer.hold())
        ? new Says("お金は送った人の口座に戻っています。", "The money is back on the sender's account.")
        : new Says("お金は送った人に戻るところです。", "The money is on its way back to the sender.");
  }

  private String until() {
    return Timestamp.seconds(transfer.validUntil());
  }
}
