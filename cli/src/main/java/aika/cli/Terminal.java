package aika.cli;

import aika.bench.Progress;
import java.io.Console;

/** What the process is started from. */
final class Terminal {
  private Terminal() {}

  /** On stderr, so that stdout can be kept: a bar for people, plain lines for files. */
  static Progress progress() {
    Console console = System.console(); // null or no terminal, depending on the JDK
    return Progress.on(System.err, console != null && console.isTerminal());
  }
}
