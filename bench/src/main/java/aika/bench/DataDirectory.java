package aika.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a measurement keeps its data, which goes with it. */
final class DataDirectory {
  private DataDirectory() {}

  /**
   * @param asked must not exist yet; null for a temporary one
   */
  static Path make(@Nullable Path asked) {
    try {
      return asked == null
          ? Files.createTempDirectory("aika-bench-")
          : Files.createDirectory(asked);
    } catch (IOException refused) {
      throw new BenchException("cannot make the data directory: " + refused.getMessage(), refused);
    }
  }

  static void delete(Path data) {
    try (Stream<Path> all = Files.walk(data)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException refused) {
      throw new UncheckedIOException("cannot delete " + data, refused);
    }
  }
}
