package aika.node.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.node.config.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the operator's channel of a running node is and what opens it [OPR-1]: the file {@code
 * operator} in the data directory, two lines, readable by its owner only. After a crash it stays
 * behind, and nobody answers at its address.
 */
public record OperatorFile(URI address, String token) {
  private static final String NAME = "operator";
  private static final int LINES = 2;

  void write(Path data) {
    try {
      DurableFile.writePrivate(path(data), (address + "\n" + token + "\n").getBytes(UTF_8));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(path(data) + " cannot be written", unwritable);
    }
  }

  static void remove(Path data) {
    try {
      Files.deleteIfExists(path(data));
    } catch (IOException unremovable) {
      throw new UncheckedIOException(path(data) + " cannot be removed", unremovable);
    }
  }

  /**
   * Empty when no node has been started here, or the last one was stopped.
   *
   * @throws UncheckedIOException when it cannot be read, for instance by somebody else
   */
  public static Optional<OperatorFile> read(Path data) {
    try {
      List<String> lines = Files.readAllLines(path(data), UTF_8);
      return lines.size() < LINES
          ? Optional.empty()
          : Optional.of(new OperatorFile(URI.create(lines.get(0)), lines.get(1)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new UncheckedIOException(
          path(data) + " cannot be read",
          unreadable instanceof IOException io ? io : new IOException(unreadable));
    }
  }

  private static Path path(Path data) {
    return data.resolve(NAME);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "OperatorFile[" + address + ']';
  }
}
