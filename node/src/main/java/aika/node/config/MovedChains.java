package aika.node.config;

import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which chains of a node went elsewhere, beside its data: {@code moved/Asia-Komatsu}. Its ordered
 * log knows it too; this is for whoever looks without opening that, and goes into backups.
 */
public final class MovedChains {
  /** What the directory is called in the node's directory. */
  public static final String DIRECTORY = "moved";

  private static final String MOVE = "move ";
  private static final Logger LOG = LoggerFactory.getLogger(MovedChains.class);

  private MovedChains() {}

  /** Takes note of a chain that went. */
  public static void add(Path data, ChainId chain, String move) {
    try {
      DurableFile.createPrivateDirectory(data.resolve(DIRECTORY));
      DurableFile.writePrivate(
          data.resolve(DIRECTORY).resolve(chain.value()),
          (MOVE + move + '\n').getBytes(StandardCharsets.UTF_8));
    } catch (IOException failed) {
      throw new UncheckedIOException("it cannot be noted that " + chain + " went", failed);
    }
  }

  /** Those that went from the node with these data, and by which moves. */
  public static Map<ChainId, String> of(Path data) {
    Path directory = data.resolve(DIRECTORY);
    if (!Files.isDirectory(directory)) {
      return Map.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      Map<ChainId, String> found = new TreeMap<>();
      for (Path file : files.toList()) {
        read(file, found);
      }
      return found;
    } catch (IOException failed) {
      throw new UncheckedIOException(directory + " cannot be read", failed);
    }
  }

  /** Whatever else somebody keeps there says nothing. */
  private static void read(Path file, Map<ChainId, String> into) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    try {
      ChainId chain = ChainId.of(String.valueOf(file.getFileName()));
      if (text.startsWith(MOVE) && text.endsWith("\n")) {
        into.put(chain, text.substring(MOVE.length(), text.length() - 1));
      }
    } catch (MalformedException other) {
      LOG.warn("{} is not of a chain that went elsewhere", file);
    }
  }
}
