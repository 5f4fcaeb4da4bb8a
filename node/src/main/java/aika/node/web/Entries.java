package aika.node.web;

import aika.core.money.AccountId;
import aika.core.money.TransferId;
import aika.node.gateway.RefundView;
import aika.node.gateway.TransferView;
import org.jspecify.annotations.Nullable;

/**
 * The send form as it was filled in; nothing is checked yet.
 *
 * @param refundOf the transfer of which this gives back; null for none
 */
record Entries(
    String senderMunicipality,
    String sender,
    String receiverMunicipality,
    String receiver,
    String amount,
    String memo,
    @Nullable TransferId refundOf) {
  static final String REFUND_OF = "refund_of";

  /** An empty form at this municipality's counter. */
  static Entries at(String municipality) {
    return new Entries(municipality, "", municipality, "", "", "", null);
  }

  /** All that is left of it back to where it came from. */
  static Entries refunding(RefundView refund) {
    TransferView received = refund.received();
    AccountId from = received.receiver().account();
    AccountId to = received.sender().account();
    return new Entries(
        from.chain().value(),
        from.toString(),
        to.chain().value(),
        to.toString(),
        refund.left().isPositive() ? refund.left().toString() : "",
        "",
        received.id());
  }

  /** {@code MalformedException} for a transfer's number that is none. */
  static Entries of(FormData form) {
    String refundOf = form.get(REFUND_OF);
    return new Entries(
        form.get(Problem.Field.SENDER.municipality()),
        form.get(Problem.Field.SENDER.id()).strip(),
        form.get(Problem.Field.RECEIVER.municipality()),
        form.get(Problem.Field.RECEIVER.id()).strip(),
        form.get(Problem.Field.AMOUNT.id()).strip(),
        form.get(Problem.Field.MEMO.id()).strip(),
        refundOf.isEmpty() ? null : TransferId.of(refundOf));
  }

  String of(Problem.Field field) {
    return switch (field) {
      case SENDER -> sender;
      case RECEIVER -> receiver;
      case AMOUNT -> amount;
      case MEMO -> memo;
    };
  }

  /** Without what people wrote. */
  @Override
  public String toString() {
    return "Entries[…]";
  }
}
