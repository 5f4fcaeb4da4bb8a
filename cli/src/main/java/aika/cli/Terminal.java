package aika.cli;

import aika.bench.Progress;
import java.io.Console;
import java.util.Objects;

/** What the process is started from. */
final class Terminal {
  private Terminal() {}

  /** On stderr, so that stdout can be kept: a bar for people, plain lines for files. */
  static Progress progress() {
    Console console = Objects.requireNonNull(System.console(), "never null since JDK 22");
    return Progress.on(System.err, console.isTerminal());
  }
}
