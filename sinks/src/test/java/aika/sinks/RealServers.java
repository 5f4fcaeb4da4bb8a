package aika.sinks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * Starts the real servers that {@code scripts/real-servers} builds, each on a free port of the
 * loopback interface with its data in a temporary folder. A test whose server is not there is
 * skipped with one plain line.
 */
public final class RealServers {
  /** Versions that the script builds. */
  private static final String IMMUDB = "immudb-1.11.1";

  private static final String FERRETDB = "ferretdb-1.24.2";

  /** The superuser of a PostgreSQL that is started here, and its password. */
  public static final String POSTGRESQL_USER = "aika";

  public static final String POSTGRESQL_PASSWORD = "a-password-of-tests";

  private RealServers() {}

  /**
   * immudb; user and password are {@code immudb}. The console is off, and so are the metrics.
   *
   * @param flags more of them, for example {@code --certificate FILE --pkey FILE}, {@code --mtls
   *     --clientcas FILE}, {@code --signingKey FILE}, {@code --auth=false}
   */
  public static RealServer immudb(String... flags) {
    Path binary = binary(IMMUDB, "immudb");
    return RealServer.start(
        "immudb",
        (port, folder) ->
            command(
                List.of(
                    binary.toString(),
                    "--address=127.0.0.1",
                    "--port=" + port,
                    "--dir=" + folder.resolve("data"),
                    "--metrics-server=false",
                    "--web-server=false",
                    "--pgsql-server=false"),
                flags));
  }

  /** immudb's own client for the command line. */
  public static Path immuclient() {
    return binary(IMMUDB, "immuclient");
  }

  /** immudb's own tool for administrators. */
  public static Path immuadmin() {
    return binary(IMMUDB, "immuadmin");
  }

  /**
   * FerretDB, which speaks MongoDB's protocol, on SQLite: it takes every user and password.
   *
   * @param flags more of them: {@code --certificate FILE --key FILE}; with {@code --postgresql URL}
   *     the data and the users are those of that PostgreSQL
   */
  public static RealServer ferretDb(String... flags) {
    Path binary = binary(FERRETDB, "ferretdb");
    return RealServer.start(
        "FerretDB",
        (port, folder) ->
            command(
                List.of(binary.toString(), "--listen=127.0.0.1:" + port, "--data=" + made(folder)),
                flags));
  }

  private static Path made(Path folder) {
    try {
      return Files.createDirectories(folder.resolve("data"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * PostgreSQL; its superuser is {@link #POSTGRESQL_USER} with {@link #POSTGRESQL_PASSWORD}, and
   * the database {@code postgres} is empty.
   */
  public static RealServer postgresql() {
    return Postgresql.start(postgresqlPrograms());
  }

  private static Path postgresqlPrograms() {
    List<Path> found = new ArrayList<>();
    Path all = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(all)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(all)) {
        for (Path version : versions) {
          if (Files.isExecutable(version.resolve("bin/initdb"))) {
            found.add(version.resolve("bin"));
          }
        }
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
    Optional<Path> newest = found.stream().max(Path::compareTo);
    Assumptions.assumeTrue(
        newest.isPresent(), "PostgreSQL is not installed: run scripts/real-servers --postgresql");
    return newest.orElseThrow();
  }

  private static List<String> command(List<String> first, String... flags) {
    List<String> all = new ArrayList<>(first);
    all.addAll(Arrays.asList(flags));
    return all;
  }

  private static Path binary(String server, String program) {
    Path binary = servers().resolve(server).resolve(program);
    Assumptions.assumeTrue(
        Files.isExecutable(binary), program + " is not built: run scripts/real-servers");
    return binary;
  }

  /** The folder that the script builds into. */
  private static Path servers() {
    String own = System.getenv("AIKA_SERVERS");
    if (own != null && !own.isEmpty()) {
      return Path.of(own);
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path caches =
        cache != null && !cache.isEmpty()
            ? Path.of(cache)
            : Path.of(System.getProperty("user.home"), ".cache");
    return caches.resolve("aika/servers");
  }
}
