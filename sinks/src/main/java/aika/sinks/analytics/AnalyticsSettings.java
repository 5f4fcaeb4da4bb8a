package aika.sinks.analytics;

import aika.sinks.Secret;
import java.nio.file.Path;

/** Where the tables for questions are. */
public sealed interface AnalyticsSettings {
  /** An embedded DuckDB in a file of the node's; needs no server. */
  record DuckDb(Path file) implements AnalyticsSettings {}

  /**
   * A PostgreSQL that an office has already.
   *
   * @param url {@code jdbc:postgresql://host:5432/database}, without a password
   */
  record PostgreSql(String url, String user, Secret password) implements AnalyticsSettings {}
}
