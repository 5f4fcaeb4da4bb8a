package aika.node.gateway;

import aika.core.money.Timestamp;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A statement in CSV (RFC 4180, UTF-8, lines end in CR LF). A spreadsheet must not take a name for
 * a formula, so one that could be begins with an apostrophe.
 */
final class StatementCsv {
  static final String CONTENT_TYPE = "text/csv; charset=utf-8; header=present";

  /** Tells spreadsheets that it is UTF-8. */
  private static final String MARK = "\uFEFF";

  private static final String LINE_END = "\r\n";
  private static final String FORMULA_STARTS = "=+-@\t\r";
  private static final List<String> COLUMNS =
      List.of("time", "leaf", "what", "transfer", "account", "name", "amount", "balance");

  private StatementCsv() {}

  /**
   * @param mark whether it begins with a byte order mark
   */
  static byte[] of(List<StatementLine> lines, boolean mark) {
    String text =
        Stream.concat(Stream.of(String.join(",", COLUMNS)), lines.stream().map(StatementCsv::line))
            .map(line -> line + LINE_END)
            .collect(Collectors.joining());
    return ((mark ? MARK : "") + text).getBytes(StandardCharsets.UTF_8);
  }

  private static String line(StatementLine line) {
    Party other = line.other();
    return String.join(
        ",",
        Timestamp.millis(line.time()),
        String.valueOf(line.leaf()),
        cell(line.what()),
        Objects.toString(line.transfer(), ""),
        other == null ? "" : other.account().toString(),
        cell(other == null ? null : other.name()),
        line.amount().toString(),
        line.balance().toString());
  }

  /** A text that somebody chose. */
  static String cell(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    String safe = FORMULA_STARTS.indexOf(text.charAt(0)) < 0 ? text : '\'' + text;
    boolean quoted = safe.chars().anyMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n');
    return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
