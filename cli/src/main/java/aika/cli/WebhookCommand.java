package aika.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Webhooks and what they could not deliver. */
@Command(
    name = "webhook",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Look after a running node's webhooks and what they could not deliver.",
      "動いているノードの Webhook と、届けられなかったものを扱います。"
    })
final class WebhookCommand extends Subcommands {
  private static final List<Integer> HOOKS = List.of(20, 10, 6, 6);
  private static final List<Integer> LETTERS = List.of(24, 12, 24, 8);

  private Screen screen() {
    return new Screen(spec.commandLine().getOut());
  }

  private static String[] path(String hook, String... more) {
    String[] path = new String[more.length + 2];
    path[0] = "webhooks";
    path[1] = "hook " + hook;
    System.arraycopy(more, 0, path, 2, more.length);
    return path;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {"List the webhooks.", "Webhook の一覧を表示します。"},
      footer = {
        "",
        "Example / 例:",
        "  aika webhook list --data ~/aika",
        "",
        "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments"
      })
  int list(@Mixin DataOption data) {
    Screen screen = screen();
    try (NodeChannel node = data.open()) {
      screen.row(HOOKS, "webhook", "", "dead", "lost");
      for (Map<String, @Nullable Object> hook :
          NodeChannel.list(node.get("/webhooks"), "webhooks")) {
        screen.row(
            HOOKS,
            NodeChannel.text(hook, "name"),
            NodeChannel.text(hook, "disabled").equals("true") ? "disabled" : "on",
            NodeChannel.text(hook, "dead"),
            NodeChannel.text(hook, "lost"));
      }
    }
    return 0;
  }

  @Command(
      name = "dead",
      mixinStandardHelpOptions = true,
      description = {"List what a webhook could not deliver.", "届けられなかったものの一覧を表示します。"},
      footer = {
        "",
        "Example / 例:",
        "  aika webhook dead shop --data ~/aika",
        "",
        "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments"
      })
  int dead(
      @Parameters(
              paramLabel = "HOOK",
              description = {"Its name in sinks.yaml.", "sinks.yaml での名前。"})
          String hook,
      @Mixin DataOption data) {
    Screen screen = screen();
    try (NodeChannel node = data.open()) {
      List<Map<String, @Nullable Object>> letters =
          NodeChannel.list(node.get(NodeChannel.path(path(hook, "dead"))), "dead");
      screen.row(LETTERS, "id", "kind", "since", "attempts", "failure");
      for (Map<String, @Nullable Object> letter : letters) {
        screen.row(
            LETTERS,
            NodeChannel.text(letter, "id"),
            NodeChannel.text(letter, "kind"),
            NodeChannel.text(letter, "since"),
            NodeChannel.text(letter, "attempts"),
            NodeChannel.text(letter, "failure"));
      }
    }
    return 0;
  }

  @Command(
      name = "retry",
      mixinStandardHelpOptions = true,
      description = {
        "Post a dead letter again; with --all every one of them.",
        "届けられなかったものをもう一度送ります。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika webhook retry shop Asia-Komatsu:12 --data ~/aika",
        "  aika webhook retry shop --all --data ~/aika",
        "",
        "Exit codes / 終了コード: 0 delivered, 1 not delivered or failed, 2 wrong arguments"
      })
  int retry(
      @Parameters(
              index = "0",
              paramLabel = "HOOK",
              description = {"Its name in sinks.yaml.", "sinks.yaml での名前。"})
          String hook,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "ID",
              description = {"As aika webhook dead lists it.", "aika webhook dead の番号。"})
          @Nullable String id,
      @Option(
              names = "--all",
              description = {"All of them.", "すべて。"})
          boolean all,
      @Mixin DataOption data) {
    Screen screen = screen();
    boolean delivered = true;
    try (NodeChannel node = data.open()) {
      for (String one : ids(node, hook, id, all)) {
        Map<String, @Nullable Object> answer =
            node.post(NodeChannel.path(path(hook, "dead", one, "retry")), "");
        boolean done = Boolean.TRUE.equals(answer.get("delivered"));
        delivered &= done;
        screen.line(
            one
                + (done
                    ? ": delivered / 届きました"
                    : ": " + NodeChannel.text(answer, "failure") + " / 届きませんでした"));
      }
    }
    return delivered ? 0 : 1;
  }

  @Command(
      name = "drop",
      mixinStandardHelpOptions = true,
      description = {"Forget a dead letter; with --all every one of them.", "届けられなかったものを消します。"},
      footer = {
        "",
        "Examples / 例:",
        "  aika webhook drop shop Asia-Komatsu:12 --data ~/aika",
        "  aika webhook drop shop --all --data ~/aika",
        "",
        "Exit codes / 終了コード: 0 dropped, 1 failed, 2 wrong arguments, 3 not known"
      })
  int drop(
      @Parameters(
              index = "0",
              paramLabel = "HOOK",
              description = {"Its name in sinks.yaml.", "sinks.yaml での名前。"})
          String hook,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "ID",
              description = {"As aika webhook dead lists it.", "aika webhook dead の番号。"})
          @Nullable String id,
      @Option(
              names = "--all",
              description = {"All of them.", "すべて。"})
          boolean all,
      @Mixin DataOption data) {
    Screen screen = screen();
    try (NodeChannel node = data.open()) {
      for (String one : ids(node, hook, id, all)) {
        var _ = node.delete(NodeChannel.path(path(hook, "dead", one)));
        screen.line(one + ": dropped / 消しました");
      }
    }
    return 0;
  }

  @Command(
      name = "enable",
      mixinStandardHelpOptions = true,
      description = {
        "Post again to a receiver that had answered 410 (gone).",
        "410 と答えた受け取り先に、また送ります。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika webhook enable shop --data ~/aika",
        "",
        "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments, 3 not known"
      })
  int enable(
      @Parameters(
              paramLabel = "HOOK",
              description = {"Its name in sinks.yaml.", "sinks.yaml での名前。"})
          String hook,
      @Mixin DataOption data) {
    try (NodeChannel node = data.open()) {
      var _ = node.post(NodeChannel.path(path(hook, "enable")), "");
      screen().line(hook + ": on / 送ります");
    }
    return 0;
  }

  private List<String> ids(NodeChannel node, String hook, @Nullable String id, boolean all) {
    if (all == (id != null)) {
      throw new ParameterException(
          spec.commandLine(), "Say either an ID or --all. / ID か --all のどちらかを指定してください。");
    }
    return id != null
        ? List.of(id)
        : NodeChannel.list(node.get(NodeChannel.path(path(hook, "dead"))), "dead").stream()
            .map(letter -> NodeChannel.text(letter, "id"))
            .toList();
  }
}
