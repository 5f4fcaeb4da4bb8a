package aika.sinks.analytics;

import aika.sinks.RealServer;
import aika.sinks.RealServers;
import aika.sinks.Secret;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL with databases as the guide makes them: the user owns a schema and nothing else. */
final class TestPostgreSql implements AutoCloseable {
  static final String USER = "writer";
  static final String PASSWORD = "writer's-password";

  private final RealServer server;
  private int databases;

  TestPostgreSql() {
    server = RealServers.postgresql();
    sql(
        "postgres",
        "CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD.replace("'", "''") + "'");
    // Tests kill processes, not machines: waiting for the disk would show nothing.
    sql("postgres", "ALTER SYSTEM SET fsync = off");
    sql("postgres", "SELECT pg_reload_conf()");
  }

  RealServer server() {
    return server;
  }

  AnalyticsSettings.PostgreSql fresh() {
    String database = "analytics" + ++databases;
    sql("postgres", "CREATE DATABASE " + database);
    sql(database, "CREATE SCHEMA aika AUTHORIZATION " + USER);
    return new AnalyticsSettings.PostgreSql(url(database), USER, new Secret(PASSWORD));
  }

  String url(String database) {
    return "jdbc:postgresql://" + server.address() + "/" + database;
  }

  /** As the superuser. */
  void sql(String database, String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                url(database), RealServers.POSTGRESQL_USER, RealServers.POSTGRESQL_PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  void tamper(AnalyticsSettings settings, String sql) {
    if (!(settings instanceof AnalyticsSettings.PostgreSql made)) {
      throw new IllegalArgumentException("not a PostgreSQL");
    }
    String database = made.url().substring(made.url().lastIndexOf('/') + 1);
    sql(database, "SET search_path TO aika; " + sql);
  }

  @Override
  public void close() {
    server.close();
  }
}
