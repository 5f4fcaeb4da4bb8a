package aika.sinks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The servers start, survive kill -9 with their data, and leave nothing behind. */
@Timeout(120)
final class RealServersIT {
  @Test
  void postgresqlKeepsItsDataWhenItIsKilled() throws SQLException {
    Path folder;
    try (RealServer server = RealServers.postgresql()) {
      folder = server.folder();
      try (Connection connection = connect(server);
          Statement statement = connection.createStatement()) {
        statement.execute("create table things (name text)");
        statement.execute("insert into things values ('愛貨')");
      }
      server.kill();
      server.start();
      try (Connection connection = connect(server);
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("select name from things")) {
        assertTrue(rows.next());
        assertEquals("愛貨", rows.getString(1));
      }
    }
    assertFalse(Files.exists(folder));
  }

  private static Connection connect(RealServer server) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + server.address() + "/postgres",
        RealServers.POSTGRESQL_USER,
        RealServers.POSTGRESQL_PASSWORD);
  }

  @Test
  void ferretDbKeepsItsDataWhenItIsKilled() {
    Path folder;
    try (RealServer server = RealServers.ferretDb()) {
      folder = server.folder();
      try (MongoClient client = MongoClients.create("mongodb://" + server.address())) {
        MongoCollection<Document> things = client.getDatabase("test").getCollection("things");
        things.insertOne(new Document("_id", "愛貨"));
        server.kill();
        server.start();
        assertEquals(1, things.countDocuments(new Document("_id", "愛貨")));
      }
    }
    assertFalse(Files.exists(folder));
  }

  @Test
  void immudbStartsAgainAfterItIsKilledAndItsClientReachesIt()
      throws IOException, InterruptedException {
    Path folder;
    try (RealServer server = RealServers.immudb()) {
      folder = server.folder();
      server.kill();
      server.start();
      Process client =
          new ProcessBuilder(
                  List.of(
                      RealServers.immuclient().toString(),
                      "--immudb-address=127.0.0.1",
                      "--immudb-port=" + server.port(),
                      "--username=immudb",
                      "--password=immudb",
                      "--database=defaultdb",
                      "safeset",
                      "mykey",
                      "myvalue"))
              // It keeps its state where it runs.
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(client.getInputStream().readAllBytes(), UTF_8);
      assertEquals(0, client.waitFor(), said);
      assertTrue(said.contains("myvalue"), said);
    }
    assertFalse(Files.exists(folder));
  }

  @Test
  void immudbTakesCertificatesAndASigningKey(@TempDir Path folder) {
    TestCertificates certificates = TestCertificates.in(folder);
    Path key = folder.resolve("signing.key");
    TestCertificates.signingKey(key);
    try (RealServer server =
        RealServers.immudb(
            "--mtls",
            "--certificate=" + certificates.server(),
            "--pkey=" + certificates.serverKey(),
            "--clientcas=" + certificates.authority(),
            "--signingKey=" + key)) {
      assertTrue(server.port() > 0, server.output());
    }
  }
}
