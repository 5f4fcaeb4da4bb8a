package aika.cli;

import aika.bench.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The analytics tables as files. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write the analytics tables as files for other programs; never with names of people.",
      "分析用の表を、ほかのプログラムのためのファイルに書き出します。人の名前は含みません。"
    },
    footer = {
      "",
      "Examples / 例:",
      "  aika export --parquet out --data ~/aika",
      "  aika export --ndjson out --data ~/aika",
      "",
      "Exit codes / 終了コード: 0 written, 1 failed, 2 wrong arguments"
    })
final class ExportCommand implements Callable<Integer> {
  @ArgGroup(multiplicity = "1")
  private Format format = new Format();

  /** One of them. */
  static final class Format {
    @Option(
        names = "--parquet",
        paramLabel = "DIR",
        description = {"Apache Parquet files into DIR.", "Parquet ファイルを DIR に書きます。"})
    private @Nullable Path parquet;

    @Option(
        names = "--ndjson",
        paramLabel = "DIR",
        description = {"Files with a JSON object a line into DIR.", "1 行 1 件の JSON を DIR に書きます。"})
    private @Nullable Path ndjson;
  }

  @Mixin private DataOption data;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Path parquet = format.parquet;
    Path ndjson = format.ndjson;
    Path folder = parquet != null ? parquet : ndjson != null ? ndjson : Path.of(".");
    String path = "/analytics/export/" + (parquet != null ? "parquet" : "ndjson");
    Path absolute = folder.toAbsolutePath().normalize();
    Map<String, @Nullable Object> end;
    try (NodeChannel node = data.open();
        Progress progress = Terminal.progress()) {
      Tables tables = new Tables(progress);
      end = node.lines(path, absolute.toString(), tables::line);
    }
    NodeChannel.checkThere(absolute);
    Screen screen = new Screen(spec.commandLine().getOut());
    if (end.get("files") instanceof List<?> files) {
      files.forEach(file -> screen.line(String.valueOf(file)));
    }
    return 0;
  }

  /** A bar for each table. */
  private static final class Tables {
    private final Progress progress;
    private String table = "";

    Tables(Progress progress) {
      this.progress = progress;
    }

    void line(Map<String, @Nullable Object> line) {
      if (line.containsKey("done")) {
        if (!NodeChannel.text(line, "table").equals(table)) {
          table = NodeChannel.text(line, "table");
          progress.phase(table, NodeChannel.number(line, "total"));
        }
        progress.at(NodeChannel.number(line, "done"));
      }
    }
  }
}
