package aika.cli;

import aika.core.approval.LifeReceipt;
import aika.core.approval.Receipt;
import aika.core.ledger.Reason;

/** Why a receipt proves nothing, in both languages. */
final class Refusals {
  private Refusals() {}

  private record Both(String en, String ja) {}

  /**
   * @param first whether only the representatives of the federation file were believed
   */
  static CommandException of(Receipt.Result.Refused refused, boolean first) {
    Both said = said(refused.part(), refused.what());
    boolean seats =
        refused.part() == Receipt.Part.COSIGNATURE || refused.part() == Receipt.Part.QUORUM;
    return first && seats
        ? CommandException.of(
            Reason.PROOF_INVALID,
            said.en + " If a later term approved it, give --terms.",
            said.ja + "あとの任期の代表者が承認したものなら --terms を付けてください。")
        : CommandException.of(Reason.PROOF_INVALID, said.en, said.ja);
  }

  static CommandException of(LifeReceipt.Result.Refused refused) {
    Both said =
        refused.receipt() == null
            ? new Both(
                "It does not belong to this transfer: " + refused.what() + ".",
                "この送金のものではありません（" + refused.what() + "）。")
            : said(refused.receipt(), refused.what());
    return CommandException.of(
        Reason.PROOF_INVALID,
        "Part " + refused.part().text() + ": " + said.en,
        name(refused.part()) + "：" + said.ja);
  }

  private static String name(LifeReceipt.Part part) {
    return switch (part) {
      case HEAD -> "先頭の部分";
      case TERM -> "代表者の交代の部分（term）";
      case SEND -> "送る部分（send）";
      case CANCEL -> "取り消しの部分（cancel）";
      case DECISION -> "決定の部分（decision）";
      case SETTLE -> "決済の部分（settle）";
    };
  }

  private static Both said(Receipt.Part part, String what) {
    return switch (part) {
      case FORM -> new Both("This is not a receipt: " + what + ".", "領収書として読めません（" + what + "）。");
      case LOG ->
          new Both(
              "The log " + what + " is not one of this federation.",
              "記録 " + what + " はこの連合のものではありません。");
      case CHECKPOINT_SIGNATURE ->
          new Both(
              "The checkpoint's signature by the log " + what + " is missing or wrong.",
              "記録 " + what + " の署名がないか、正しくありません。");
      case COSIGNATURE ->
          new Both(
              "The cosignature of the seat " + what + " is wrong.",
              "代表者の席 " + what + " の署名が正しくありません。");
      case HANDOVER ->
          new Both(
              "The hand-over to the next representatives does not hold: " + what + ".",
              "代表者の交代が証明されていません（" + what + "）。");
      case QUORUM ->
          new Both("Only " + what + " representatives approved.", "承認した代表者が足りません（" + what + "）。");
      case INCLUSION ->
          new Both(
              "The inclusion proof of " + what + " does not hold.", what + " が記録にあると証明されていません。");
      case LEAF ->
          new Both("The leaf is not valid: " + what + ".", "記録の中身が正しくありません（" + what + "）。");
    };
  }
}
