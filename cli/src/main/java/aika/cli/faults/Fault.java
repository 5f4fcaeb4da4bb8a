package aika.cli.faults;

import java.util.Locale;
import java.util.Optional;

/** What can be done to a federation. Each ends by itself and leaves every machine running. */
public enum Fault {
  /** Kill -9 of nodes, municipal and continental. */
  KILL(Scope.FEDERATION, false),
  /** A node neither works nor ends. */
  FREEZE(Scope.FEDERATION, false),
  /** A machine hears nothing of the others. */
  CUT(Scope.FEDERATION, false),
  /** The continents hear nothing of each other. */
  SPLIT(Scope.FEDERATION, false),
  /** Links that break again and again. */
  FLAKY(Scope.FEDERATION, false),
  /** A clock jumps hours ahead, then back. */
  CLOCK(Scope.FEDERATION, false),
  /** A disk is full. */
  FULL_DISK(Scope.FEDERATION, false),
  /** Bytes of a node's files are changed. */
  CORRUPT(Scope.FEDERATION, true),
  /** A node loses all its data. */
  LOST(Scope.FEDERATION, true),
  /** Kill -9 of the machine that leads, of three that are one node. */
  LEADER(Scope.PEERS, false),
  /** Kill -9 of one that stands by. */
  FOLLOWER(Scope.PEERS, false),
  /** The one that leads hears nothing of all others. */
  ALONE(Scope.PEERS, false);

  private final Scope scope;

  /** Whether all payments have ended before: what no copy has yet would be lost with the disk. */
  final boolean quiet;

  private enum Scope {
    FEDERATION,
    PEERS
  }

  Fault(Scope scope, boolean quiet) {
    this.scope = scope;
    this.quiet = quiet;
  }

  /** As the command line has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it is one of several machines that are one node together. */
  public boolean isOfPeers() {
    return scope == Scope.PEERS;
  }

  /** Why this one cannot be tried in such a laboratory here; empty when it can. */
  public Optional<String> missing(Size size) {
    if (isOfPeers() && size.peers() == 1) {
      return Optional.of("it needs --peers " + Size.PEERS);
    }
    return this == CLOCK && Machine.faketime().isEmpty()
        ? Optional.of("libfaketime is not installed (Debian: faketime)")
        : Optional.empty();
  }
}
