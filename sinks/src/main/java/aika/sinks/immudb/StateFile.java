package aika.sinks.immudb;

import aika.core.log.Hash;
import aika.core.money.Decimal;
import aika.core.note.Fields;
import aika.core.note.MalformedException;
import aika.sinks.SetAside;
import aika.sinks.SinkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last state that was verified, in a small text file that is replaced whole [IMMU-30]. */
final class StateFile {
  private static final String FIRST_LINE = "aika/immudb-state/v1";

  private final Path file;
  private final String database;

  StateFile(Path file, String database) {
    this.file = file.toAbsolutePath();
    this.database = database;
  }

  /** Empty when there is no file. A damaged one is never taken for none. */
  Optional<State> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Fields in = Fields.of(Files.readString(file), FIRST_LINE);
      String name = in.take("database");
      State state = new State(in.read("transaction", Decimal::parse), in.read("hash", Hash::parse));
      in.end();
      if (!name.equals(database)) {
        throw new MalformedException("it is about the database " + name);
      }
      return Optional.of(state);
    } catch (MalformedException fault) {
      throw failed("cannot be used: " + fault.getMessage(), fault);
    } catch (IOException fault) {
      throw failed("cannot be read", fault);
    }
  }

  /** Puts the file out of the way when it is damaged; empty when it is not, or not there. */
  Optional<Path> setAside() {
    try {
      var _ = read();
      return Optional.empty();
    } catch (SinkException damaged) {
      return SetAside.damaged(file);
    }
  }

  /** After a loss of power this state is there, or an earlier one that was true as well. */
  void write(State state) {
    String text =
        FIRST_LINE
            + "\ndatabase "
            + database
            + "\ntransaction "
            + state.transaction()
            + "\nhash "
            + state.hash().base64()
            + "\n";
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(directory());
      try (FileChannel out =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException fault) {
      throw failed("cannot be written", fault);
    }
  }

  void delete() {
    try {
      if (Files.deleteIfExists(file)) {
        // Or the database that was dropped would be missed.
        try (FileChannel open = FileChannel.open(directory(), StandardOpenOption.READ)) {
          open.force(true);
        }
      }
    } catch (IOException fault) {
      throw failed("cannot be deleted", fault);
    }
  }

  private Path directory() {
    Path parent = file.getParent();
    if (parent == null) {
      throw failed("is not a file", null);
    }
    return parent;
  }

  private SinkException failed(String what, @Nullable Exception cause) {
    return new SinkException(
        SinkException.Kind.FAILED, "the state file " + file + " " + what, cause);
  }
}
