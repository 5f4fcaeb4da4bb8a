package aika.node.operate;

import aika.core.ledger.Reason;
import aika.node.gateway.RefusedException;
import aika.node.sink.Sinks;
import aika.sinks.SinkException;
import aika.sinks.analytics.AnalyticsExport;
import aika.sinks.analytics.AnalyticsReader;
import aika.sinks.analytics.AnalyticsSink;
import aika.sinks.analytics.Answer;
import aika.sinks.analytics.Question;
import aika.sinks.analytics.Questions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Questions to the analytics tables, and their export as files [OPR-6]. */
final class AnalyticsRoutes {
  private static final Duration QUESTION_MAX = Duration.ofMinutes(1);

  private final Sinks sinks;

  AnalyticsRoutes(Sinks sinks) {
    this.sinks = sinks;
  }

  void add(OperatorRules rules) {
    rules
        .post("/analytics/sql", this::sql)
        .post("/analytics/questions/{id}", this::ask)
        .post("/analytics/export/{format}", this::export);
  }

  private AnalyticsReader reader() {
    return sinks
        .analytics()
        .map(AnalyticsSink::reader)
        .orElseThrow(() ->
            RefusedException.of(Reason.NOT_FOUND, "this node has no analytics in its sinks.yaml"));
  }

  private void sql(Call call) {
    AnalyticsReader reader = reader();
    String sql = call.body();
    int rows = call.number("rows", AnalyticsReader.ROWS_MAX);
    send(call, asked(() -> reader.query(sql, rows, QUESTION_MAX)));
  }

  /** Its parameters are those of the query. */
  private void ask(Call call) {
    AnalyticsReader reader = reader();
    Question question =
        Questions.of(call.path("id"))
            .orElseThrow(
                () -> RefusedException.of(Reason.NOT_FOUND, "no question " + call.path("id")));
    Map<String, String> arguments = new LinkedHashMap<>(call.query());
    arguments.remove("rows");
    int rows = call.number("rows", AnalyticsReader.ROWS_MAX);
    send(call, asked(() -> reader.ask(question, arguments, rows, QUESTION_MAX)));
  }

  /** What is wrong with a question is not the store's fault. */
  private static Answer asked(Supplier<Answer> question) {
    try {
      return question.get();
    } catch (SinkException failed) {
      throw switch (failed.kind()) {
        case REFUSED, FAILED ->
            RefusedException.of(Reason.MALFORMED, String.valueOf(failed.getMessage()));
        case UNREACHABLE, TAMPERED -> failed;
      };
    }
  }

  private static void send(Call call, Answer answer) {
    List<Map<String, Object>> columns = new ArrayList<>();
    for (Answer.Column column : answer.columns()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", column.name());
      one.put("kind", column.kind().name());
      columns.add(one);
    }
    call.stream(out -> {
      Map<String, Object> head = new LinkedHashMap<>();
      head.put("columns", columns);
      head.put("more", answer.more());
      out.put(head);
      for (List<@Nullable Object> row : answer.rows()) {
        out.put(Map.of("row", row));
      }
    });
  }

  /** The body is the folder, absolute: this process has a directory of its own. */
  private void export(Call call) {
    AnalyticsExport export = new AnalyticsExport(reader());
    Path folder = Call.directory(call.body().strip());
    String format = call.path("format");
    if (!format.equals("parquet") && !format.equals("ndjson")) {
      throw RefusedException.of(Reason.NOT_FOUND, "no format " + format);
    }
    call.stream(out -> {
      Telling telling = new Telling(out);
      AnalyticsExport.Watcher watcher =
          (table, done, total) -> telling.tell(done, total, "table", table);
      List<Path> files =
          format.equals("parquet")
              ? export.parquet(folder, watcher)
              : export.ndjson(folder, watcher);
      out.put(Map.of("files", files.stream().map(Path::toString).toList()));
    });
  }
}
