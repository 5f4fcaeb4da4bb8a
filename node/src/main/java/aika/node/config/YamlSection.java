package aika.node.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A mapping of the file. Remembers which keys were asked for, so that {@link #close} can name those
 * that nobody knows.
 */
final class YamlSection {
  private final String path;
  private final int line;
  private final Problems problems;
  private final Map<String, YamlCell> cells = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  YamlSection(String path, int line, MappingNode node, Problems problems) {
    this.path = path;
    this.line = line;
    this.problems = problems;
    for (NodeTuple tuple : node.getValue()) {
      int at = tuple.getKeyNode().getStartMark().map(YamlText::line).orElse(line);
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(at, path, Fault.WRONG_TYPE, Fault.Shape.TEXT, Fault.Shape.SECTION);
        continue;
      }
      String name = key.getValue();
      YamlCell cell = new YamlCell(name, below(name), at, tuple.getValueNode(), problems);
      YamlCell earlier = cells.putIfAbsent(name, cell);
      if (earlier != null) {
        cell.fault(Fault.DUPLICATE_KEY, earlier.line());
      }
    }
  }

  private String below(String name) {
    return path.isEmpty() ? name : path + '.' + name;
  }

  /** A fault of the value of {@code key}, which may be one that the file leaves to its default. */
  void faultAt(String key, Fault fault, Object... arguments) {
    YamlCell cell = cells.get(key);
    problems.add(cell == null ? line : cell.line(), below(key), fault, arguments);
  }

  /** All keys, for a section whose keys are names. */
  List<YamlCell> all() {
    known.addAll(cells.keySet());
    return new ArrayList<>(cells.values());
  }

  @Nullable YamlCell optional(String key) {
    known.add(key);
    return cells.get(key);
  }

  @Nullable YamlCell required(String key) {
    YamlCell cell = optional(key);
    if (cell == null) {
      problems.add(line, path, Fault.MISSING_KEY, key);
    }
    return cell;
  }

  /** The value read by {@code read}; null after a problem. */
  <T> @Nullable T required(String key, Function<YamlCell, @Nullable T> read) {
    YamlCell cell = required(key);
    return cell == null ? null : read.apply(cell);
  }

  /** The value read by {@code read}, or {@code standard} where the key or a usable value lacks. */
  <T> T optional(String key, T standard, Function<YamlCell, @Nullable T> read) {
    YamlCell cell = optional(key);
    T value = cell == null ? null : read.apply(cell);
    return value == null ? standard : value;
  }

  /** Reports the keys that nobody asked for. */
  void close() {
    for (YamlCell cell : cells.values()) {
      if (!known.contains(cell.name())) {
        cell.fault(Fault.UNKNOWN_KEY, String.join(", ", known));
      }
    }
  }
}
