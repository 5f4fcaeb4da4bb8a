package aika.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The command with which a server that is missing can be started on this machine. */
final class StartHint {
  private static final String MONGO_IMAGE = "mongo:8";
  private static final String IMMUDB_IMAGE = "codenotary/immudb:1.11.1";
  private static final int MONGO_PORT = 27_017;
  private static final int IMMUDB_PORT = 3_322;

  private final String search;
  private final Path servers;

  /**
   * @param search as in the environment variable {@code PATH}
   * @param servers where {@code scripts/real-servers} builds
   */
  StartHint(String search, Path servers) {
    this.search = search;
    this.servers = servers;
  }

  static StartHint ofThisMachine() {
    String own = System.getenv("AIKA_SERVERS");
    String cache = System.getenv("XDG_CACHE_HOME");
    String home = System.getProperty("user.home");
    Path servers =
        own != null && !own.isEmpty()
            ? Path.of(own)
            : (cache != null && !cache.isEmpty() ? Path.of(cache) : Path.of(home, ".cache"))
                .resolve("aika/servers");
    return new StartHint(Optional.ofNullable(System.getenv("PATH")).orElse(""), servers);
  }

  /** MongoDB at this port of this machine. */
  String mongo(int port) {
    Path data = Path.of("mongo-" + port);
    return container("aika-mongo-" + port, port, MONGO_PORT, MONGO_IMAGE)
        .or(() ->
            found("mongod")
                .map(program ->
                    "mkdir -p " + data + " && mongod --port " + port + " --dbpath " + data))
        .or(() ->
            built("ferretdb-1.24.2/ferretdb")
                .map(program ->
                    "mkdir -p "
                        + data
                        + " && "
                        + program
                        + " --listen=127.0.0.1:"
                        + port
                        + " --data="
                        + data))
        .or(this::build)
        .orElseGet(() -> docker("docker", "aika-mongo-" + port, port, MONGO_PORT, MONGO_IMAGE));
  }

  /** immudb at this port of this machine. */
  String immudb(int port) {
    return container("aika-immudb-" + port, port, IMMUDB_PORT, IMMUDB_IMAGE)
        .or(() ->
            found("immudb")
                .or(() -> built("immudb-1.11.1/immudb"))
                .map(program -> started(program, port)))
        .or(this::build)
        .orElseGet(() -> docker("docker", "aika-immudb-" + port, port, IMMUDB_PORT, IMMUDB_IMAGE));
  }

  private static String started(String program, int port) {
    return program + " --address=127.0.0.1 --port=" + port + " --dir=immudb-" + port;
  }

  private Optional<String> container(String name, int port, int inside, String image) {
    return found("docker")
        .or(() -> found("podman"))
        .map(tool -> docker(tool, name, port, inside, image));
  }

  private static String docker(String tool, String name, int port, int inside, String image) {
    return "%s run -d --name %s -p 127.0.0.1:%d:%d %s".formatted(tool, name, port, inside, image);
  }

  /** Ours, for tests and demos; after it the hint is the program that it has built. */
  private Optional<String> build() {
    return found("go").map(go -> "scripts/real-servers");
  }

  private Optional<String> built(String program) {
    Path file = servers.resolve(program);
    return Files.isExecutable(file) ? Optional.of(file.toString()) : Optional.empty();
  }

  private Optional<String> found(String program) {
    return Arrays.stream(search.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .filter(directory -> Files.isExecutable(Path.of(directory, program)))
        .findFirst()
        .map(directory -> program);
  }
}
