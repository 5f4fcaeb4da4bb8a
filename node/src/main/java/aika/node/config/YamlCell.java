package aika.node.config;

import aika.core.money.Money;
import aika.core.note.MalformedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One value of the file with its place. Each reading method answers with null after it has added a
 * problem, so that the reader can go on and find the next one.
 *
 * @param name the key or, in a list, the position from 1
 * @param path the keys that lead here, {@code municipalities.Asia-Komatsu.http}
 */
record YamlCell(String name, String path, int line, Node node, Problems problems) {
  private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
  private static final int FOUND_CHARS_MAX = 40;

  void fault(Fault fault, Object... arguments) {
    problems.add(line, path, fault, arguments);
  }

  @Nullable String text() {
    String text = textOrNull();
    if (text == null) {
      wrongType(Fault.Shape.TEXT);
    }
    return text;
  }

  /** Like {@link #text}, but a fault does not show what was found. */
  @Nullable String secretText() {
    String text = textOrNull();
    if (text == null) {
      fault(Fault.NOT_LIKE, Fault.Shape.QUOTED);
    }
    return text;
  }

  private @Nullable String textOrNull() {
    return node instanceof ScalarNode scalar
            && (!scalar.isPlain() || scalar.getTag().equals(Tag.STR))
        ? scalar.getValue()
        : null;
  }

  /** Like {@link #text} where a plain number is as good as a quoted one. */
  @Nullable String scalar(Fault.Shape shape) {
    if (node instanceof ScalarNode scalar && !(scalar.isPlain() && scalar.getValue().isEmpty())) {
      return scalar.getValue();
    }
    wrongType(shape);
    return null;
  }

  @Nullable Long number() {
    if (node instanceof ScalarNode scalar
        && scalar.isPlain()
        && NUMBER.matcher(scalar.getValue()).matches()) {
      return Long.valueOf(scalar.getValue());
    }
    wrongType(Fault.Shape.NUMBER);
    return null;
  }

  @Nullable Integer number(int min, int max) {
    Long value = number();
    if (value == null) {
      return null;
    }
    if (value < min || value > max) {
      fault(Fault.OUT_OF_RANGE, value, min, max);
      return null;
    }
    return value.intValue();
  }

  @Nullable Duration duration(Duration min, Duration max) {
    String text = scalar(Fault.Shape.DURATION);
    if (text == null) {
      return null;
    }
    Optional<Duration> value = DurationText.parse(text);
    if (value.isEmpty()) {
      wrongType(Fault.Shape.DURATION);
      return null;
    }
    if (value.get().compareTo(min) < 0 || value.get().compareTo(max) > 0) {
      fault(Fault.OUT_OF_RANGE, text, DurationText.of(min), DurationText.of(max));
      return null;
    }
    return value.get();
  }

  @Nullable Money amount(Money min, Money max) {
    String text = scalar(Fault.Shape.AMOUNT);
    if (text == null) {
      return null;
    }
    try {
      Money value = Money.lenient(text);
      if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
        return value;
      }
      fault(Fault.OUT_OF_RANGE, value, min, max);
      return null;
    } catch (MalformedException malformed) {
      wrongType(Fault.Shape.AMOUNT);
      return null;
    }
  }

  @Nullable Boolean truth() {
    if (node instanceof ScalarNode scalar && scalar.isPlain()) {
      if (scalar.getValue().equals("true")) {
        return true;
      }
      if (scalar.getValue().equals("false")) {
        return false;
      }
    }
    wrongType(Fault.Shape.TRUTH);
    return null;
  }

  @Nullable YamlSection section() {
    if (node instanceof MappingNode mapping) {
      return new YamlSection(path, line, mapping, problems);
    }
    wrongType(Fault.Shape.SECTION);
    return null;
  }

  @Nullable List<YamlCell> list() {
    if (!(node instanceof SequenceNode sequence)) {
      wrongType(Fault.Shape.LIST);
      return null;
    }
    List<YamlCell> cells = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      int at = item.getStartMark().map(YamlText::line).orElse(line);
      int position = cells.size() + 1;
      cells.add(
          new YamlCell(
              Integer.toString(position), path + '[' + position + ']', at, item, problems));
    }
    return cells;
  }

  void wrongType(Fault.Shape expected) {
    fault(Fault.WRONG_TYPE, expected, found());
  }

  private Object found() {
    return switch (node) {
      case MappingNode mapping -> Fault.Shape.SECTION;
      case SequenceNode sequence -> Fault.Shape.LIST;
      case ScalarNode scalar when scalar.isPlain() && scalar.getValue().isEmpty() ->
          Fault.Shape.NOTHING;
      case ScalarNode scalar -> told(scalar.getValue());
      default -> node.getNodeType();
    };
  }

  /** A value in a message, or that it is none of the message's business. */
  Object told(String value) {
    return problems.isSecretive() ? Fault.Shape.HIDDEN : shown(value);
  }

  /** Text of the file in a message: shortened and without control characters. */
  static String shown(String text) {
    String start =
        text.length() > FOUND_CHARS_MAX ? text.substring(0, FOUND_CHARS_MAX) + "…" : text;
    return '"' + start.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
