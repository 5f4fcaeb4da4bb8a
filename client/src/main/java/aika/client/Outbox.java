package aika.client;

import aika.core.ledger.SignedOrder;
import aika.core.note.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Signed orders whose result is not known yet, a file each, so that a program that crashed can send
 * the same ones again instead of new ones. A file is whole or not there.
 */
public final class Outbox {
  private static final String SUFFIX = ".order";

  private final Path directory;

  /**
   * @param directory of this outbox alone; made when it is missing
   */
  public Outbox(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Keeps the order; returns when it would survive a loss of power. */
  public void keep(SignedOrder order) {
    Path part = directory.resolve(order.order().header().id() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(order.bytes());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(part, file(order), StandardCopyOption.ATOMIC_MOVE);
      // The name must survive as well. Windows keeps names unasked, and opens no directory.
      if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
          names.force(true);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Whether it waits for its result already. */
  boolean holds(SignedOrder order) {
    return Files.exists(file(order));
  }

  /** Its result is known. */
  public void forget(SignedOrder order) {
    try {
      Files.deleteIfExists(file(order));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** What waits for a result, the oldest first. */
  public List<SignedOrder> waiting() {
    List<SignedOrder> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      // Ids of version 7 begin with their time.
      for (Path file : files.filter(one -> one.toString().endsWith(SUFFIX)).sorted().toList()) {
        found.add(SignedOrder.parse(Files.readAllBytes(file)));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (MalformedException damaged) {
      throw new IllegalStateException("the outbox " + directory + " is damaged", damaged);
    }
    return found;
  }

  private Path file(SignedOrder order) {
    return directory.resolve(order.order().header().id() + SUFFIX);
  }
}
