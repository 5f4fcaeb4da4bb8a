package aika.sinks.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Small files that are there whole or not at all, also after a loss of power. */
final class DurableFile {
  static final String PART = ".part";

  private DurableFile() {}

  static void write(Path file, byte[] bytes) {
    Path part = file.resolveSibling(file.getFileName() + PART);
    try {
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncNames(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The file, or null when there is none. */
  static byte @Nullable [] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException none) {
      return null;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * @return whether there was such a file
   */
  static boolean delete(Path file) {
    try {
      boolean there = Files.deleteIfExists(file);
      if (there) {
        syncNames(file);
      }
      return there;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Windows keeps names without being asked, and cannot open a directory. */
  private static void syncNames(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null && Files.getFileStore(parent).supportsFileAttributeView("posix")) {
      try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }
}
