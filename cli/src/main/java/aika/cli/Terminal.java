package aika.cli;

import aika.bench.Progress;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the process is started from. */
final class Terminal {
  private Terminal() {}

  /** On stderr, so that stdout can be kept: a bar for people, plain lines for files. */
  static Progress progress() {
    return Progress.on(System.err, isThere());
  }

  /** Whether a person can be asked. */
  @SuppressWarnings("SystemConsoleNull") // JDK 25 answers null again when nothing is a terminal
  static boolean isThere() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Whether the person at the terminal says yes; no is what anything else means. */
  static boolean saysYes(PrintWriter err, String question) {
    err.print(question + " [y/N] ");
    err.flush();
    try {
      String answer = line();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    } catch (IOException unreadable) {
      return false;
    }
  }

  /**
   * What is answered to a question, without the spaces around it.
   *
   * @throws CommandException when there is nobody who answers
   */
  static String answer(PrintWriter err, String question) {
    err.print(question + ": ");
    err.flush();
    try {
      String answer = line();
      if (answer != null) {
        return answer.strip();
      }
    } catch (IOException unreadable) {
      throw CommandException.of("Nobody answers.", "答えがありません。", unreadable);
    }
    throw CommandException.of("Nobody answers.", "答えがありません。", null);
  }

  /** Not a byte more than a line, since the next question is answered by the next one. */
  private static @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int read = System.in.read();
    boolean end = read < 0;
    for (; read >= 0 && read != '\n'; read = System.in.read()) {
      line.write(read);
    }
    return end ? null : line.toString(StandardCharsets.UTF_8);
  }
}
