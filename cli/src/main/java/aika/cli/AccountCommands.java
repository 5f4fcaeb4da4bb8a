package aika.cli;

import aika.client.AikaClient;
import aika.client.Official;
import aika.client.Wallet;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.note.MalformedException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the holder of an account orders about it; a registrar can freeze it too. */
final class AccountCommands {
  private AccountCommands() {}

  @Command(
      name = "freeze",
      mixinStandardHelpOptions = true,
      description = {
        "Stop everything that is ordered in an account's name, with its key or by a registrar.",
        "口座からの注文をすべて止めます。口座の鍵か、窓口の登録者の鍵で署名します。"
      },
      footer = {
        "",
        "Money still comes in. aika unfreeze, at the counter, ends it; so does a new key.",
        "入金は続きます。解除は窓口で aika unfreeze、または鍵の再発行（recover-key）です。",
        "",
        "Examples / 例:",
        "  aika freeze --gateway URL --key me.key --federation aika.example --as ACCOUNT",
        "  aika freeze --gateway http://localhost:2001 --data ~/aika --as Asia-Komatsu/k3v9q2mw",
        "",
        PaymentCommands.EXIT_CODES,
        PaymentCommands.EXIT_DONE,
        PaymentCommands.EXIT_UNKNOWN
      })
  static final class Freeze implements Callable<Integer> {
    @Mixin private GatewayOption gateway;
    @Spec private CommandSpec spec;

    @Option(
        names = "--as",
        paramLabel = "ACCOUNT",
        required = true,
        description = {"The account.", "口座の番号。"})
    private String who;

    @ArgGroup(multiplicity = "1")
    private By by = new By();

    /** One of them. */
    static final class By {
      @ArgGroup(exclusive = false)
      private @Nullable OwnKey own;

      @Option(
          names = "--data",
          paramLabel = "DIR",
          description = {
            "As a registrar: the directory with federation.yaml and the registrar's key.",
            "登録者として：federation.yaml と登録者の鍵のあるフォルダー。"
          })
      private @Nullable Path data;
    }

    @Override
    public Integer call() {
      AccountId account = PaymentOptions.account(who);
      if (by.data == null) {
        OwnKey own = Objects.requireNonNull(by.own);
        return new Signing(gateway, account, own, spec).order(Wallet::freeze);
      }
      Official registrar = Officials.open(by.data).registrar(account.chain());
      try (AikaClient client = gateway.client()) {
        return new Outcome(spec).submitted(client, registrar.freeze(account));
      }
    }
  }

  @Command(
      name = "auto-receive",
      mixinStandardHelpOptions = true,
      description = {
        "Receive transfers of at most this amount without asking, as a shop does; off: no more.",
        "この金額までの送金を自動で受け取ります（お店など）。off でやめます。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika auto-receive --gateway URL --key shop.key --federation aika.example --as ACCOUNT 50",
        "  aika auto-receive --gateway URL --key shop.key --federation aika.example --as ACCOUNT off",
        "",
        PaymentCommands.EXIT_CODES,
        PaymentCommands.EXIT_DONE,
        PaymentCommands.EXIT_UNKNOWN
      })
  static final class AutoReceive implements Callable<Integer> {
    private static final String OFF = "off";

    @Mixin private KeyOptions options;
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "LIMIT",
        description = {"The largest amount, or off.", "いちばん大きい金額、または off。"})
    private String limit;

    @Override
    public Integer call() {
      Money most = most(limit);
      return options.signing(spec).order(wallet -> wallet.autoReceive(most));
    }

    private static Money most(String limit) {
      try {
        return limit.equals(OFF) ? Money.ZERO : Money.lenient(limit);
      } catch (MalformedException none) {
        Reason reason = Reason.AMOUNT_INVALID;
        throw CommandException.of(reason, reason.en(), reason.ja());
      }
    }
  }

  @Command(
      name = "close-account",
      mixinStandardHelpOptions = true,
      description = {
        "End an empty account for good. There is no way back.",
        "からの口座を閉じます。元には戻せません。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika close-account --gateway URL --key me.key --federation aika.example --as ACCOUNT",
        "",
        PaymentCommands.EXIT_CODES,
        PaymentCommands.EXIT_DONE,
        PaymentCommands.EXIT_UNKNOWN
      })
  static final class Close implements Callable<Integer> {
    @Mixin private KeyOptions options;
    @Mixin private Consent consent;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      return options.signing(spec).order(this::order);
    }

    private SignedOrder order(Wallet wallet) {
      new Outcome(spec)
          .say(wallet.account() + " ends for good.", wallet.account() + " を閉じます。元には戻せません。");
      consent.ask(spec);
      return wallet.closeAccount();
    }
  }
}
