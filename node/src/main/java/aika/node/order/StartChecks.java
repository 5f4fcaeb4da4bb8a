package aika.node.order;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.ExitUtils;

/**
 * Looks before Ratis does, which would retry a locked directory for five seconds, and end the whole
 * process when its port is taken. Ratis still checks both, so a race costs the nicer message only.
 * And whether log and state fit together, which Ratis cannot know.
 */
final class StartChecks {
  private StartChecks() {}

  /** Refuses a directory in use and a port that is taken. */
  static void checkFree(OrderingSettings settings) throws IOException {
    checkDirectoryFree(settings);
    if (!settings.isAlone()) {
      checkPortFree(settings.self());
      keepTheProcessAlive();
    }
  }

  /**
   * Where a state that is durable up to {@code applied} stands in the log; empty for an empty one.
   * Refuses a state that the log cannot bring up to date, and a log that has disappeared.
   */
  static Optional<TermIndex> standing(
      OrderingSettings settings, long applied, Optional<TermIndex> checkpoint) throws IOException {
    long checkpointed = checkpoint.map(TermIndex::getIndex).orElse(-1L);
    if (applied < checkpointed) {
      throw OrderingException.refused(
          "the state is at entry %d, but the log up to %d is deleted; restore a newer state"
              .formatted(applied, checkpointed));
    }
    if (applied < 0) {
      return Optional.empty();
    }
    if (!settings.isJoining() && !hasLog(settings)) {
      throw OrderingException.refused(
          "the state is at entry %d, but there is no log in %s; answered entries may be missing"
              .formatted(applied, settings.directory()));
    }
    // Beyond the checkpoint the entry is still in the log, which knows its term better.
    return Optional.of(TermIndex.valueOf(checkpoint.map(TermIndex::getTerm).orElse(0L), applied));
  }

  /** Whether there is a log here, as every peer has that has ever been among the others. */
  static boolean hasLog(OrderingSettings settings) throws IOException {
    Path directory = groupDirectory(settings).resolve("current");
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("log_"));
    }
  }

  /** Ratis' layout: a directory named as the group's id. */
  private static Path groupDirectory(OrderingSettings settings) {
    return settings.directory().resolve(settings.groupId().toString());
  }

  private static void checkDirectoryFree(OrderingSettings settings) throws IOException {
    Path lock = groupDirectory(settings).resolve("in_use.lock");
    if (!Files.exists(lock)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      if (held == null) {
        throw inUse(settings);
      }
    } catch (OverlappingFileLockException here) {
      throw inUse(settings);
    }
  }

  private static OrderingException inUse(OrderingSettings settings) {
    return OrderingException.refused("directory " + settings.directory() + " is in use");
  }

  private static void checkPortFree(OrderingSettings.Peer self) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(self.host(), self.port()));
    } catch (IOException taken) {
      throw OrderingException.refused(
          "port "
              + self.port()
              + " of peer "
              + self.id()
              + " cannot be used: "
              + taken.getMessage(),
          taken);
    }
  }

  /**
   * Ratis' gRPC ends the process when it cannot bind, and so does a handler that it installs for
   * the whole process when any thread ends with an exception. We want an exception, and our own
   * handler.
   */
  private static void keepTheProcessAlive() {
    var handler = Thread.getDefaultUncaughtExceptionHandler();
    ExitUtils.disableSystemExit();
    Thread.setDefaultUncaughtExceptionHandler(handler);
  }
}
