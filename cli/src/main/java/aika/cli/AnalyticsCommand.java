package aika.cli;

import aika.sinks.analytics.Question;
import aika.sinks.analytics.Questions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Questions to the analytics tables. */
@Command(
    name = "analytics",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {"Ask a running node's analytics tables.", "動いているノードの分析用の表に質問します。"})
final class AnalyticsCommand implements Runnable {
  private static final String ROWS_STANDARD = "1000";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to ask. / 何を聞くかを指定してください。");
  }

  private Screen screen() {
    return new Screen(spec.commandLine().getOut());
  }

  @Command(
      name = "sql",
      mixinStandardHelpOptions = true,
      description = {
        "Answer one SELECT; amounts are in 1/100, times in UTC.",
        "SELECT 文に答えます。金額は 1/100 単位、時刻は UTC です。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika analytics sql --data ~/aika \"SELECT state, count(*) FROM transfers GROUP BY state\"",
        "",
        "The tables are described in docs/spec/analytics.md.",
        "",
        "Exit codes / 終了コード: 0 answered, 1 refused or failed, 2 wrong arguments"
      })
  int sql(
      @Parameters(
              paramLabel = "SQL",
              description = {"One SELECT.", "SELECT 文。"})
          String sql,
      @Mixin DataOption data,
      @Option(
              names = "--rows",
              paramLabel = "N",
              defaultValue = ROWS_STANDARD,
              description = {"At most so many rows; default: ${DEFAULT-VALUE}.", "行数の上限。"})
          int rows) {
    return answer(data, "/analytics/sql?rows=" + rows, sql, Map.of());
  }

  @Command(
      name = "questions",
      mixinStandardHelpOptions = true,
      description = {"List the documented questions.", "用意された質問の一覧を表示します。"},
      footer = {
        "",
        "Example / 例:",
        "  aika analytics questions",
        "",
        "Exit codes / 終了コード: 0 done, 2 wrong arguments"
      })
  int questions() {
    Screen screen = screen();
    for (Question question : Questions.all()) {
      screen.line(question.id());
      screen.line("  " + question.ja());
      screen.line("  " + question.en());
      for (Question.Parameter parameter : question.parameters()) {
        String given = parameter.otherwise() == Question.Otherwise.REQUIRED ? " (required)" : "";
        screen.line(
            "    %s=…  %s / %s%s"
                .formatted(parameter.name(), parameter.ja(), parameter.en(), given));
      }
    }
    return 0;
  }

  @Command(
      name = "ask",
      mixinStandardHelpOptions = true,
      description = {"Answer a documented question.", "用意された質問に答えます。"},
      footer = {
        "",
        "Examples / 例:",
        "  aika analytics ask sent-between origin=Asia-Komatsu destination=Asia-Kanazawa \\",
        "      --data ~/aika",
        "  aika analytics ask daily-flows --data ~/aika",
        "",
        "Exit codes / 終了コード: 0 answered, 1 refused or failed, 2 wrong arguments"
      })
  int ask(
      @Parameters(
              index = "0",
              paramLabel = "QUESTION",
              description = {"See aika analytics questions.", "質問の名前。"})
          String id,
      @Parameters(
              index = "1..*",
              paramLabel = "NAME=VALUE",
              description = {"What the question wants to know.", "質問の条件。"})
          @Nullable Map<String, String> arguments,
      @Mixin DataOption data,
      @Option(
              names = "--rows",
              paramLabel = "N",
              defaultValue = ROWS_STANDARD,
              description = {"At most so many rows; default: ${DEFAULT-VALUE}.", "行数の上限。"})
          int rows) {
    Question question =
        Questions.of(id)
            .orElseThrow(() ->
                CommandException.of(
                    "There is no question " + id + ". See aika analytics questions.",
                    "質問 " + id + " はありません。aika analytics questions で一覧を見られます。",
                    null));
    StringBuilder path = new StringBuilder(NodeChannel.path("analytics", "questions", id));
    path.append("?rows=").append(rows);
    (arguments == null ? Map.<String, String>of() : arguments)
        .forEach((name, value) ->
            path.append('&')
                .append(NodeChannel.encoded(name))
                .append('=')
                .append(NodeChannel.encoded(value)));
    Map<String, String> titles = new LinkedHashMap<>();
    question.columns().forEach(one -> titles.put(one.name(), one.ja() + " " + one.en()));
    return answer(data, path.toString(), "", titles);
  }

  private int answer(DataOption data, String path, String body, Map<String, String> titles) {
    Table table = new Table(titles);
    try (NodeChannel node = data.open()) {
      var _ = node.lines(path, body, table::line);
    }
    print(table.rows);
    if (table.more) {
      screen().line("… there are more; see --rows / 続きがあります（--rows）");
    }
    return 0;
  }

  /** The answer as it comes; its first row are the columns' titles. */
  private static final class Table {
    private final Map<String, String> titles;
    private final List<List<String>> rows = new ArrayList<>();
    private boolean more;

    Table(Map<String, String> titles) {
      this.titles = titles;
    }

    void line(Map<String, @Nullable Object> line) {
      List<String> cells = new ArrayList<>();
      if (line.get("row") instanceof List<?> row) {
        row.forEach(value -> cells.add(value == null ? "" : value.toString()));
      } else {
        more = Boolean.TRUE.equals(line.get("more"));
        for (Map<String, @Nullable Object> column : NodeChannel.list(line, "columns")) {
          String name = NodeChannel.text(column, "name");
          cells.add(titles.getOrDefault(name, name));
        }
      }
      rows.add(cells);
    }
  }

  private void print(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        int width = Screen.width(row.get(i));
        if (i == widths.size()) {
          widths.add(width);
        } else {
          widths.set(i, Math.max(widths.get(i), width));
        }
      }
    }
    Screen screen = screen();
    rows.forEach(row -> screen.row(widths, row.toArray(String[]::new)));
    screen.line(String.format(Locale.ROOT, "%,d rows / 行", rows.size() - 1));
  }
}
