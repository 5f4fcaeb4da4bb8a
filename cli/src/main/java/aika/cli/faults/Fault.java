package aika.cli.faults;

import java.util.Locale;
import java.util.Optional;

/** What can be done to a federation. Each ends by itself and leaves every machine running. */
public enum Fault {
  /** Kill -9 of nodes, municipal and continental. */
  KILL(false),
  /** A node neither works nor ends. */
  FREEZE(false),
  /** A machine hears nothing of the others. */
  CUT(false),
  /** The continents hear nothing of each other. */
  SPLIT(false),
  /** Links that break again and again. */
  FLAKY(false),
  /** A clock jumps hours ahead, then back. */
  CLOCK(false),
  /** A disk is full. */
  FULL_DISK(false),
  /** Bytes of a node's files are changed. */
  CORRUPT(true),
  /** A node loses all its data. */
  LOST(true);

  /** Whether all payments have ended before: what no copy has yet would be lost with the disk. */
  final boolean quiet;

  Fault(boolean quiet) {
    this.quiet = quiet;
  }

  /** As the command line has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Why this one cannot be tried here; empty when it can. */
  public Optional<String> missing() {
    return this == CLOCK && Machine.faketime().isEmpty()
        ? Optional.of("libfaketime is not installed (Debian: faketime)")
        : Optional.empty();
  }
}
