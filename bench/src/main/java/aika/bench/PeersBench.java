package aika.bench;

import aika.core.note.Ed25519;
import aika.node.FastSignatures;
import java.nio.file.Path;

/**
 * What three peers cost, beside one peer in the same run, and how fast one that was away catches
 * up. All peers run in this process and share its processors, so each transfer is executed three
 * times here; on machines of their own they would not wait for each other.
 */
public final class PeersBench {
  private static final int PEERS = 3;
  private static final int IN_FLIGHT = 4_096;
  private static final int AWAY_STAGES = 2;

  private final PeersSettings settings;
  private final Progress progress;
  private final Ed25519 ed25519;
  private final Path data;
  private long seed = 1;

  private PeersBench(PeersSettings settings, Path data, Ed25519 ed25519, Progress progress) {
    this.settings = settings;
    this.data = data;
    this.ed25519 = ed25519;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @throws BenchException when an order is refused, money is missing at the end, or peers differ
   */
  public static PeersResult run(PeersSettings settings, Progress progress) {
    Ed25519 ed25519 = FastSignatures.install();
    Machine machine = Machine.here();
    Path data = DataDirectory.make(settings.directory());
    try {
      return new PeersBench(settings, data, ed25519, progress).measure(machine);
    } finally {
      progress.close();
      DataDirectory.delete(data);
    }
  }

  private PeersResult measure(Machine machine) {
    double one;
    try (LoadedNode ledger = ledger(1, data.resolve("one"))) {
      ledger.openAccounts();
      Running running = new Running(ledger, "one peer");
      one = running.rate();
      running.end();
    }
    try (LoadedNode ledger = ledger(PEERS, data.resolve("three"))) {
      ledger.openAccounts();
      Running running = new Running(ledger, "three peers");
      double three = running.rate();
      PeerShards peers = ledger.node().peers();
      String away = peers.stopOne();
      PeersResult.Away stopped = running.without(peers, () -> peers.startAgain(away));
      String gone = peers.stopOne();
      PeersResult.Away fresh = running.without(peers, () -> peers.replace(gone, "fresh"));
      running.end();
      return new PeersResult(settings, machine, one, three, stopped, fresh);
    }
  }

  private LoadedNode ledger(int peers, Path directory) {
    BenchNode node = new BenchNode(settings.municipalities(), false, peers, directory, ed25519);
    int cores = Runtime.getRuntime().availableProcessors();
    return new LoadedNode(node, settings.accounts(), cores, IN_FLIGHT, progress);
  }

  @FunctionalInterface
  private interface Return {
    double seconds();
  }

  /** Stages of load on one ledger, each of which receives what the one before it sent. */
  private final class Running {
    private final LoadedNode ledger;
    private final String name;
    private Transfers sent;

    Running(LoadedNode ledger, String name) {
      this.ledger = ledger;
      this.name = name;
      sent = ledger.sign(settings.stageTransfers(), seed++);
      double _ = ledger.stage(name + ": send", ledger.sign(0, seed++), sent);
      ledger.list();
    }

    private double stage() {
      Transfers sending = ledger.sign(sent, settings.stageTransfers(), seed++);
      double seconds = ledger.stage(name, sent, sending);
      ledger.list();
      sent = sending;
      return seconds;
    }

    /** Complete transfers a second. */
    double rate() {
      for (double warm = 0; warm < settings.warmUpSeconds(); warm += stage()) {}
      double seconds = 0;
      long completed = 0;
      while (seconds < settings.seconds()) {
        completed += sent.count();
        seconds += stage();
      }
      return completed / seconds;
    }

    /** Writes while a peer is away, and has it come back. */
    PeersResult.Away without(PeerShards peers, Return back) {
      long before = PeerShards.leaves(peers.leader());
      double seconds = 0;
      for (int i = 0; i < AWAY_STAGES; i++) {
        seconds += stage();
      }
      long leaves = PeerShards.leaves(peers.leader());
      return new PeersResult.Away(leaves, leaves - before, seconds, back.seconds());
    }

    void end() {
      ledger.receiveFrom(sent, 0);
      ledger.checkConservation();
    }
  }
}
