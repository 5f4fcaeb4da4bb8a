package aika.sinks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes and starts a PostgreSQL. It refuses to run as root: there it runs as Debian's user. */
final class Postgresql {
  private static final String USER = "postgres";
  private static final long PROGRAM_SECONDS_MAX = 60;

  private Postgresql() {}

  static RealServer start(Path programs) {
    try {
      Path folder = Files.createTempDirectory("aika-postgresql");
      if (root()) {
        Files.setOwner(
            folder,
            folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
      }
      Path password =
          Files.writeString(folder.resolve("password"), RealServers.POSTGRESQL_PASSWORD);
      run(
          List.of(
              programs.resolve("initdb").toString(),
              "--pgdata=" + folder.resolve("data"),
              "--username=" + RealServers.POSTGRESQL_USER,
              "--auth=scram-sha-256",
              "--pwfile=" + password,
              "--encoding=UTF8",
              "--locale=C",
              "--no-sync"));
      return RealServer.start(
          "postgresql",
          folder,
          (port, here) -> unprivileged(server(programs, here, port)),
          port -> exitCode(ready(programs, port)) == 0);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static List<String> server(Path programs, Path folder, int port) {
    return List.of(
        programs.resolve("postgres").toString(),
        "-D",
        folder.resolve("data").toString(),
        "-p",
        String.valueOf(port),
        "-k",
        folder.toString(),
        "-c",
        "listen_addresses=127.0.0.1");
  }

  private static List<String> ready(Path programs, int port) {
    return List.of(
        programs.resolve("pg_isready").toString(), "-q", "-h", "127.0.0.1", "-p", "" + port);
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static List<String> unprivileged(List<String> command) {
    if (!root()) {
      return command;
    }
    List<String> all =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "--"));
    all.addAll(command);
    return all;
  }

  private static void run(List<String> command) {
    int code = exitCode(unprivileged(command));
    if (code != 0) {
      throw new IllegalStateException(command.getFirst() + " ended with " + code);
    }
  }

  private static int exitCode(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(PROGRAM_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(command.getFirst() + " does not end");
      }
      return process.exitValue();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
