package aika.cli;

import aika.bench.Progress;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

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
      String answer =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    } catch (IOException unreadable) {
      return false;
    }
  }
}
