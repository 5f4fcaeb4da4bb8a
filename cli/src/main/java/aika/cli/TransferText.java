package aika.cli;

import aika.client.Transfer;
import aika.core.money.Timestamp;
import java.util.List;

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
    String sender = transfer.sender().chain().value();
    String receiver = transfer.receiver().chain().value();
    return switch (transfer.status()) {
      case "send_pending" ->
          new Says(
              "送った人の送金です。受け取りを待っています（期限 " + until() + "）。お金は " + sender + " が預かっています。",
              "Its sender sent it. It waits for its receiver until "
                  + until()
                  + ". The money is held by "
                  + sender
                  + '.');
      case "receive_pending" ->
          new Says(
              "受け取った人が受け取りました。" + receiver + " の代表者の承認を待っています。お金は受け取った人の口座にあります。",
              "Its receiver received it. The representatives of "
                  + receiver
                  + " are to approve that. The money is on the receiver's account.");
      case "complete" ->
          new Says(
              "受け取った人が受け取りました。完了しました。お金は受け取った人の口座にあります。",
              "Its receiver received it. It is complete. The money is on the receiver's account.");
      case "rejected" ->
          new Says("受け取る人が断りました。" + back().ja, "Its receiver declined it. " + back().en);
      case "cancelled" ->
          new Says("送った人が取り消しました。" + back().ja, "Its sender took it back in time. " + back().en);
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

  private Says back() {
    return "refunded".equals(transfer.hold())
        ? new Says("お金は送った人の口座に戻っています。", "The money is back on the sender's account.")
        : new Says("お金は送った人に戻るところです。", "The money is on its way back to the sender.");
  }

  private String until() {
    return Timestamp.seconds(transfer.validUntil());
  }
}
