package aika.sinks.webhook;

import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.sinks.SinkException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A hook's dead letters, a file each: the node that adds them and an operator who retries or drops
 * them may be different processes.
 */
final class DeadLetters {
  private static final String SUFFIX = ".json";
  private static final Comparator<DeadLetter> OLDEST =
      Comparator.comparingLong(DeadLetter::since)
          .thenComparing(DeadLetter::chain)
          .thenComparingLong(DeadLetter::index);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;

  DeadLetters(Path hook) {
    directory = hook.resolve("dead");
  }

  /** The oldest first. */
  List<DeadLetter> list() {
    List<DeadLetter> found = new ArrayList<>();
    for (Path file : files()) {
      read(file).ifPresent(found::add);
    }
    found.sort(OLDEST);
    return found;
  }

  Optional<DeadLetter> find(String id) {
    return read(file(TransferId.of(id)));
  }

  int count() {
    return files().size();
  }

  void put(DeadLetter letter) {
    try {
      Files.createDirectories(directory);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("chain", letter.chain().value());
      json.put("index", letter.index());
      json.put("kind", letter.kind());
      json.put("time", letter.time());
      json.put("attempts", letter.attempts());
      json.put("since", letter.since());
      json.put("failure", letter.failure());
      json.put("body", letter.body());
      DurableFile.write(
          file(new TransferId(letter.chain(), letter.index())), JSON.writeValueAsBytes(json));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * @return whether there was one
   */
  boolean drop(String id) {
    return DurableFile.delete(file(TransferId.of(id)));
  }

  /** A position is written like a transfer's id. */
  private Path file(TransferId position) {
    return directory.resolve(position.origin() + "." + position.index() + SUFFIX);
  }

  private List<Path> files() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Empty when somebody dropped it meanwhile. */
  private static Optional<DeadLetter> read(Path file) {
    byte[] bytes = DurableFile.read(file);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(bytes);
      return Optional.of(
          new DeadLetter(
              ChainId.of(json.required("chain").asText()),
              json.required("index").asLong(-1),
              json.required("kind").asText(),
              json.required("time").asLong(),
              json.required("attempts").asInt(),
              json.required("since").asLong(),
              json.required("failure").asText(),
              json.required("body").asText()));
    } catch (IOException | IllegalArgumentException | MalformedException broken) {
      throw new SinkException(
          SinkException.Kind.FAILED, file.getFileName() + " is not a dead letter", broken);
    }
  }
}
