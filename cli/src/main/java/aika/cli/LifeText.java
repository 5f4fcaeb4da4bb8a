package aika.cli;

import aika.core.approval.LifeReceipt;
import aika.core.approval.LifeReceipt.Part;
import aika.core.approval.Receipt;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.OutcomeKind;
import aika.core.log.Cosignature;
import aika.core.money.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the receipt of a transfer's life proves, in lines of each language. */
final class LifeText {
  private static final long SECOND_MILLIS = 1_000;

  private final LifeReceipt life;
  private final @Nullable String terms;
  private final Offer offer;
  private final @Nullable OutcomeKind outcome;

  /**
   * @param terms where hand-overs were asked for that led to those who approved; null when only
   *     those of the receipt were looked at
   */
  LifeText(LifeReceipt life, @Nullable String terms) {
    this.life = life;
    this.terms = terms;
    offer = life.offer();
    outcome = life.outcome().orElse(null);
  }

  private record Both(String en, String ja) {}

  List<String> en() {
    List<String> lines = new ArrayList<>();
    lines.add("Valid: the transfer " + life.transfer() + ", " + parts() + ".");
    for (Part part : Part.values()) {
      life.part(part)
          .ifPresent(receipt ->
              lines.add(
                  "  %s; recorded at %s as leaf %d of %s, approved by %s by %s of term %d."
                      .formatted(
                          what(part).en,
                          Timestamp.millis(receipt.leaf().time()),
                          receipt.index(),
                          receipt.chain(),
                          approvedAt(receipt),
                          seats(receipt),
                          receipt.term())));
    }
    lines.add("  " + sitting().en + '.');
    lines.add("  The money: " + money().en + '.');
    Both missing = missing();
    if (missing != null) {
      lines.add("  Not in this receipt: " + missing.en + '.');
    }
    return lines;
  }

  List<String> ja() {
    List<String> lines = new ArrayList<>();
    lines.add("有効：送金 " + life.transfer() + "（" + parts() + "）。");
    for (Part part : Part.values()) {
      life.part(part)
          .ifPresent(receipt ->
              lines.add(
                  "  %s（%s の %d 番の記録、%s。%s までに第 %d 期の %s が承認）。"
                      .formatted(
                          what(part).ja,
                          receipt.chain(),
                          receipt.index(),
                          Timestamp.millis(receipt.leaf().time()),
                          approvedAt(receipt),
                          receipt.term(),
                          seats(receipt))));
    }
    lines.add("  " + sitting().ja + "。");
    lines.add("  お金：" + money().ja + "。");
    Both missing = missing();
    if (missing != null) {
      lines.add("  この領収書にないもの：" + missing.ja + "。");
    }
    return lines;
  }

  private Both sitting() {
    return terms == null
        ? new Both(
            "Who sat later is not shown here (ask with --terms)",
            "そのあとの代表者は、ここには示されていません（--terms で確かめられます）")
        : new Both(
            "The hand-overs of %s lead to these representatives; whether its log has these leaves, aika audit finds out"
                .formatted(terms),
            "%s の引き継ぎの証明も、この代表者に至ります（そこの記録にあるかどうかは aika audit で調べられます）".formatted(terms));
  }

  private String parts() {
    return life.parts().keySet().stream().sorted().map(Part::text).collect(Collectors.joining(" "));
  }

  private Both what(Part part) {
    return switch (part) {
      case HEAD, TERM -> throw new IllegalStateException("no part of a life");
      case SEND ->
          new Both(
              "%s sent %s to %s".formatted(offer.from(), offer.amount(), offer.to()),
              "%s が %s に %s 愛貨を送りました".formatted(offer.from(), offer.to(), offer.amount()));
      case CANCEL -> new Both(offer.from() + " asked for it back", offer.from() + " が取り消しを求めました");
      case DECISION -> decided();
      case SETTLE ->
          outcome == OutcomeKind.RECEIVED
              ? new Both("the sender's chain settled it", "送った側の台帳で決済されました")
              : new Both("the sender's chain gave the money back", "送った側の台帳で払い戻されました");
    };
  }

