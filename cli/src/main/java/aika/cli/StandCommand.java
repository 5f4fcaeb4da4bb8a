package aika.cli;

import aika.core.money.AccountId;
import aika.node.config.HeldKey;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A resident stands for election, with the key of the cosigner on their own machine. */
@Command(
    name = "stand",
    mixinStandardHelpOptions = true,
    description = {"Stand for the representatives of the chain's next term.", "次の期の代表者に立候補します。"},
    footer = {
      "",
      "The seat's key is the one that aika cosign has made in DIR; run it there first:",
      "席の鍵は aika cosign が DIR に作ったものです。先にそちらを実行してください。",
      "  aika cosign Asia-Komatsu --seat k3v9q2mw --dir ~/seat --federation federation.yaml",
      "  aika stand --gateway URL --key me.key --federation aika.example --as Asia-Komatsu/k3v9q2mw",
      "      --dir ~/seat",
      "Standing counts for one term; stand again in the next. aika representatives shows the",
      "standings. / 立候補は一期ごとです。順位は aika representatives で見られます。",
      "",
      PaymentCommands.EXIT_CODES,
      PaymentCommands.EXIT_DONE,
      PaymentCommands.EXIT_UNKNOWN
    })
final class StandCommand implements Callable<Integer> {
  @Mixin private KeyOptions options;
  @Spec private CommandSpec spec;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = {"The cosigner's directory, with the seat's key.", "署名者のフォルダー（席の鍵がある）。"})
  private Path dir;

  @Override
  public Integer call() {
    HeldKey seat = seat(options.account());
    return options.signing(spec).order(wallet -> wallet.stand(seat.signer()));
  }

  private HeldKey seat(AccountId account) {
    NodeHome home = NodeHome.open(dir);
    String place = account.toString();
    if (!home.keys().has(place)) {
      throw CommandException.of(
          dir + " has no key of the seat " + place + ". Make it with aika cosign, see --help.",
          dir + " に席 " + place + " の鍵がありません。aika cosign で作れます（--help）。",
          null);
    }
    return home.keys().seat(place, home.federation().id() + '/' + place);
  }
}
