package aika.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import aika.client.Account;
import aika.client.AikaClient;
import aika.client.Wallet;
import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Timestamp;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.node.config.DurableFile;
import aika.node.config.HeldKey;
import aika.node.config.Municipality;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
final class RecoverKeyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Say what to do: ask, announce or veto. / ask、announce、veto のどれかを指定してください。");
  }

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
    boolean made = !Files.exists(key);
    if (made) {
      byte[] seed = Ed25519.generate(new SecureRandom());
      write(key, (Base64.getEncoder().encodeToString(seed) + "\n").getBytes(US_ASCII), true);
    }
    Wallet wallet = Wallet.of(federation, account, PaymentOptions.seed(key));
    write(note, wallet.recovering().encode(), false);
    Screen screen = new Screen(spec.commandLine().getOut());
    if (made) {
      screen.line("made the key " + key + " / 鍵を作りました");
    }
    screen.line(
        "Bring "
            + note
            + " to a registrar of "
            + account.chain()
            + " within "
            + Wallet.AT_COUNTER.toHours()
            + " hours.");
    screen.line(
        note + " を " + Wallet.AT_COUNTER.toHours() + " 時間以内に " + account.chain() + " の窓口に渡してください。");
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
      @Option(
              names = "--data",
              paramLabel = "DIR",
              required = true,
              description = {
                "The directory with federation.yaml and a registrar's key.",
                "federation.yaml と登録者の鍵のあるフォルダー。"
              })
          Path data,
      @Mixin GatewayOption gateway) {
    SignedNote asked = asked(file);
    Order.RecoverKey order = order(file, asked);
    NodeHome home = NodeHome.open(data);
    HeldKey registrar = registrar(home, order.account());
    SignedOrder signed =
        SignedOrder.of(asked.signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer()));
    Outcome outcome = new Outcome(spec);
    try (AikaClient client = gateway.client()) {
      int code =
          outcome.of(
              Outcome.asked(() -> client.submit(signed)),
              " Run the same command again.",
              "同じコマンドを、もう一度実行してください。");
      if (code == 0) {
        tell(outcome, Outcome.asked(() -> client.account(order.account())));
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
  int veto(
      @Mixin PaymentOptions options,
      @Option(
              names = "--as",
              paramLabel = "ACCOUNT",
              required = true,
              description = {"The account.", "口座。"})
          String who) {
    if (!options.signs()) {
      throw new ParameterException(
          spec.commandLine(), "A veto is signed with --key / 古い鍵を --key で指定してください。");
    }
    return new Payer(options, spec).signed(who, Wallet::vetoRecovery);
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

  private static SignedNote asked(Path file) {
    try {
      return SignedNote.parse(SmallFile.read(file, SignedOrder.ORDER_BYTES_MAX));
    } catch (MalformedException other) {
      throw noRequest(file, other);
    }
  }

  private static Order.RecoverKey order(Path file, SignedNote asked) {
    try {
      if (SignedOrder.of(asked).order() instanceof Order.RecoverKey order) {
        return order;
      }
    } catch (MalformedException other) {
      throw noRequest(file, other);
    }
    throw noRequest(file, null);
  }

  private static CommandException noRequest(Path file, @Nullable Exception why) {
    return CommandException.of(
        file + " is nothing that aika recover-key ask has written.",
        file + " は aika recover-key ask が書いたものではありません。",
        why);
  }

  private static HeldKey registrar(NodeHome home, AccountId account) {
    List<HeldKey> registrars =
        home.chain(account.chain().value()) instanceof Municipality municipality
            ? home.keys().registrars(municipality)
            : List.of();
    if (registrars.isEmpty()) {
      throw CommandException.of(
          home.directory() + " has no registrar's key of " + account.chain() + '.',
          home.directory() + " に " + account.chain() + " の登録者の鍵がありません。",
          null);
    }
    return registrars.getFirst();
  }

  private static void write(Path file, byte[] bytes, boolean secret) {
    try {
      if (secret) {
        DurableFile.writePrivate(file, bytes);
      } else {
        DurableFile.write(file, bytes);
      }
    } catch (IOException failed) {
      throw CommandException.of(
          file + " cannot be written (" + failed + ").", file + " に書けません。", failed);
    }
  }
}
