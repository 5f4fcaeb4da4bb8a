package aika.cli;

import aika.client.Official;
import aika.core.ledger.Order;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.node.config.Municipality;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** New money: one issuer asks, another one of the same municipality signs too. */
@Command(
    name = "issue",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Issue new money into an account; two issuers of its municipality sign.",
      "口座に新しい愛貨を発行します。その市町村の発行者二人が署名します。"
    },
    footer = {
      "",
      "1. An issuer asks:               aika issue ask",
      "2. Another issuer signs too:     aika issue confirm",
      "1 発行者が ask で書き、2 もう一人の発行者が confirm で署名して渡します。"
    },
    subcommands = {IssueCommand.Ask.class, IssueCommand.Confirm.class})
final class IssueCommand extends Subcommands {
  @Command(
      name = "ask",
      mixinStandardHelpOptions = true,
      description = {
        "Write the order with one issuer's signature into a file, for another issuer.",
        "発行者が署名した注文をファイルに書きます。もう一人の発行者に渡してください。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika issue ask --to Asia-Komatsu/k3v9q2mw --data ~/aika 1000.00 issue.note",
        "",
        "Exit codes / 終了コード: 0 written, 1 failed, 2 wrong arguments"
      })
  static final class Ask implements Callable<Integer> {
    @Mixin private OfficialOptions official;
    @Spec private CommandSpec spec;

    @Option(
        names = "--to",
        paramLabel = "ACCOUNT",
        required = true,
        description = {"The account that gets it.", "受け取る口座。"})
    private String to;

    @Parameters(
        index = "0",
        paramLabel = "AMOUNT",
        description = {"How much.", "金額。"})
    private String amount;

    @Parameters(
        index = "1",
        paramLabel = "FILE",
        description = {"Where the order is written.", "注文を書くファイル。"})
    private Path file;

    @Override
    public Integer call() {
      AccountId account = PaymentOptions.account(to);
      Money money = PaymentCommands.amount(amount);
      Official issuer = official.open().issuer(account.chain());
      CounterNote.write(file, issuer.issuing(account, money));
      new Outcome(spec)
          .bring(
              file, "another issuer of " + account.chain(), " " + account.chain() + " のもう一人の発行者");
      return 0;
    }
  }

  @Command(
      name = "confirm",
      mixinStandardHelpOptions = true,
      description = {
        "Sign as another issuer of the municipality, and hand it in at the chain's gateway.",
        "もう一人の発行者として署名し、チェーンの窓口に渡します。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika issue confirm issue.note --data ~/aika --gateway http://localhost:2001",
        "",
        PaymentCommands.EXIT_CODES,
        PaymentCommands.EXIT_DONE,
        PaymentCommands.EXIT_UNKNOWN
      })
  static final class Confirm extends Confirming<Order.Issue> {
    Confirm() {
      super(Order.Issue.class, "aika issue ask");
    }

    @Override
    @Nullable Official signer(Officials officials, CounterNote<Order.Issue> asked) {
      ChainId chain = asked.order().to().chain();
      Municipality municipality = officials.municipality(chain.value());
      return Officials.issuersLines(municipality, asked.note()) > 1
          ? null
          : officials.issuer(chain, asked.note());
    }

    @Override
    void say(Outcome outcome, Order.Issue order) {
      outcome.say(
          order.amount() + " new money into the account " + order.to() + '.',
          order.to() + " に " + order.amount() + " 愛貨を新しく発行します。");
    }
  }
}
