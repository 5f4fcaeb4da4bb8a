package aika.sinks.mongo;

import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * What the logs say about one document: values at paths. One leaf, or one approval, says each of
 * them, and nothing else ever says another value [MONGO-3]; so they may be written in any order and
 * more than once.
 */
final class Facts {
  private final String id;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, Object> highest = new LinkedHashMap<>();
  private @Nullable State state;
  private boolean beginning;

  Facts(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  Facts say(String path, Object value) {
    values.put(path, value);
    return this;
  }

  /** The largest of all numbers that are said of this path counts. */
  Facts atLeast(String path, long value) {
    highest.merge(path, value, (a, b) -> Math.max((Long) a, (Long) b));
    return this;
  }

  /** The latest of all times that are said of this path counts. */
  Facts atLeast(String path, Instant value) {
    highest.merge(path, value, (a, b) -> ((Instant) a).isAfter((Instant) b) ? a : b);
    return this;
  }

  /** The highest of all states that are said counts. */
  Facts reach(State reached) {
    State before = state;
    if (before == null || before.rank() < reached.rank()) {
      state = reached;
    }
    return this;
  }

  /** The leaf with which the document begins is among those that say this. */
  Facts begin() {
    beginning = true;
    return this;
  }

  boolean isBeginning() {
    return beginning;
  }

  Map<String, Object> values() {
    return values;
  }

  Map<String, Object> highest() {
    return highest;
  }

  @Nullable State state() {
    return state;
  }

  /**
   * As an update of the document with this id, which may be there or not. State and rank move only
   * up [MONGO-6], without a condition that a server would have to search for.
   */
  Document update() {
    Document update = new Document("$set", new Document(values));
    Document max = new Document(highest);
    State reached = state;
    if (reached != null) {
      update.append("$min", new Document("state", reached.text()));
      max.append("rank", reached.rank());
    }
    return max.isEmpty() ? update : update.append("$max", max);
  }

  /** As a document of its own. */
  Document document() {
    Document whole = new Document("_id", id);
    values.forEach((path, value) -> put(whole, path, value));
    highest.forEach((path, value) -> put(whole, path, value));
    State reached = state;
    if (reached != null) {
      whole.append("state", reached.text()).append("rank", reached.rank());
    }
    return whole;
  }

  private static void put(Document whole, String path, Object value) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      whole.put(path, value);
      return;
    }
    String key = path.substring(0, dot);
    Document part = whole.get(key, Document.class);
    if (part == null) {
      part = new Document();
      whole.put(key, part);
    }
    put(part, path.substring(dot + 1), value);
  }

  /** A stored document as values at paths. */
  static Map<String, Object> flat(Document document) {
    Map<String, Object> paths = new LinkedHashMap<>();
    flatten("", document, paths);
    return paths;
  }

  private static void flatten(String prefix, Document part, Map<String, Object> paths) {
    part.forEach((key, value) -> {
      if (value instanceof Document inner && !inner.isEmpty()) {
        flatten(prefix + key + ".", inner, paths);
      } else {
        paths.put(prefix + key, comparable(value));
      }
    });
  }

  /** The driver writes an Instant and reads a Date. */
  private static Object comparable(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Date date -> date.toInstant();
      default -> value;
    };
  }
}
