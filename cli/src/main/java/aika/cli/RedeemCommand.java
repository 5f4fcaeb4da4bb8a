package aika.cli;

import aika.client.Official;
import aika.core.ledger.Order;
import aika.core.money.AccountId;
import aika.core.money.Money;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Money goes out of the world: its holder gives it back, an issuer signs for having paid it. */
@Command(
    name = "redeem",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Give money back to the municipality that issues it, which pays for it outside.",
      "愛貨を発行元の市町村に返します（代金は連合の外で受け取ります）。"
    },
    footer = {
      "",
      "1. The holder asks, with the account's key:  aika redeem ask",
      "2. An issuer, who pays for it, signs too:    aika redeem confirm",
      "1 本人が口座の鍵で申し込み、2 代金を支払う発行者が署名します。"
    },
    subcommands = {RedeemCommand.Ask.class, RedeemCommand.Confirm.class})
final class RedeemCommand extends Subcommands {
  @Command(
      name = "ask",
      mixinStandardHelpOptions = true,
      description = {
        "Write the order with the account's signature into a file, for the issuer.",
        "口座の鍵で署名した申し込みをファイルに書きます。発行者に渡してください。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika redeem ask --as Asia-Komatsu/k3v9q2mw --key me.key --federation aika.example",
        "      50 redeem.note",
        "",
        "Exit codes / 終了コード: 0 written, 1 failed, 2 wrong arguments"
      })
  static final class Ask implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
        names = "--as",
        paramLabel = "ACCOUNT",
        required = true,
        description = {"The account that gives it back.", "返す口座。"})
    private String who;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private OwnKey own = new OwnKey();

    @Parameters(
        index = "0",
        paramLabel = "AMOUNT",
        description = {"How much.", "金額。"})
    private String amount;

    @Parameters(
        index = "1",
        paramLabel = "FILE",
        description = {"Where the order is written.", "申し込みを書くファイル。"})
    private Path file;

    @Override
    public Integer call() {
      AccountId account = PaymentOptions.account(who);
      Money money = PaymentCommands.amount(amount);
      CounterNote.write(file, own.wallet(account).redeeming(money));
      new Outcome(spec)
          .bring(file, "an issuer of " + account.chain(), " " + account.chain() + " の発行者");
      return 0;
    }
  }

  @Command(
      name = "confirm",
      mixinStandardHelpOptions = true,
      description = {
        "Sign as an issuer what the holder gives back, and hand it in.",
        "申し込みに発行者として署名し、チェーンの窓口に渡します。"
      },
      footer = {
        "",
        "The money is gone when the chain has executed this. Pay for it then, and not before.",
        "チェーンが実行すると愛貨は消えます。代金はそのあとで支払ってください。",
        "",
        "Example / 例:",
        "  aika redeem confirm redeem.note --data ~/aika --gateway http://localhost:2001",
        "",
        PaymentCommands.EXIT_CODES,
        PaymentCommands.EXIT_DONE,
        PaymentCommands.EXIT_UNKNOWN
      })
  static final class Confirm extends Confirming<Order.Redeem> {
    Confirm() {
      super(Order.Redeem.class, "aika redeem ask");
    }

    @Override
    @Nullable Official signer(Officials officials, CounterNote<Order.Redeem> asked) {
      return officials.issuer(asked.order().from().chain());
    }

    @Override
    void say(Outcome outcome, Order.Redeem order) {
      outcome.say(
          order.from() + " gives back " + order.amount() + '.',
          order.from() + " が " + order.amount() + " 愛貨を返します。");
    }
  }
}
