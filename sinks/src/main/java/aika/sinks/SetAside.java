package aika.sinks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Damaged files are evidence: they get another name and are never deleted. */
public final class SetAside {
  private static final int COPIES_MAX = 1_000;

  private SetAside() {}

  /**
   * Renames a file to {@code <name>.damaged-1}, or the next number that is free.
   *
   * @return its new name; empty when there is no such file
   * @throws SinkException FAILED when it cannot be renamed
   */
  public static Optional<Path> damaged(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      for (int number = 1; number <= COPIES_MAX; number++) {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + number);
        if (!Files.exists(aside)) {
          return Optional.of(Files.move(file, aside));
        }
      }
    } catch (IOException failed) {
      throw new SinkException(
          SinkException.Kind.FAILED, "the damaged file " + file + " cannot be renamed", failed);
    }
    throw new SinkException(
        SinkException.Kind.FAILED, "too many damaged files beside " + file + "; move them", null);
  }
}
