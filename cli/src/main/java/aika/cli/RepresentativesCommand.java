package aika.cli;

import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows who approves a chain's blocks, and who may be next. */
@Command(
    name = "representatives",
    mixinStandardHelpOptions = true,
    description = {
      "Show a chain's representatives, who stands for the next term, and the last elections.",
      "チェーンの代表者、次の期に立っている人、これまでの選出を表示します。"
    },
    footer = {
      "",
      "Examples / 例:",
      "  aika representatives http://localhost:1024 Asia-Komatsu",
      "  aika representatives http://localhost:1024 Asia --json",
      "",
      "Exit codes / 終了コード:",
      "  0 shown, 1 no such chain there, or no answer, 2 wrong arguments"
    })
final class RepresentativesCommand implements Callable<Integer> {
  private static final List<Integer> STANDING = List.of(6, 34, 16);
  private static final List<Integer> ELECTION = List.of(6, 16, 26);

  @Parameters(
      index = "0",
      paramLabel = "URL",
      description = {"A gateway, as in http://localhost:1024.", "ゲートウェイのアドレス。"})
  private URI gateway = URI.create("");

  @Parameters(
      index = "1",
      paramLabel = "CHAIN",
      description = {"The chain, as in Asia-Komatsu.", "チェーン（例：Asia-Komatsu）。"})
  private String chain = "";

  @Option(
      names = "--json",
      description = {"Print the gateway's JSON as it is.", "ゲートウェイの JSON をそのまま出します。"})
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    ChainId id = id();
    RepresentativesAnswer answer = RepresentativesAnswer.ask(gateway, id, spec);
    Screen screen = new Screen(spec.commandLine().getOut());
    if (json) {
      screen.line(answer.text());
    } else {
      show(screen, answer.json());
    }
    return 0;
  }

  private ChainId id() {
    try {
      return ChainId.of(chain);
    } catch (MalformedException malformed) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(malformed.getMessage()), malformed);
    }
  }

  static void show(Screen screen, Map<String, @Nullable Object> told) {
    String left = NodeChannel.text(told, "blocks_left");
    screen.line(
        "%s  第%s期 term  %s  since %s から  %s"
            .formatted(
                NodeChannel.text(told, "chain"),
                NodeChannel.text(told, "term"),
                NodeChannel.text(told, "by"),
                NodeChannel.text(told, "since"),
                left.isEmpty()
                    ? "until " + NodeChannel.text(told, "until") + " まで"
                    : "残り " + left + " ブロック blocks left"));
    List<Map<String, @Nullable Object>> seats = NodeChannel.list(told, "seats");
    screen.line();
    screen.line(
        "seats 席  承認に %1$s / %2$d  %1$s of %2$d approve"
            .formatted(NodeChannel.text(told, "quorum"), seats.size()));
    for (Map<String, @Nullable Object> seat : seats) {
      screen.line("  " + NodeChannel.text(seat, "key"));
    }
    screen.line();
    screen.line(
        "standings 立候補  上位 %1$s 人が選ばれます  the first %1$s are elected"
            .formatted(NodeChannel.text(told, "elects")));
    for (Map<String, @Nullable Object> one : NodeChannel.list(told, "standings")) {
      boolean resident = one.containsKey("account");
      screen.row(
          STANDING,
          NodeChannel.text(one, "rank"),
          NodeChannel.text(one, resident ? "account" : "municipality"),
          resident
              ? NodeChannel.text(one, "counterparties") + " 相手 people"
              : NodeChannel.text(one, "leaves") + " 記録 leaves",
          NodeChannel.text(one, "total"));
    }
    screen.line();
    screen.line("elections 選出");
    for (Map<String, @Nullable Object> one : NodeChannel.list(told, "elections")) {
      screen.row(
          ELECTION,
          NodeChannel.text(one, "term"),
          NodeChannel.text(one, "by"),
          NodeChannel.text(one, "time"),
          "記録 leaf " + NodeChannel.text(one, "leaf") + ' ' + NodeChannel.text(one, "reason"));
    }
  }
}
