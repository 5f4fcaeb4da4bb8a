package aika.sinks.immudb;

import aika.core.money.ChainId;
import aika.sinks.RealServer;
import aika.sinks.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Settings of tests: one after the other changed. */
final class TestSettings {
  private TestSettings() {}

  static ImmudbSettings of(RealServer server, List<ChainId> chains, Path state) {
    return new ImmudbSettings(
        "immudb",
        chains,
        "127.0.0.1",
        server.port(),
        "aika",
        "immudb",
        new Secret("immudb"),
        Optional.empty(),
        Optional.empty(),
        state,
        false);
  }

  static ImmudbSettings user(ImmudbSettings all, String user, String password) {
    return new ImmudbSettings(
        all.name(),
        all.chains(),
        all.host(),
        all.port(),
        all.database(),
        user,
        new Secret(password),
        all.tls(),
        all.serverKey(),
        all.state(),
        all.sqlTable());
  }

  static ImmudbSettings port(ImmudbSettings all, int port) {
    return new ImmudbSettings(
        all.name(),
        all.chains(),
        all.host(),
        port,
        all.database(),
        all.user(),
        all.password(),
        all.tls(),
        all.serverKey(),
        all.state(),
        all.sqlTable());
  }

  static ImmudbSettings state(ImmudbSettings all, Path state) {
    return new ImmudbSettings(
        all.name(),
        all.chains(),
        all.host(),
        all.port(),
        all.database(),
        all.user(),
        all.password(),
        all.tls(),
        all.serverKey(),
        state,
        all.sqlTable());
  }

  static ImmudbSettings tls(ImmudbSettings all, ImmudbSettings.Tls tls) {
    return new ImmudbSettings(
        all.name(),
        all.chains(),
        all.host(),
        all.port(),
        all.database(),
        all.user(),
        all.password(),
        Optional.of(tls),
        all.serverKey(),
        all.state(),
        all.sqlTable());
  }

  static ImmudbSettings serverKey(ImmudbSettings all, Path key) {
    return new ImmudbSettings(
        all.name(),
        all.chains(),
        all.host(),
        all.port(),
        all.database(),
        all.user(),
        all.password(),
        all.tls(),
        Optional.of(key),
        all.state(),
        all.sqlTable());
  }

  static ImmudbSettings withTable(ImmudbSettings all) {
    return new ImmudbSettings(
        all.name(),
        all.chains(),
        all.host(),
        all.port(),
        all.database(),
        all.user(),
        all.password(),
        all.tls(),
        all.serverKey(),
        all.state(),
        true);
  }
}
