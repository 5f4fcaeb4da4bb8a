package aika.sinks.webhook;

import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.sinks.SinkException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a hook is on each chain, and how many dead letters it had no room for. Only the hook's own
 * thread writes it; the file is whole at any time.
 */
final class Positions {
  private static final String NAME = "position.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Map<ChainId, Position> chains = new TreeMap<>();
  private long lost;

  /**
   * @param next the leaf that comes next
   * @param failed attempts in vain to post it
   * @param again not to be posted before, ms since 1970
   * @param failure why the last attempt failed
   */
  record Position(long next, int failed, long again, String failure) {
    static Position at(long next) {
      return new Position(next, 0, 0, "");
    }
  }

  /** As they are stored; at the beginning, where nothing is. */
  Positions(Path directory) {
    file = directory.resolve(NAME);
    byte[] stored = DurableFile.read(file);
    if (stored == null) {
      return;
    }
    try {
      JsonNode json = JSON.readTree(stored);
      lost = json.required("lost").asLong();
      for (Map.Entry<String, JsonNode> chain : json.required("chains").properties()) {
        JsonNode at = chain.getValue();
        chains.put(
            ChainId.of(chain.getKey()),
            new Position(
                at.required("next").asLong(),
                at.required("failed").asInt(),
                at.required("again").asLong(),
                at.required("failure").asText()));
      }
    } catch (IOException | IllegalArgumentException | MalformedException broken) {
      throw new SinkException(
          SinkException.Kind.FAILED,
          file + " is damaged; a rebuild posts everything again",
          broken);
    }
  }

  /** Whether something is stored in this directory. */
  static boolean exist(Path directory) {
    return Files.exists(directory.resolve(NAME));
  }

  Position of(ChainId chain) {
    return chains.getOrDefault(chain, Position.at(0));
  }

  long lost() {
    return lost;
  }

  /** Sets and stores. */
  void put(ChainId chain, Position position) {
    chains.put(chain, position);
    store();
  }

  /** Sets and stores that another dead letter found no room. */
  void lose() {
    lost++;
    store();
  }

  /** Back to the beginning, also when the file is damaged. */
  static void forget(Path directory) {
    DurableFile.delete(directory.resolve(NAME));
  }

  private void store() {
    ObjectNode json = JSON.createObjectNode();
    json.put("lost", lost);
    ObjectNode all = json.putObject("chains");
    chains.forEach((chain, at) ->
        all.putObject(chain.value())
            .put("next", at.next)
            .put("failed", at.failed)
            .put("again", at.again)
            .put("failure", at.failure));
    try {
      DurableFile.write(file, JSON.writeValueAsBytes(json));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
