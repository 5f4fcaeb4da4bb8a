package aika.cli;

import aika.core.ledger.Directory;
import aika.core.ledger.Recovery;
import aika.node.config.FederationFile;
import aika.node.config.HeldKey;
import aika.node.config.OfflineKey;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A member of a recovery quorum reads what is decided, and signs it. Needs no network. */
@Command(
    name = "sign",
    mixinStandardHelpOptions = true,
    description = {
      "Show what a decision does, and add a member's signature to it. Needs no network.",
      "決定の内容を表示し、署名を加えます。ネットワークは要りません。"
    },
    footer = {
      "",
      "Compare the SHA-256 with the other members by voice before you sign. Then give the file",
      "to the next one, who signs the same file.",
      "署名の前に、SHA-256 をほかの人と声で確かめてください。そのファイルを次の人に渡します。",
      "",
      "Example / 例:",
      "  aika recover sign decision.note --key recovery-1.key --federation federation.yaml",
      "",
      "When it is refused, the file stays as it is. / 断られたとき、ファイルは変わりません。",
      "Exit codes / 終了コード: 0 signed, 1 refused, 2 wrong arguments"
    })
final class SignDecisionCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NOTE",
      description = {
        "What aika recover write has written, with the signatures of those before you.",
        "aika recover write のファイル（前の人たちの署名つき）。"
      })
  private Path file;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      required = true,
      description = {"Your key, which aika recover key has made.", "aika recover key で作った自分の鍵。"})
  private Path key;

  @Option(
      names = "--federation",
      paramLabel = "FILE",
      required = true,
      description = {"The federation file, from a source that you trust.", "信頼できるところから得た連合のファイル。"})
  private Path federation;

  @Mixin private Consent consent;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    DecisionFile decision = DecisionFile.read(file);
    QuorumCheck check = new QuorumCheck(FederationFile.read(federation).directory());
    check.check(decision.recovery());
    check.checkSignatures(decision);
    HeldKey held = OfflineKey.read(key);
    check.checkMaySign(decision, held);
    Screen screen = new Screen(spec.commandLine().getOut());
    new DecisionText(decision.recovery()).print(screen);
    consent.ask(spec, "Nothing was signed.", "署名していません。");
    tell(screen, decision.signBy(held), check.of(decision.recovery().chain()));
    return 0;
  }

  private void tell(Screen screen, DecisionFile signed, Directory.Quorum quorum) {
    screen.line();
    screen.line(
        "%d of %d signatures / 署名 %d（必要 %d）"
            .formatted(
                signed.signatures(), quorum.threshold(), signed.signatures(), quorum.threshold()));
    if (signed.signatures() < quorum.threshold()) {
      screen.line("Give " + file + " to the next member. / 次の人に渡してください。");
    } else {
      String kind = signed.recovery() instanceof Recovery.Seat ? "seat" : "close";
      screen.line(
          "At the chain's node / そのチェーンのノードで:  aika recover " + kind + ' ' + file + " --data DIR");
    }
  }
}
