package aika.node.gateway;

import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes the members of a request's JSON object by name; whatever nobody took is a warning. */
final class Members {
  private static final int WARNINGS_MAX = 16;

  private final Map<String, @Nullable Object> object;
  private final Set<String> unknown;

  Members(Map<String, @Nullable Object> object) {
    this.object = object;
    this.unknown = new LinkedHashSet<>(object.keySet());
  }

  static Members of(byte[] json) {
    return new Members(Json.object(json));
  }

  Map<String, @Nullable Object> object() {
    return object;
  }

  /** A string; null when it is missing or null. */
  @Nullable String text(String name) {
    return switch (take(name)) {
      case null -> null;
      case String text -> text;
      default -> throw new MalformedException(name + " must be a string");
    };
  }

  String required(String name) {
    String text = text(name);
    if (text == null || text.isBlank()) {
      throw new MalformedException(name + " is missing");
    }
    return text;
  }

  /** A value that must be there. */
  static <T> T present(String name, @Nullable T value) {
    if (value == null) {
      throw new MalformedException(name + " is missing");
    }
    return value;
  }

  /** A string, under the first name or else under the second. */
  @Nullable String text(String name, String alias) {
    String first = text(name);
    String second = text(alias);
    if (first != null && second != null && !first.equals(second)) {
      throw new MalformedException(alias + " says something else than " + name);
    }
    return first == null ? second : first;
  }

  /** A number's literal, or a string. */
  String numberOrText(String name) {
    return switch (take(name)) {
      case null -> throw new MalformedException(name + " is missing");
      case String text -> text;
      case JsonNumber number -> number.toString();
      default -> throw new MalformedException(name + " must be a number or a string");
    };
  }

  boolean flag(String name) {
    return switch (take(name)) {
      case null -> false;
      case Boolean flag -> flag;
      default -> throw new MalformedException(name + " must be true or false");
    };
  }

  /** What a string means; null when it is missing. */
  <T> @Nullable T read(String name, Function<String, T> meaning) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      return meaning.apply(text);
    } catch (MalformedException fault) {
      throw new MalformedException(name + ": " + fault.getMessage(), fault);
    }
  }

  private @Nullable Object take(String name) {
    unknown.remove(name);
    return object.get(name);
  }

  /** The names that mean nothing here. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (String name : unknown) {
      if (warnings.size() < WARNINGS_MAX) {
        warnings.add("unknown field ignored: " + Shown.of(name));
      }
    }
    return warnings;
  }
}
