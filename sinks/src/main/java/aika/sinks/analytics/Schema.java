package aika.sinks.analytics;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the tables, and makes them anew when they are of another kind. */
final class Schema {
  private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

  /** Raised whenever what the tables hold changes; then they are dropped and filled again. */
  private static final String VERSION = "1";

  static final List<String> VIEWS = List.of("states", "daily_flows", "monthly_velocity", "pending");
  static final List<String> TABLES =
      List.of(
          "about",
          "progress",
          "transfers",
          "accounts",
          "issues",
          "blocks",
          "anchors",
          "active_accounts");

  private final Engine engine;
  private final Connection writer;
  private final ZoneId zone;

  Schema(Engine engine, Connection writer, ZoneId zone) {
    this.engine = engine;
    this.writer = writer;
    this.zone = zone;
  }

  /** Makes what is missing; drops what another version or another time zone made. [ANA-7] */
  void ensure() throws SQLException {
    if (!there()) {
      make();
      return;
    }
    Map<String, String> wanted = Map.of("version", VERSION, "zone", zone.getId());
    for (Map.Entry<String, String> one : wanted.entrySet()) {
      String found = about(one.getKey());
      if (!one.getValue().equals(found)) {
        LOG.info(
            "analytics is made anew: its {} was {} and is {}", one.getKey(), found, one.getValue());
        remake();
        return;
      }
    }
  }

  /** Drops everything and makes it anew, without rows. */
  void remake() throws SQLException {
    try (Statement statement = writer.createStatement()) {
      for (String view : VIEWS) {
        statement.execute("DROP VIEW IF EXISTS " + view + " CASCADE");
      }
      for (String table : TABLES) {
        statement.execute("DROP TABLE IF EXISTS " + table + " CASCADE");
      }
    }
    make();
  }

  private void make() throws SQLException {
    Script.of("tables.sql").run(writer);
    Script.of("views.sql").run(writer);
    engine.finish(writer);
    note("version", VERSION);
    note("zone", zone.getId());
    writer.commit();
  }

  private boolean there() throws SQLException {
    try (Statement statement = writer.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT 1 FROM information_schema.tables"
                    + " WHERE table_schema = current_schema() AND table_name = 'about'")) {
      return rows.next();
    }
  }

  private String about(String name) throws SQLException {
    try (PreparedStatement query =
        writer.prepareStatement("SELECT value FROM about WHERE name = ?")) {
      query.setString(1, name);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? rows.getString(1) : "nothing";
      }
    }
  }

  private void note(String name, String value) throws SQLException {
    try (PreparedStatement insert =
        writer.prepareStatement("INSERT INTO about (name, value) VALUES (?, ?)")) {
      insert.setString(1, name);
      insert.setString(2, value);
      insert.executeUpdate();
    }
  }
}
