package aika.cli;

import aika.bench.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The stores that follow a running node's chains. */
@Command(
    name = "sink",
    mixinStandardHelpOptions = true,
    description = {
      "See how a running node's stores are, compare them with the chains, write them again.",
      "動いているノードの保存先の状態を見て、チェーンと比べ、書き直します。"
    },
    footer = {
      "",
      "status   how far each store is / どこまで書いたか",
      "verify   compare everything in it with the chains / すべてチェーンと比べる",
      "rebuild  drop it and write it again from the chains / 消してチェーンから書き直す",
      "",
      "Examples / 例:",
      "  aika sink mongo status --data ~/aika",
      "  aika sink mongo verify --data ~/aika --name Asia",
      "  aika sink immudb verify --data ~/aika",
      "  aika sink analytics rebuild --data ~/aika --yes",
      "",
      "Exit codes / 終了コード:",
      "  0 done and nothing differs, 1 failed, down or different, 2 wrong arguments"
    })
final class SinkCommand implements Callable<Integer> {
  private static final long POLL_MILLIS = 200;
  private static final int EXAMPLE_COLUMNS = 2;
  private static final List<Integer> COLUMNS = List.of(16, 10, 8);

  /** What kind of store. */
  enum Kind {
    mongo,
    immudb,
    analytics
  }

