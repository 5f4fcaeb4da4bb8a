package aika.sinks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What the guide and the specification say is what the code does. */
final class GuideTest {
  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void theGuideRepeatsEveryQuestion() throws IOException {
    String guide = Files.readString(DOCS.resolve("guides/analytics.md"));
    for (Question question : Questions.all()) {
      String wanted = section(question);
      assertTrue(guide.contains(wanted), () -> "the guide should say:\n" + wanted);
    }
    assertEquals(
        Questions.all().size(), guide.lines().filter(line -> line.startsWith("### `")).count());
  }

  private static String section(Question question) {
    StringBuilder text = new StringBuilder();
    text.append("### `").append(question.id()).append("`\n\n");
    text.append(question.en()).append('\n').append(question.ja()).append("\n\n");
    for (Question.Parameter one : question.parameters()) {
      text.append("* `:").append(one.name()).append("` ").append(one.en());
      text.append(" [").append(otherwise(one.otherwise())).append("]\n");
    }
    text.append("\n```sql\n").append(question.sql()).append("```\n\nColumns: ");
    String comma = "";
    for (Question.Column one : question.columns()) {
      text.append(comma).append('`').append(one.name()).append("` ").append(one.en());
      comma = "; ";
    }
    return text.append(".\n").toString();
  }

  private static String otherwise(Question.Otherwise otherwise) {
    return switch (otherwise) {
      case REQUIRED -> "must be given";
      case ALL -> "all";
      case LAST_MONTH_BEGIN -> "the first of last month";
      case LAST_MONTH_END -> "the last of last month";
      case YEAR_AGO -> "the first of the month eleven months ago";
      case TODAY -> "today";
      case NOW -> "now";
      case MONTH -> "month";
      case TEN -> "10";
    };
  }

  @Test
  void theSpecificationNamesEveryTableAndView() throws IOException {
    String spec = Files.readString(DOCS.resolve("spec/analytics.md"));
    Schema.TABLES.stream()
        .filter(table -> !table.equals("transfers"))
        .forEach(table -> assertTrue(spec.contains("| `" + table + "` |"), table));
    Schema.VIEWS.forEach(view -> assertTrue(spec.contains("| `" + view + "` |"), view));
    AnalyticsExport.TABLES.forEach(table -> assertTrue(spec.contains("`" + table + "`"), table));
    assertTrue(
        spec.contains(String.format(Locale.ROOT, "%,d leaves", AnalyticsSink.STEP_LEAVES_MAX)));
    assertTrue(spec.contains(String.format(Locale.ROOT, "%,d rows", AnalyticsReader.ROWS_MAX)));
  }

  /** Prints the guide's section on questions. */
  public static void main(String[] arguments) {
    for (Question question : Questions.all()) {
      System.out.println(section(question));
    }
  }
}
