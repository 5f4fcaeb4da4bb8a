package aika.cli;

import aika.client.Account;
import aika.client.AikaClient;
import aika.client.Wallet;
import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Timestamp;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A resident's lost key: asked for by its holder, announced by a registrar, stopped by the key. */
@Command(
    name = "recover-key",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Give an account a new key when the old one is lost; it counts after seven days.",
      "鍵をなくした口座に新しい鍵を付けます。七日たつと有効になります。"
    },
    footer = {
      "",
      "1. The holder asks, with a new key:         aika recover-key ask",
      "2. A registrar, who knows them, signs too:  aika recover-key announce",
      "3. Whoever has the old key can stop it:     aika recover-key veto",
      "1 本人が新しい鍵で申し込み、2 窓口の登録者が署名し、3 古い鍵を持つ人は止められます。"
    })
final class RecoverKeyCommand extends Subcommands {
  @Command(
      name = "ask",
      mixinStandardHelpOptions = true,
      description = {
        "Write the order with the new key's signature into a file, for the registrar.",
        "新しい鍵で署名した申し込みをファイルに書きます。窓口に渡してください。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika recover-key ask --as Asia-Komatsu/k3v9q2mw --federation aika.example",
        "      --key new.key recovery.note",
        "",
        "Exit codes / 終了コード: 0 written, 1 failed, 2 wrong arguments"
      })
  int ask(
      @Option(
              names = "--as",
              paramLabel = "ACCOUNT",
              required = true,
              description = {"The account whose key is lost.", "鍵をなくした口座。"})
          String who,
      @Option(
              names = "--federation",
              paramLabel = "ID",
              required = true,
              description = {"The federation's id.", "連合の名前。"})
          String federation,
      @Option(
              names = "--key",
              paramLabel = "FILE",
              required = true,
              description = {"The new key; made when it is missing.", "新しい鍵（なければ作ります）。"})
          Path key,
      @Parameters(
              paramLabel = "FILE",
              description = {"Where the order is written.", "申し込みを書くファイル。"})
          Path note) {
    AccountId account = PaymentOptions.account(who);
    boolean made = KeyFile.make(key);
    CounterNote.write(note, Wallet.of(federation, account, KeyFile.seed(key)).recovering());
    Screen screen = new Screen(spec.commandLine().getOut());
    if (made) {
      screen.line("made the key " + key + " / 鍵を作りました");
    }
    new Outcome(spec)
        .bring(note, "a registrar of " + account.chain(), " " + account.chain() + " の窓口");
    return 0;
  }

  @Command(
      name = "announce",
      mixinStandardHelpOptions = true,
      description = {
        "Sign as a registrar what the holder has asked for, and hand it in.",
        "申し込みに登録者として署名し、チェーンに渡します。"
      },
      footer = {
        "",
        "Make sure that it is the account's holder who stands before you.",
        "本人であることを、かならず確かめてください。",
        "",
        "Example / 例:",
        "  aika recover-key announce recovery.note --data ~/aika --gateway http://localhost:2001",
        "",
        PaymentCommands.EXIT_CODES,
        PaymentCommands.EXIT_DONE,
        PaymentCommands.EXIT_UNKNOWN
      })
  int announce(
      @Parameters(
              paramLabel = "FILE",
              description = {"What the holder has written.", "申し込みのファイル。"})
          Path file,
      @Mixin OfficialOptions official,
      @Mixin GatewayOption gateway) {
    CounterNote<Order.RecoverKey> asked =
        CounterNote.read(file, Order.RecoverKey.class, "aika recover-key ask");
    AccountId account = asked.order().account();
    SignedOrder signed = asked.completedBy(official.open().registrar(account.chain()));
    Outcome outcome = new Outcome(spec);
    try (AikaClient client = gateway.client()) {
      int code = outcome.submitted(client, signed);
      if (code == 0) {
        tell(outcome, Outcome.asked(() -> client.account(account)));
      }
      return code;
    }
  }

  @Command(
      name = "veto",
      mixinStandardHelpOptions = true,
      description = {
        "Stop a key that was announced: the old one, which signs this, is not lost.",
        "発表された新しい鍵を止めます。古い鍵で署名します。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika recover-key veto --gateway URL --key me.key --federation aika.example --as ACCOUNT",
        "",
        PaymentCommands.EXIT_CODES,
        PaymentCommands.EXIT_DONE,
        PaymentCommands.EXIT_UNKNOWN
      })
  int veto(@Mixin KeyOptions options) {
    return options.signing(spec).order(Wallet::vetoRecovery);
  }

  private static void tell(Outcome outcome, Account account) {
    Account.AnnouncedKey announced = account.standing().announced();
    if (announced != null) {
      String due = Timestamp.seconds(announced.due());
      outcome.say(
          account.id() + " has the new key from " + due + ", unless the old one vetoes.",
          account.id() + " の新しい鍵は " + due + " から有効です（古い鍵で止められなければ）。");
    }
  }
}