  /** What to do with it. */
  enum Action {
    status,
    verify,
    rebuild
  }

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = {"One of ${COMPLETION-CANDIDATES}.", "保存先の種類。"})
  private Kind kind;

  @Parameters(
      index = "1",
      paramLabel = "ACTION",
      description = {"One of ${COMPLETION-CANDIDATES}.", "すること。"})
  private Action action;

  @Mixin private DataOption data;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = {
        "Only the one of this name in sinks.yaml, like Asia or default.",
        "sinks.yaml のこの名前のものだけ（Asia、default など）。"
      })
  private @Nullable String name;

  @Option(
      names = "--yes",
      description = {"Do not ask before a rebuild.", "書き直す前に確認しません。"})
  private boolean yes;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Screen screen = new Screen(spec.commandLine().getOut());
    try (NodeChannel node = data.open()) {
      List<String> sinks = named(node);
      return switch (action) {
        case status -> status(node, sinks, screen);
        case verify -> verify(node, sinks, screen);
        case rebuild -> rebuild(node, sinks, screen);
      };
    }
  }

  /** The stores that are meant, of which there is at least one. */
  private List<String> named(NodeChannel node) {
    List<String> all = new ArrayList<>();
    for (Map<String, @Nullable Object> sink : NodeChannel.list(node.get("/sinks"), "sinks")) {
      String found = NodeChannel.text(sink, "name");
      if (name == null ? isOfKind(found) : found.equals(wanted(name))) {
        all.add(found);
      }
    }
    if (all.isEmpty()) {
      String what = name == null ? kind.name() : wanted(name);
      throw CommandException.of(
          "The node has no sink " + what + " in its sinks.yaml.",
          "このノードの sinks.yaml に " + what + " がありません。",
          null);
    }
    return all;
  }

  private boolean isOfKind(String sink) {
    return sink.equals(kind.name()) || sink.startsWith(kind + " ");
  }

  private String wanted(String given) {
    return given.equals("default") ? kind.name() : kind + " " + given;
  }

  private static int status(NodeChannel node, List<String> sinks, Screen screen) {
    boolean well = true;
    screen.row(COLUMNS, "sink", "status 状態", "lag 遅れ", "");
    for (Map<String, @Nullable Object> one : NodeChannel.list(node.get("/sinks"), "sinks")) {
      if (sinks.contains(NodeChannel.text(one, "name"))) {
        well &= NodeChannel.text(one, "status").equals("following");
        status(one, screen);
      }
    }
    return well ? 0 : 1;
  }

  private static void status(Map<String, @Nullable Object> sink, Screen screen) {
    String failure = NodeChannel.text(sink, "failure");
    screen.row(
        COLUMNS,
        NodeChannel.text(sink, "name"),
        NodeChannel.text(sink, "status"),
        NodeChannel.text(sink, "lag"),
        failure.isEmpty() ? "" : NodeChannel.text(sink, "kind") + ": " + failure);
    NodeChannel.members(sink.get("chains"))
        .forEach((chain, at) -> {
          Map<String, @Nullable Object> position = NodeChannel.members(at);
          long goal = NodeChannel.number(position, "goal_leaves");
          if (goal > 0) {
            screen.line(
                String.format(
                    Locale.ROOT,
                    "  %-22s %,d of %,d leaves, %,d approved",
                    chain,
                    NodeChannel.number(position, "leaves"),
                    goal,
                    NodeChannel.number(position, "approved")));
          }
        });
  }

  private int verify(NodeChannel node, List<String> sinks, Screen screen) {
    boolean clean = true;
    for (String sink : sinks) {
      Map<String, @Nullable Object> end;
      try (Progress progress = Terminal.progress()) {
        Bar bar = new Bar(progress, sink);
        end = node.lines(NodeChannel.path("sinks", sink, "verify"), "", bar::line);
      }
      long faults = NodeChannel.number(end, "faults");
      long compared = NodeChannel.number(end, "compared");
      clean &= faults == 0;
      screen.line(
          faults == 0
              ? String.format(
                  Locale.ROOT, "%s: %,d compared, all as the chains say / 一致しています", sink, compared)
              : String.format(
                  Locale.ROOT,
                  "%s: %,d compared, %,d differ / %,d 件が違います",
                  sink,
                  compared,
                  faults,
                  faults));
      if (end.get("examples") instanceof List<?> examples) {
        examples.forEach(one -> screen.line(" ".repeat(EXAMPLE_COLUMNS) + one));
      }
    }
    return clean ? 0 : 1;
  }

  private int rebuild(NodeChannel node, List<String> sinks, Screen screen)
      throws InterruptedException {
    String all = String.join(", ", sinks);
    if (!yes && !confirmed(all)) {
      screen.line("nothing was dropped / 何も消していません");
      return 1;
    }
    for (String sink : sinks) {
      Map<String, @Nullable Object> begun =
          node.post(NodeChannel.path("sinks", sink, "rebuild"), "");
      if (begun.get("set_aside") instanceof List<?> files) {
        files.forEach(
            file -> screen.line(sink + ": damaged and set aside as / 壊れていたため名前を変えて残しました: " + file));
      }
      try (Progress progress = Terminal.progress()) {
        follow(node, sink, progress);
      }
      screen.line(sink + ": written again / 書き直しました");
    }
    return 0;
  }

  private boolean confirmed(String all) {
    if (!Terminal.isThere()) {
      throw CommandException.of(
          "This drops everything in " + all + ". Say --yes if that is meant.",
          all + " の内容をすべて消します。よければ --yes を付けてください。",
          null);
    }
    return Terminal.saysYes(
        spec.commandLine().getErr(), "Drop everything in " + all + "? / すべて消しますか");
  }

  /** Until everything that was there at its start is written again. */
  private static void follow(NodeChannel node, String sink, Progress progress)
      throws InterruptedException {
    long total = -1;
    for (Position at = position(node, sink); total < 0 || at.done < total; ) {
      if (total < 0) {
        total = at.goal;
        progress.phase(sink, total);
      }
      progress.at(at.done);
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      at = position(node, sink);
    }
    progress.at(total);
  }

  private record Position(long done, long goal) {}

  private static Position position(NodeChannel node, String sink) {
    for (Map<String, @Nullable Object> one : NodeChannel.list(node.get("/sinks"), "sinks")) {
      if (NodeChannel.text(one, "name").equals(sink)) {
        String failure = NodeChannel.text(one, "failure");
        if (!failure.isEmpty()) {
          throw CommandException.of(
              sink + " waits: " + failure + ". The node goes on by itself when that is mended.",
              sink + " は待っています。直れば、ノードが続きを書きます。",
              null);
        }
        long done = 0;
        long goal = 0;
        for (Object chain : NodeChannel.members(one.get("chains")).values()) {
          Map<String, @Nullable Object> at = NodeChannel.members(chain);
          done += NodeChannel.number(at, "leaves") + NodeChannel.number(at, "approved");
          goal += NodeChannel.number(at, "goal_leaves") + NodeChannel.number(at, "goal_approved");
        }
        return new Position(done, goal);
      }
    }
    throw CommandException.of(sink + " is not there any more.", sink + " がありません。", null);
  }

  /** Shows a long answer's progress lines. */
  private static final class Bar {
    private final Progress progress;
    private final String sink;
    private boolean begun;

    Bar(Progress progress, String sink) {
      this.progress = progress;
      this.sink = sink;
    }

    void line(Map<String, @Nullable Object> line) {
      if (line.containsKey("done")) {
        if (!begun) {
          begun = true;
          progress.phase(sink, NodeChannel.number(line, "total"));
        }
        progress.at(NodeChannel.number(line, "done"));
      }
    }
  }
}
