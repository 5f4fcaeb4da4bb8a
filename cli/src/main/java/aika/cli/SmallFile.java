package aika.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that has a limit. */
final class SmallFile {
  private SmallFile() {}

  /** The file's bytes; of one that is too long a byte more than it may have. */
  static byte[] read(Path file, int bytesMax) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(bytesMax + 1);
    } catch (IOException unreadable) {
      throw CommandException.of(
          file + " cannot be read (" + unreadable + ").", file + " を読めません。", unreadable);
    }
  }
}
