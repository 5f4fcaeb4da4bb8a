package aika.cli.faults;

import aika.node.config.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Small programs in C that do what the kernel cannot be asked for, made where they are needed. */
enum Compiled {
  /** Delays and loses the packets of a link. */
  SLOW_LINK("slow-link", false),
  /** A library by which a process's syncs to disk last longer. */
  SLOW_SYNC("slow-sync", true);

  private static final String COMPILER = "cc";

  private final String source;
  private final boolean library;

  Compiled(String source, boolean library) {
    this.source = source;
    this.library = library;
  }

  /** Why there can be none here; empty when there can. */
  static Optional<String> missing() {
    try {
      Path directory = Files.createTempDirectory("aika-compiled");
      try {
        for (Compiled each : values()) {
          Path _ = each.in(directory);
        }
        return Optional.empty();
      } catch (LabException cannot) {
        return Optional.of("no C compiler (Debian: gcc, libc6-dev): " + cannot.getMessage());
      } finally {
        DurableFile.deleteTree(directory);
      }
    } catch (IOException failed) {
      return Optional.of(failed.toString());
    }
  }

  /** What was compiled into this directory, now or before. */
  Path in(Path directory) {
    Path made = directory.resolve(source);
    if (Files.exists(made)) {
      return made;
    }
    Path text = directory.resolve(source + ".c");
    try (InputStream in =
        Objects.requireNonNull(Compiled.class.getResourceAsStream(source + ".c"))) {
      Files.write(text, in.readAllBytes());
    } catch (IOException failed) {
      throw new LabException(text + ": " + failed.getMessage(), failed);
    }
    List<String> command = new ArrayList<>(List.of(COMPILER, "-O1"));
    if (library) {
      command.addAll(List.of("-shared", "-fPIC"));
    }
    command.addAll(List.of("-o", made.toString(), text.toString()));
    String _ = Network.run(command);
    return made;
  }
}
