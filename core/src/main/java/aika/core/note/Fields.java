package aika.core.note;

import java.util.function.Function;

/**
 * Strict reader of the project's line texts: a fixed first line, then {@code key value} lines in a
 * fixed order, each ended by a newline. Whoever reads asks for the lines in their order; anything
 * unknown, repeated, missing or out of order is refused with the number of the line at fault.
 */
public final class Fields {
  private final String text;
  private int position;
  private int line = 1;

  private Fields(String text) {
    this.text = text;
  }

  /** Starts reading {@code text}, which must begin with {@code firstLine}. */
  public static Fields of(String text, String firstLine) {
    if (text.isEmpty() || text.charAt(text.length() - 1) != '\n') {
      throw new MalformedException("the text does not end with a newline");
    }
    Fields fields = new Fields(text);
    if (!fields.next().equals(firstLine)) {
      throw new MalformedException("line 1: expected \"" + firstLine + '"');
    }
    return fields;
  }

  /** The value of the next line, whose key must be {@code key}; values are never empty. */
  public String take(String key) {
    if (!nextIs(key)) {
      throw new MalformedException("line " + line + ": expected \"" + key + " …\"");
    }
    position += key.length() + 1;
    String value = next();
    if (value.isEmpty()) {
      throw new MalformedException("line " + (line - 1) + ": \"" + key + "\" has no value");
    }
    return value;
  }

  /** Like {@link #take}, converted by {@code reader}, whose complaint gets the line's number. */
  public <T> T read(String key, Function<String, T> reader) {
    String value = take(key);
    try {
      return reader.apply(value);
    } catch (MalformedException fault) {
      throw new MalformedException("line " + (line - 1) + ": " + fault.getMessage(), fault);
    }
  }

  /** Whether the next line has this key. */
  public boolean nextIs(String key) {
    int end = position + key.length();
    return text.startsWith(key, position) && end < text.length() && text.charAt(end) == ' ';
  }

  /** Number of the next line, from 1; for error messages. */
  public int line() {
    return line;
  }

  /** Refuses anything that is left. */
  public void end() {
    if (position != text.length()) {
      throw new MalformedException("line " + line + ": unexpected line");
    }
  }

  private String next() {
    int newline = text.indexOf('\n', position);
    if (newline < 0) {
      throw new MalformedException("line " + line + ": missing");
    }
    String found = text.substring(position, newline);
    position = newline + 1;
    line++;
    return found;
  }
}
