package aika.node.config;

import aika.core.money.ChainId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which chains of a node went elsewhere, beside its data: {@code moved/Asia-Komatsu}. Its ordered
 * log knows it too; this is for whoever looks without opening that, and goes into backups.
 */
public final class MovedChains {
  /** What the directory is called in the node's directory. */
  public static final String DIRECTORY = "moved";

  private MovedChains() {}

  /** Takes note of a chain that went. */
  public static void add(Path data, ChainId chain, String move) {
    try {
      DurableFile.createPrivateDirectory(data.resolve(DIRECTORY));
      DurableFile.writePrivate(
          data.resolve(DIRECTORY).resolve(chain.value()),
          ("move " + move + '\n').getBytes(StandardCharsets.UTF_8));
    } catch (IOException failed) {
      throw new UncheckedIOException("it cannot be noted that " + chain + " went", failed);
    }
  }

  /** Those that went from the node with these data. */
  public static Set<ChainId> of(Path data) {
    Path directory = data.resolve(DIRECTORY);
    if (!Files.isDirectory(directory)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      Set<ChainId> found = new TreeSet<>();
      files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.startsWith(".")) // one that is being written
          .forEach(name -> found.add(ChainId.of(name)));
      return found;
    } catch (IOException failed) {
      throw new UncheckedIOException(directory + " cannot be read", failed);
    }
  }
}
