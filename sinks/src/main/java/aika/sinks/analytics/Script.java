package aika.sinks.analytics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;

/** A file of SQL statements beside this class; each ends with a semicolon at the end of a line. */
final class Script {
  private static final Pattern END = Pattern.compile(";\\s*(\\n|$)");

  private final List<String> statements;

  private Script(List<String> statements) {
    this.statements = statements;
  }

  static Script of(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("missing " + file);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Script(END.splitAsStream(text).filter(one -> !one.isBlank()).toList());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  void run(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }
}
