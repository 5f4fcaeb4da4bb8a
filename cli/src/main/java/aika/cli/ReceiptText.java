package aika.cli;

import aika.core.approval.Receipt;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Order;
import aika.core.ledger.Posting;
import aika.core.log.Cosignature;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import java.util.List;
import java.util.stream.Collectors;

/** What a receipt proves, in a sentence of each language. */
final class ReceiptText {
  private static final long SECOND_MILLIS = 1_000;

  private final Receipt receipt;

  ReceiptText(Receipt receipt) {
    this.receipt = receipt;
  }

  String en() {
    String when =
        "; recorded at %s as leaf %d of %s, approved at %s by %s of term %d."
            .formatted(
                Timestamp.millis(receipt.leaf().time()),
                receipt.index(),
                receipt.chain(),
                approvedAt(),
                seats(),
                receipt.term());
    return "Valid: " + what(receipt.leaf()).en + when;
  }

  String ja() {
    String when =
        "（%2$d 番の記録、%3$s、%1$s。第 %6$d 期の %5$s が %4$s に承認）。"
            .formatted(
                Timestamp.millis(receipt.leaf().time()),
                receipt.index(),
                receipt.chain(),
                approvedAt(),
                seats(),
                receipt.term());
    return "有効：" + what(receipt.leaf()).ja + when;
  }

  private record Both(String en, String ja) {}

  private Both what(Leaf leaf) {
    return switch (leaf) {
      case Leaf.Executed executed -> ordered(executed);
      case Leaf.Concluded ended ->
          new Both(
              "the transfer " + ended.transfer() + " is " + ended.kind().text(),
              "送金 " + ended.transfer() + " は " + ended.kind().text() + " で終わりました");
      case Leaf.Paid paid -> sent(paid.from(), paid.amount(), paid.to());
      case Leaf.Elected elected ->
          new Both(
              "the representatives of term %d were elected".formatted(elected.term()),
              "第 %d 期の代表者が選ばれました".formatted(elected.term()));
      case Leaf.Genesis _,
          Leaf.Recorded _,
          Leaf.Recovered _,
          Leaf.Conflicting _,
          Leaf.Settled _,
          Leaf.Sealed _ ->
          new Both(
              "a leaf of the kind " + LeafText.kind(leaf) + " of " + receipt.chain(),
              receipt.chain() + " の " + LeafText.kind(leaf) + " の記録です");
    };
  }

  private Both ordered(Leaf.Executed leaf) {
    return switch (leaf.order().order()) {
      case Order.Send send -> sent(send.from(), send.amount(), send.to());
      case Order.SendBatch batch -> {
        Order.Payment first = batch.payments().getFirst();
        yield sent(batch.from(), first.amount(), first.to());
      }
      case Order.Decide decide when decide.receive() -> {
        Money amount = posted(leaf.postings(), decide.account());
        yield new Both(
            "%s received %s (transfer %s)".formatted(decide.account(), amount, decide.transfer()),
            "%s が %s 愛貨を受け取りました（送金 %s）".formatted(decide.account(), amount, decide.transfer()));
      }
      case Order.Decide decide ->
          new Both(
              "%s declined the transfer %s".formatted(decide.account(), decide.transfer()),
              "%s が送金 %s を断りました".formatted(decide.account(), decide.transfer()));
      case Order.Cancel cancel ->
          new Both(
              "%s asked for the transfer %s back".formatted(cancel.account(), cancel.transfer()),
              "%s が送金 %s の取り消しを求めました".formatted(cancel.account(), cancel.transfer()));
      case Order.Issue issue ->
          new Both(
              "%s were issued to %s".formatted(issue.amount(), issue.to()),
              "%s に %s 愛貨が発行されました".formatted(issue.to(), issue.amount()));
      case Order.Open open ->
          new Both(
              "the account %s was opened".formatted(open.account()),
              "口座 %s が開かれました".formatted(open.account()));
      case Order.Redeem redeem ->
          new Both(
              "%s gave %s back to the issuer".formatted(redeem.from(), redeem.amount()),
              "%s が %s 愛貨を発行元に返しました".formatted(redeem.from(), redeem.amount()));
      case Order.Clear clear -> cleared(clear);
      default -> {
        Order order = leaf.order().order();
        yield new Both(
            "the account %s: %s".formatted(order.account(), order.kind()),
            "口座 %s：%s".formatted(order.account(), order.kind()));
      }
    };
  }

  private static Both cleared(Order.Clear clear) {
    Object payer = clear.paid() ? clear.chain() : clear.counterpart();
    Object payee = clear.paid() ? clear.counterpart() : clear.chain();
    return new Both(
        "%s paid %s to %s outside the federation".formatted(payer, clear.amount(), payee),
        "%s が %s に %s を連合の外で支払いました".formatted(payer, payee, clear.amount()));
  }

  private Both sent(AccountId from, Money amount, AccountId to) {
    TransferId id = new TransferId(receipt.chain(), receipt.index());
    return new Both(
        "%s sent %s to %s (transfer %s)".formatted(from, amount, to, id),
        "%s が %s に %s 愛貨を送りました（送金 %s）".formatted(from, to, amount, id));
  }

  private static Money posted(List<Posting> postings, AccountId account) {
    return postings.stream()
        .filter(posting -> posting.account().equals(account))
        .map(Posting::amount)
        .findFirst()
        .orElse(Money.ZERO);
  }

  private String approvedAt() {
    return Timestamp.seconds(receipt.approvedAtSeconds() * SECOND_MILLIS);
  }

  private String seats() {
    return receipt.approval().stream()
        .map(Cosignature::cosigner)
        .map(seat -> seat.name().substring(seat.name().lastIndexOf('/') + 1))
        .collect(Collectors.joining(" "));
  }
}
