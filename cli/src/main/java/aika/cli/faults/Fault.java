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
  /** A machine is far away: what it says arrives late, and some of it never. */
  FAR(false),
  /** A clock jumps hours ahead, then back. */
  CLOCK(false),
  /** A disk is full. */
  FULL_DISK(false),
  /** A disk takes its time. */
  SLOW_DISK(false),
  /** Bytes of a node's files are changed. */
  CORRUPT(true),
  /** A node loses all its data. */
  LOST(true),
  /** Kill -9 of the machine that leads, of three that are one node. */
  LEADER(false),
  /** Kill -9 of one that stands by. */
  FOLLOWER(false),
  /** The one that leads hears nothing of all others. */
  ALONE(false),
  /** Each is stopped and started again, one after the other, as a new program is brought. */
  UPGRADE(false);

  /** Whether all payments have ended before: what no copy has yet would be lost with the disk. */
  final boolean quiet;

  Fault(boolean quiet) {
    this.quiet = quiet;
  }

  /** As the command line has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it is one of several machines that are one node together. */
  public boolean isOfPeers() {
    return this == LEADER || this == FOLLOWER || this == ALONE || this == UPGRADE;
  }

  /** Why this one cannot be tried in such a laboratory here; empty when it can. */
  public Optional<String> missing(Size size) {
    if (isOfPeers() && size.peers() == 1) {
      return Optional.of("it needs --peers " + Size.PEERS);
    }
    if (this == FAR || this == SLOW_DISK) {
      return Compiled.missing();
    }
    return this == CLOCK && Machine.faketime().isEmpty()
        ? Optional.of("libfaketime is not installed (Debian: faketime)")
        : Optional.empty();
  }
}
