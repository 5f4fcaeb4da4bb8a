package aika.cli;

import aika.node.config.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where a node keeps everything, for this process alone as long as it is open. A temporary one is
 * removed when it is closed.
 */
final class DataDirectory implements AutoCloseable {
  static final String LOCK = "lock";

  private final Path path;
  private final boolean temporary;
  private final FileChannel channel;

  private DataDirectory(Path path, boolean temporary) throws IOException {
    this.path = path;
    this.temporary = temporary;
    channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked()) {
      channel.close();
      throw CommandException.of(
          path + " is in use by another aika. Stop that one, or choose another directory.",
          path + " は別の aika が使っています。それを止めるか、別のフォルダーを選んでください。",
          null);
    }
  }

  /** The lock ends with the process, however it ends. */
  private boolean locked() throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException here) {
      return false;
    }
  }

  /**
   * @param wanted made when it is not there; null for a temporary one
   */
  static DataDirectory open(@Nullable Path wanted) {
    try {
      if (wanted == null) {
        return new DataDirectory(Files.createTempDirectory("aika-demo-"), true);
      }
      Path path = wanted.toAbsolutePath().normalize();
      DurableFile.createPrivateDirectory(path);
      return new DataDirectory(path, false);
    } catch (IOException unusable) {
      String where = wanted == null ? System.getProperty("java.io.tmpdir") : wanted.toString();
      throw CommandException.of(
          where + " cannot be used as a data directory (" + unusable + ").",
          where + " をデータのフォルダーとして使えません。",
          unusable);
    }
  }

  Path path() {
    return path;
  }

  boolean temporary() {
    return temporary;
  }

  @Override
  public void close() {
    try {
      channel.close();
      if (temporary) {
        Files.walkFileTree(path, new Removal());
      }
    } catch (IOException unremovable) {
      throw new UncheckedIOException(path + " cannot be removed", unremovable);
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
        throws IOException {
      if (failed != null) {
        throw failed;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
