package aika.cli;

import aika.core.ledger.Recovery;
import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.note.MalformedException;
import aika.core.note.VerifierKey;
import aika.node.config.FederationFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a decision for the members of a recovery quorum to sign. */
@Command(
    name = "write",
    mixinStandardHelpOptions = true,
    description = {
      "Write a decision into a new file, for the members to sign: others take the seats, or the",
      "chain closes. It decides nothing yet.",
      "決定を新しいファイルに書きます（代表者の入れ替え、またはチェーンの終わり）。署名がそろうまで効力はありません。"
    },
    footer = {
      "",
      "Examples / 例:",
      "  aika recover write --federation federation.yaml --chain Asia-Komatsu \\",
      "      --gateway http://localhost:2001 --reason 'two seats lost their keys' \\",
      "      --seat @seat-1.txt --seat @seat-2.txt --seat @seat-3.txt --seat @seat-4.txt \\",
      "      decision.note",
      "  aika recover write --federation federation.yaml --chain Asia-Komatsu --term 7 \\",
      "      --successor Asia-Kanazawa --reason 'part of Kanazawa from 1 April' decision.note",
      "",
      "A gateway is believed about the term and nothing else; aika recover sign shows it.",
      "A decision for another term than the one that sits is refused (TERM_OVER).",
      "",
      "Exit codes / 終了コード: 0 written, 1 failed, 2 wrong arguments"
    })
final class WriteDecisionCommand implements Callable<Integer> {
  @Option(
      names = "--federation",
      paramLabel = "FILE",
      required = true,
      description = {"The federation file, from a source that you trust.", "信頼できるところから得た連合のファイル。"})
  private Path federation;

  @Option(
      names = "--chain",
      paramLabel = "CHAIN",
      required = true,
      description = {"The chain that it is for, as in Asia-Komatsu.", "対象のチェーン（例：Asia-Komatsu）。"})
  private String chain;

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  /** One of both. */
  private static final class What {
    @Option(
        names = "--seat",
        paramLabel = "KEY",
        required = true,
        description = {
          "A new representative's verifier key, as aika cosign shows it; once for each, in the"
              + " order of the seats. @FILE takes it from a file.",
          "新しい代表者の公開鍵（aika cosign が表示します）。席の順に、人数だけ。@ファイル名 でファイルから読みます。"
        })
    private List<String> seats = List.of();

    @Option(
        names = "--successor",
        paramLabel = "CHAIN",
        required = true,
        description = {
          "The chain closes, for good; this one takes it over.",
          "チェーンを終わらせます（元には戻せません）。引き継ぐチェーンを指定します。"
        })
    private @Nullable String successor;
  }

  @ArgGroup(multiplicity = "1")
  private When when = new When();

  /** One of both. */
  private static final class When {
    @Option(
        names = "--term",
        paramLabel = "N",
        required = true,
        description = {
          "The term that sits; of two histories, the one that signed both.",
          "いまの期。食い違う記録のときは、両方に署名した期。"
        })
    private @Nullable String number;

    @Option(
        names = "--gateway",
        paramLabel = "URL",
        required = true,
        description = {"Ask here which term sits.", "いまの期をここにたずねます。"})
    private @Nullable URI gateway;
  }

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = {
        "Why, for all who read the log; at most 200 characters.",
        "理由。記録を読むすべての人に見えます。200 文字まで。"
      })
  private String reason;

  @Parameters(
      paramLabel = "FILE",
      description = {"Where it is written; it must not be there.", "書き込む新しいファイル。"})
  private Path file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    QuorumCheck quorum = new QuorumCheck(FederationFile.read(federation).directory());
    ChainId id = read("--chain", chain, ChainId::of);
    int needed = quorum.of(id).threshold();
    Recovery recovery = recovery(quorum.federation(), id);
    quorum.check(recovery);
    DecisionFile.create(file, recovery);
    Screen screen = new Screen(spec.commandLine().getOut());
    new DecisionText(recovery).print(screen);
    screen.line();
    screen.line(
        needed + " members sign it, one after the other: aika recover sign " + file + " --key …");
    screen.line(needed + " 人が順に署名します：aika recover sign " + file + " --key …");
    return 0;
  }

  private Recovery recovery(String id, ChainId on) throws InterruptedException {
    long term = term(on);
    String successor = what.successor;
    try {
      Recovery made =
          successor == null
              ? new Recovery.Seat(id, on, term, seats(), reason)
              : new Recovery.Close(
                  id, on, term, read("--successor", successor, ChainId::of), reason);
      if (!Recovery.parse(made.text()).equals(made)) {
        throw wrong("--reason: one line of text / 理由は一行で書いてください");
      }
      return made;
    } catch (MalformedException | IllegalArgumentException unusable) {
      throw wrong(String.valueOf(unusable.getMessage()));
    }
  }

  private List<VerifierKey> seats() {
    return what.seats.stream().map(this::seat).toList();
  }

  private VerifierKey seat(String key) {
    if (key.startsWith("@")) { // else the file would be in its place
      throw wrong("--seat: there is no file " + key.substring(1) + " / ファイルがありません");
    }
    return read("--seat", key, VerifierKey::parse);
  }

  private long term(ChainId on) throws InterruptedException {
    URI gateway = when.gateway;
    if (gateway == null) {
      long given = read("--term", String.valueOf(when.number), Decimal::parse);
      if (given == 0 || given == Long.MAX_VALUE) {
        throw wrong("--term: the first term is 1, and there is one after it / 期は 1 から数えます");
      }
      return given;
    }
    return NodeChannel.number(RepresentativesAnswer.ask(gateway, on, spec).json(), "term");
  }

  private <T> T read(String option, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (MalformedException malformed) {
      throw wrong(option + ": " + malformed.getMessage());
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
