package aika.sinks.analytics;

import aika.sinks.RealServer;
import aika.sinks.RealServers;
import aika.sinks.Secret;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgreSqlAnalyticsIT extends AnalyticsCases {
  private static final String USER = "writer";
  private static final String PASSWORD = "writer's-password";

  private RealServer server;
  private int databases;

  @BeforeAll
  void start() {
    server = RealServers.postgresql();
    sql("postgres", "CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD.replace("'", "''") + "'");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private String url(String database) {
    return "jdbc:postgresql://" + server.address() + "/" + database;
  }

  private void sql(String database, String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                url(database), RealServers.POSTGRESQL_USER, RealServers.POSTGRESQL_PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** As the guide says: the schema is there, and the user may use nothing else. */
  @Override
  AnalyticsSettings fresh() {
    String database = "analytics" + ++databases;
    sql("postgres", "CREATE DATABASE " + database);
    sql(database, "CREATE SCHEMA aika AUTHORIZATION " + USER);
    return new AnalyticsSettings.PostgreSql(url(database), USER, new Secret(PASSWORD));
  }

  @Override
  void tamper(AnalyticsSettings settings, String sql) {
    if (!(settings instanceof AnalyticsSettings.PostgreSql made)) {
      throw new IllegalArgumentException("not a PostgreSQL");
    }
    String database = made.url().substring(made.url().lastIndexOf('/') + 1);
    sql(database, "SET search_path TO aika; " + sql);
  }
}
