package aika.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where an audit keeps its state: a directory that stays, or one that goes with the audit. */
record StateDirectory(Path path, boolean temporary) implements AutoCloseable {

  /**
   * @param asked null for a temporary one
   */
  static StateDirectory of(@Nullable Path asked) {
    if (asked != null) {
      return new StateDirectory(asked, false);
    }
    try {
      return new StateDirectory(Files.createTempDirectory("aika-audit-"), true);
    } catch (IOException refused) {
      throw CommandException.of(
          "A temporary directory cannot be made (" + refused + ").", "一時フォルダーを作れません。", refused);
    }
  }

  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException refused) {
      throw new UncheckedIOException("cannot delete " + path, refused);
    }
  }
}
