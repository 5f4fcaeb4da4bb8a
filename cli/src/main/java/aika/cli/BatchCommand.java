package aika.cli;

import aika.client.Wallet;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.Money;
import aika.core.note.MalformedException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Pays many with one signed order, as a municipality its volunteers: all of them or none. */
@Command(
    name = "send-batch",
    mixinStandardHelpOptions = true,
    description = {
      "Pay up to 500 people with one signed order: all of them or none.",
      "一つの注文で 500 件までまとめて送金します。全部できるか、一件もできないかです。"
    },
    footer = {
      "",
      "The file is CSV in UTF-8, a line for each payment: to,amount[,memo], as in",
      "  Asia-Komatsu/k3v9q2mw,15.00,beach cleaning",
      "The memo stays in the file: the payments of a batch carry none.",
      "ファイルは UTF-8 の CSV で、一行に一件「宛先の口座,金額[,メモ]」です。メモは送られません。",
      "",
      "Example / 例:",
      "  aika send-batch --gateway URL --key town.key --federation aika.example \\",
      "      --as Asia-Komatsu/treasury volunteers.csv",
      "",
      PaymentCommands.EXIT_CODES,
      PaymentCommands.EXIT_DONE,
      PaymentCommands.EXIT_UNKNOWN
    })
final class BatchCommand implements Callable<Integer> {
  @Mixin private KeyOptions options;
  @Spec private CommandSpec spec;

  @Mixin private Consent consent;

  @Parameters(
      paramLabel = "FILE",
      description = {"The payments.", "送金のファイル。"})
  private Path file;

  @Override
  public Integer call() {
    List<Order.Payment> payments = PaymentFile.read(file);
    return options.signing(spec).order(wallet -> order(wallet, payments));
  }

  private SignedOrder order(Wallet wallet, List<Order.Payment> payments) {
    Money sum = sum(payments);
    new Outcome(spec)
        .say(
            payments.size() + " payments, " + sum + " in all, from " + wallet.account() + '.',
            wallet.account() + " から " + payments.size() + " 件、合計 " + sum + " 愛貨。");
    consent.ask(spec);
    try {
      return wallet.sendBatch(payments);
    } catch (MalformedException tooLong) {
      throw CommandException.of(Reason.TOO_LARGE, tooLong.getMessage() + ".", "注文が長すぎます。");
    }
  }

  private static Money sum(List<Order.Payment> payments) {
    try {
      return payments.stream().map(Order.Payment::amount).reduce(Money.ZERO, Money::plus);
    } catch (ArithmeticException overflow) {
      throw CommandException.of(
          Reason.AMOUNT_INVALID, Reason.AMOUNT_INVALID.en(), Reason.AMOUNT_INVALID.ja());
    }
  }
}
