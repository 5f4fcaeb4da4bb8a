package aika.cli;

import aika.client.AikaClient;
import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.note.SignedNote;
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

/** A frozen account goes on: its holder asks, a registrar signs too. */
@Command(
    name = "unfreeze",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {"Let a frozen account go on.", "止めた口座を、また使えるようにします。"},
    footer = {
      "",
      "1. The holder asks, with the account's key:  aika unfreeze ask",
      "   When the counter keeps the key, it asks:  aika unfreeze ask --data DIR",
      "2. A registrar, who knows them, signs too:   aika unfreeze confirm",
      "1 本人が口座の鍵で（鍵を窓口に預けた人は窓口で）申し込み、2 窓口の登録者が署名します。"
    },
    subcommands = {UnfreezeCommand.Ask.class, UnfreezeCommand.Confirm.class})
final class UnfreezeCommand extends Subcommands {
  @Command(
      name = "ask",
      mixinStandardHelpOptions = true,
      description = {
        "Write the order with the account's signature into a file, for the registrar.",
        "口座の鍵で署名した申し込みをファイルに書きます。窓口に渡してください。"
      },
      footer = {
        "",
        "At a counter that keeps the key, only its holder may have this done.",
        "鍵を預かる窓口では、本人の申し出があるときだけ使ってください。",
        "",
        "Example / 例:",
        "  aika unfreeze ask --as Asia-Komatsu/k3v9q2mw --key me.key --federation aika.example",
        "      unfreeze.note",
        "  aika unfreeze ask --as Asia-Komatsu/k3v9q2mw --data ~/aika/nodes/Asia-Komatsu",
        "      unfreeze.note",
        "",
        "Exit codes / 終了コード: 0 written, 1 failed, 2 wrong arguments"
      })
  static final class Ask implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
        names = "--as",
        paramLabel = "ACCOUNT",
        required = true,
        description = {"The frozen account.", "止めた口座。"})
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
            "As the counter that keeps the key: the running node's data directory.",
            "鍵を預かる窓口として：動いているノードのデータのフォルダー。"
          })
      private @Nullable Path data;
    }

    @Parameters(
        paramLabel = "FILE",
        description = {"Where the order is written.", "申し込みを書くファイル。"})
    private Path note;

    @Override
    public Integer call() {
      AccountId account = PaymentOptions.account(who);
      CounterNote.write(
          note,
          by.data == null
              ? Objects.requireNonNull(by.own).wallet(account).unfreezing()
              : byCounter(account, by.data));
      new Outcome(spec)
          .bring(note, "a registrar of " + account.chain(), " " + account.chain() + " の窓口");
      return 0;
    }

    private static SignedNote byCounter(AccountId account, Path data) {
      try (NodeChannel node = NodeChannel.of(data.toAbsolutePath().normalize())) {
        return SignedNote.parse(
            NodeChannel.text(node.post("/unfreezing", account.toString()), "note"));
      }
    }
  }

  @Command(
      name = "confirm",
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
        "  aika unfreeze confirm unfreeze.note --data ~/aika --gateway http://localhost:2001",
        "",
        PaymentCommands.EXIT_CODES,
        PaymentCommands.EXIT_DONE,
        PaymentCommands.EXIT_UNKNOWN
      })
  static final class Confirm implements Callable<Integer> {
    @Mixin private OfficialOptions official;
    @Mixin private GatewayOption gateway;
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "FILE",
        description = {"What the holder has written.", "申し込みのファイル。"})
    private Path note;

    @Override
    public Integer call() {
      CounterNote<Order.Freeze> asked =
          CounterNote.read(note, Order.Freeze.class, "aika unfreeze ask");
      if (asked.order().frozen()) {
        throw CommandException.of(
            note + " asks to freeze the account, not to let it go on.",
            note + " は口座を止める申し込みです。",
            null);
      }
      SignedOrder signed =
          asked.completedBy(official.open().registrar(asked.order().account().chain()));
      try (AikaClient client = gateway.client()) {
        return new Outcome(spec).submitted(client, signed);
      }
    }
  }
}
