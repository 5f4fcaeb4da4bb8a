package aika.node.order;

import aika.node.config.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Under which name a machine has been one of a shard's peers: a file beside the log. Under another
 * name, or without the log, it would vote as if it had never promised anything.
 */
final class PeerName {
  private static final String FILE = "peer";

  private final Path file;
  private final String name;

  private PeerName(Path file, String name) {
    this.file = file;
    this.name = name;
  }

  /**
   * @throws OrderingException when the shard in this directory was another peer's, or was this
   *     one's and its log is gone
   */
  static PeerName check(Path directory, OrderingSettings settings) {
    PeerName now = new PeerName(directory.resolve(FILE), settings.peer());
    try {
      if (Files.exists(now.file)) {
        String before = Files.readString(now.file, StandardCharsets.UTF_8).strip();
        if (!before.equals(now.name)) {
          throw OrderingException.refused(
              "%s is of peer %s, not %s; put its name back, or copy from the peer that leads"
                  .formatted(directory, before, now.name));
        }
        if (!settings.isAlone() && !StartChecks.hasLog(settings)) {
          throw OrderingException.refused(
              "the log of peer %s in %s is gone; it can come back under a new name only, with a copy"
                  .formatted(before, directory));
        }
      }
      return now;
    } catch (IOException unreadable) {
      throw OrderingException.refused("cannot read " + now.file, unreadable);
    }
  }

  /** Keeps the name; to be called when there is a log. */
  void keep() {
    if (Files.exists(file)) {
      return;
    }
    try {
      DurableFile.writePrivate(file, (name + '\n').getBytes(StandardCharsets.UTF_8));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
