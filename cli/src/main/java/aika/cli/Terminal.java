package aika.cli;

import aika.bench.Progress;
import java.io.Console;

/** What the process is started from. */
final class Terminal {
  private Terminal() {}

  /** On stderr, so that stdout can be kept: a bar for people, plain lines for files. */
  @SuppressWarnings("SystemConsoleNull") // JDK 25 answers null again when nothing is a terminal
  static Progress progress() {
    Console console = System.console();
    return Progress.on(System.err, console != null && console.isTerminal());
  }
}
