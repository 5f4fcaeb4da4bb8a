package aika.node.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text of the operator's file with {@code ${NAME}} from the environment and {@code ${file:PATH}}
 * from a file (SNK-4). What was found is in no message.
 */
final class SecretText {
  static final int CHARS_MAX = 4_096;

  /** Of a file: a character has at most three in UTF-8; the rest is for the ends of lines. */
  private static final int FILE_BYTES_MAX = 4 * CHARS_MAX;

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)(}?)");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final String FILE = "file:";

  private final Path directory;
  private final Function<String, @Nullable String> environment;

  /**
   * @param directory from which relative paths start
   */
  SecretText(Path directory, Function<String, @Nullable String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /** A password or a token, as it is. */
  @Nullable String of(YamlCell cell) {
    String text = cell.secretText();
    return text == null ? null : expanded(cell, text, false);
  }

  /**
   * An address: what comes from elsewhere is a part of it and is percent-encoded, so that a
   * password may have any character, unless it is all of it.
   */
  @Nullable String ofAddress(YamlCell cell) {
    String text = cell.secretText();
    return text == null ? null : expanded(cell, text, !REFERENCE.matcher(text).matches());
  }

  private @Nullable String expanded(YamlCell cell, String text, boolean encoded) {
    Matcher references = REFERENCE.matcher(text);
    StringBuilder out = new StringBuilder();
    int end = 0;
    while (references.find()) {
      String value = references.group(2).isEmpty() ? bad(cell) : value(cell, references.group(1));
      if (value == null) {
        return null;
      }
      out.append(text, end, references.start()).append(encoded ? encode(value) : value);
      end = references.end();
    }
    return checked(cell, out.append(text, end, text.length()).toString());
  }

  private static @Nullable String checked(YamlCell cell, String value) {
    if (value.isEmpty() || value.length() > CHARS_MAX) {
      cell.fault(Fault.SECRET_LENGTH, CHARS_MAX);
      return null;
    }
    return value;
  }

  private @Nullable String value(YamlCell cell, String reference) {
    if (reference.startsWith(FILE)) {
      return file(cell, reference.substring(FILE.length()));
    }
    if (!VARIABLE.matcher(reference).matches()) {
      return bad(cell);
    }
    String value = environment.apply(reference);
    if (value == null) {
      cell.fault(Fault.NO_VARIABLE, reference);
    }
    return value;
  }

  private static @Nullable String bad(YamlCell cell) {
    cell.fault(Fault.BAD_REFERENCE);
    return null;
  }

  private @Nullable String file(YamlCell cell, String name) {
    Path file = existing(cell, name, name, true);
    if (file == null) {
      return null;
    }
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        cell.fault(Fault.SECRET_LENGTH, CHARS_MAX);
        return null;
      }
      return Files.readString(file, UTF_8).stripTrailing(); // editors end the last line
    } catch (IOException unreadable) {
      cell.fault(Fault.UNREADABLE_FILE, name, unreadable.getClass().getSimpleName());
      return null;
    }
  }

  /** A file that is named as it is, such as a certificate. */
  @Nullable Path file(YamlCell cell, boolean secret) {
    String name = cell.text();
    return name == null ? null : existing(cell, name, cell.told(name), secret);
  }

  /**
   * @param told the name in messages: who writes a key itself for its file must not see it there
   */
  private @Nullable Path existing(YamlCell cell, String name, Object told, boolean secret) {
    try {
      Path file = directory.resolve(name).normalize();
      if (secret && DurableFile.openToOthers(file)) {
        cell.fault(Fault.OPEN_TO_OTHERS, name); // it exists, so it is a name
        return null;
      }
      if (!Files.isRegularFile(file)) {
        throw new NoSuchFileException(name);
      }
      return file;
    } catch (NoSuchFileException missing) {
      cell.fault(Fault.MISSING_FILE, told);
    } catch (IOException | IllegalArgumentException unreadable) {
      cell.fault(Fault.UNREADABLE_FILE, told, unreadable.getClass().getSimpleName());
    }
    return null;
  }

  /** By RFC 3986: everything but its unreserved characters. */
  private static String encode(String value) {
    return URLEncoder.encode(value, UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