  private Both decided() {
    if (outcome == null) {
      throw new IllegalStateException("no decision");
    }
    if (life.gaveWay()) {
      return new Both(
          "%s decided another transfer of this number, of a history that %s gave up; it decides none twice"
              .formatted(offer.to().chain(), offer.transfer().origin()),
          "%s は、%s が後で捨てた履歴にある同じ番号の別の送金について決めています（同じ番号について二度は決めません）"
              .formatted(offer.to().chain(), offer.transfer().origin()));
    }
    return switch (outcome) {
      case RECEIVED ->
          byReceiver()
              ? new Both(offer.to() + " received it", offer.to() + " が受け取りました")
              : new Both(
                  "the standing order of %s received it".formatted(offer.to()),
                  offer.to() + " の自動の受け取りで、受け取られました");
      case REJECTED ->
          byReceiver()
              ? new Both(offer.to() + " declined it", offer.to() + " が断りました")
              : new Both(
                  "%s declined it, since %s, or the chain itself, is closed"
                      .formatted(offer.to().chain(), offer.to()),
                  "%1$s か %2$s のチェーンが閉じられているので、%2$s のチェーンが断りました"
                      .formatted(offer.to(), offer.to().chain()));
      case CANCELLED ->
          new Both(
              offer.to().chain() + " ended it as cancelled",
              offer.to().chain() + " が取り消しとして終わらせました");
      case EXPIRED ->
          new Both(
              offer.to().chain() + " ended it: nobody had received it in time",
              offer.to().chain() + " が期限切れとして終わらせました");
    };
  }

  /** Whether the receiver signed what was decided; else the chain decided by itself. */
  private boolean byReceiver() {
    return life.part(Part.DECISION).map(Receipt::leaf).orElse(null) instanceof Leaf.Executed;
  }

  private Both money() {
    String amount = offer.amount().toString();
    if (outcome == OutcomeKind.RECEIVED) {
      return new Both(amount + " went to " + offer.to(), amount + " 愛貨は " + offer.to() + " に入りました");
    }
    if (outcome == null) {
      String until = Timestamp.seconds(offer.validUntil());
      return new Both(
          "%s is held on %s; %s may receive it until %s"
              .formatted(amount, offer.transfer().origin(), offer.to(), until),
          "%s 愛貨は %s で預かり中です（%s が %s まで受け取れます）"
              .formatted(amount, offer.transfer().origin(), offer.to(), until));
    }
    return life.part(Part.SETTLE).isPresent()
        ? new Both(
            amount + " went back to " + offer.from(), amount + " 愛貨は " + offer.from() + " に戻りました")
        : new Both(
            "%s is still held on %s, and goes back to %s"
                .formatted(amount, offer.transfer().origin(), offer.from()),
            "%s 愛貨はまだ %s で預かり中で、%s に戻ります"
                .formatted(amount, offer.transfer().origin(), offer.from()));
  }

  /** What has not happened yet, or was not known to who made the receipt; null for nothing. */
  private @Nullable Both missing() {
    if (outcome == null) {
      return new Both(
          "how %s decided, and the end of the hold (it may not have happened yet)"
              .formatted(offer.to().chain()),
          offer.to().chain() + " の決定と、預かりの終わり（まだ起きていないかもしれません）");
    }
    return life.part(Part.SETTLE).isPresent()
        ? null
        : new Both(
            "the end of the hold on %s (it may not have happened yet)"
                .formatted(offer.transfer().origin()),
            offer.transfer().origin() + " での預かりの終わり（まだ起きていないかもしれません）");
  }

  private static String approvedAt(Receipt receipt) {
    return Timestamp.seconds(receipt.approvedAtSeconds() * SECOND_MILLIS);
  }

  private static String seats(Receipt receipt) {
    return receipt.approval().stream()
        .map(Cosignature::cosigner)
        .map(seat -> seat.name().substring(seat.name().lastIndexOf('/') + 1))
        .collect(Collectors.joining(" "));
  }
}
