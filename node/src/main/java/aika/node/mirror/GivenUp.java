package aika.node.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.money.ChainId;
import aika.node.config.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Chains of which the copy here is of a history that the recovery quorum has given up [NBR-5]. They
 * are noted in a file while the node runs; its next start drops the copies, and all that followers
 * have read from any, and then the file.
 */
public final class GivenUp {
  private static final String FILE = "given-up";

  private final Path file;

  /**
   * @param mirror the directory of the copies
   */
  public GivenUp(Path mirror) {
    file = mirror.resolve(FILE);
  }

  public Set<ChainId> chains() {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream()
              .map(ChainId::of)
              .collect(Collectors.toCollection(TreeSet::new))
          : Set.of();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  synchronized void add(ChainId chain) {
    Set<ChainId> all = new TreeSet<>(chains());
    all.add(chain);
    String lines = all.stream().map(one -> one.value() + '\n').collect(Collectors.joining());
    try {
      DurableFile.write(file, lines.getBytes(UTF_8));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  void clear() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
