package aika.node.order;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * The last checkpoint, as {@code term index} in one line. The log up to it may be gone, so a state
 * that is older than this file can no longer be brought up to date from the log; the term is what
 * the state itself does not know.
 */
final class CheckpointFile {
  private final Path file;

  CheckpointFile(Path directory) {
    file = directory.resolve("checkpoint");
  }

  Optional<TermIndex> read() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String[] words = Files.readString(file).strip().split(" ", -1);
    try {
      return Optional.of(TermIndex.valueOf(Long.parseLong(words[0]), Long.parseLong(words[1])));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException(file + " is damaged: it should hold a term and an index", e);
    }
  }

  /**
   * Replaces the file. Its content is durable on return; should the renaming be lost in a power
   * failure, the older checkpoint is still true, only less strict.
   */
  void write(TermIndex checkpoint) throws IOException {
    Path fresh = file.resolveSibling("checkpoint.new");
    String line = checkpoint.getTerm() + " " + checkpoint.getIndex() + "\n";
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
