package aika.cli;

import aika.client.Official;
import aika.core.ledger.Order;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.SignedNote;
import aika.node.config.Municipality;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Two municipalities note that one has paid the other outside the federation. */
@Command(
    name = "clear",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Note on a chain that two municipalities have settled what one owes the other.",
      "市町村どうしの貸し借りを連合の外で支払ったことを、チェーンに記録します。"
    },
    footer = {
      "",
      "An issuer of either municipality signs, and each chain has an order of its own. On the chain",
      "of the one that paid:",
      "1. An issuer of one of them asks:         aika clear ask --paid-to …",
      "2. An issuer of the other one signs too:  aika clear confirm",
      "and the same with --paid-by on the chain of the one that was paid.",
      "どちらのチェーンにも一つずつ。一方の発行者が ask で書き、もう一方の発行者が confirm で署名して渡します。"
    },
    subcommands = {ClearCommand.Ask.class, ClearCommand.Confirm.class})
final class ClearCommand extends Subcommands {
  @Command(
      name = "ask",
      mixinStandardHelpOptions = true,
      description = {
        "Write the order with one issuer's signature into a file, for the other municipality.",
        "発行者が署名した注文をファイルに書きます。相手の市町村に渡してください。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika clear ask --chain Asia-Komatsu --paid-to Asia-Kanazawa --data ~/aika 500.00 a.note",
        "  aika clear ask --chain Asia-Kanazawa --paid-by Asia-Komatsu --data ~/aika 500.00 b.note",
        "",
        "Exit codes / 終了コード: 0 written, 1 failed, 2 wrong arguments"
      })
  static final class Ask implements Callable<Integer> {
    @Mixin private OfficialOptions official;
    @Spec private CommandSpec spec;

    @Option(
        names = "--chain",
        paramLabel = "MUNICIPALITY",
        required = true,
        description = {"On whose chain it is noted.", "記録するチェーンの市町村。"})
    private String chain;

    @ArgGroup(multiplicity = "1")
    private Counterpart counterpart = new Counterpart();

    /** One of them. */
    static final class Counterpart {
      @Option(
          names = "--paid-to",
          paramLabel = "MUNICIPALITY",
          description = {"Whom it has paid.", "支払った相手。"})
      private @Nullable String paidTo;

      @Option(
          names = "--paid-by",
          paramLabel = "MUNICIPALITY",
          description = {"By whom it was paid.", "支払いを受けた相手。"})
      private @Nullable String paidBy;
    }

    @Parameters(
        index = "0",
        paramLabel = "AMOUNT",
        description = {"What was paid.", "支払った金額。"})
    private String amount;

    @Parameters(
        index = "1",
        paramLabel = "FILE",
        description = {"Where the order is written.", "注文を書くファイル。"})
    private Path file;

    @Override
    public Integer call() {
      Money money = PaymentCommands.amount(amount);
      Officials officials = official.open();
      boolean paid = counterpart.paidTo != null;
      Municipality own = officials.municipality(chain);
      Municipality other =
          officials.municipality(
              Objects.requireNonNull(paid ? counterpart.paidTo : counterpart.paidBy));
      if (own.equals(other)) {
        throw new ParameterException(
            spec.commandLine(), "Two municipalities clear. / 別の市町村を指定してください。");
      }
      Official issuer = officials.issuer(List.of(own, other));
      SignedNote note =
          paid
              ? issuer.paidTo(own.id(), other.id(), money)
              : issuer.paidBy(own.id(), other.id(), money);
      CounterNote.write(file, note);
      Outcome outcome = new Outcome(spec);
      Municipality next = Officials.issuersLines(own, note) > 0 ? other : own;
      outcome.bring(file, "an issuer of " + next.id(), " " + next.id() + " の発行者");
      return 0;
    }
  }

  @Command(
      name = "confirm",
      mixinStandardHelpOptions = true,
      description = {
        "Sign as an issuer of the other municipality, and hand it in at the chain's gateway.",
        "相手の市町村の発行者として署名し、チェーンの窓口に渡します。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika clear confirm a.note --data ~/aika --gateway http://localhost:2001",
        "",
        PaymentCommands.EXIT_CODES,
        PaymentCommands.EXIT_DONE,
        PaymentCommands.EXIT_UNKNOWN
      })
  static final class Confirm extends Confirming<Order.Clear> {
    Confirm() {
      super(Order.Clear.class, "aika clear ask");
    }

    @Override
    @Nullable Official signer(Officials officials, CounterNote<Order.Clear> asked) {
      List<Municipality> missing =
          Stream.of(asked.order().chain(), asked.order().counterpart())
              .map(chain -> officials.municipality(chain.value()))
              .filter(one -> Officials.issuersLines(one, asked.note()) == 0)
              .toList();
      return missing.isEmpty() ? null : officials.issuer(missing);
    }

    @Override
    void say(Outcome outcome, Order.Clear order) {
      ChainId payer = order.paid() ? order.chain() : order.counterpart();
      ChainId payee = order.paid() ? order.counterpart() : order.chain();
      outcome.say(
          "%s paid %s to %s outside the federation; for the chain of %s."
              .formatted(payer, order.amount(), payee, order.chain()),
          "%s が %s に %s を連合の外で支払いました（%s のチェーンの記録）。"
              .formatted(payer, payee, order.amount(), order.chain()));
    }
  }
}
