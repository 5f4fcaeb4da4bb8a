package aika.bench;

import aika.core.note.Ed25519;
import aika.node.FastSignatures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What old outcomes that wait to be settled cost fresh transfers. In turns fresh transfers are
 * timed on a node that has nothing else to do, and on one whose followers come back to so many
 * decisions that nobody has brought to their senders' chains.
 */
public final class BacklogBench implements AutoCloseable {
  private static final int IN_FLIGHT = 4_096;
  private static final int WARM_UP_TRANSFERS = 20_000;

  private final BacklogSettings settings;
  private final Progress progress;
  private final LoadedNode ledger;
  private long seed;

  private BacklogBench(BacklogSettings settings, Path data, Ed25519 ed25519, Progress progress) {
    this.settings = settings;
    this.progress = progress;
    int cores = Runtime.getRuntime().availableProcessors();
    BenchNode node = new BenchNode(settings.municipalities(), false, data, ed25519);
    ledger = new LoadedNode(node, settings.accounts(), cores, IN_FLIGHT, progress);
  }

  /**
   * Measures.
   *
   * @throws BenchException when an order is refused or money is missing at the end
   */
  public static BacklogResult run(BacklogSettings settings, Progress progress) {
    Ed25519 ed25519 = FastSignatures.install();
    Machine machine = Machine.here();
    Path data = DataDirectory.make(settings.directory());
    try (BacklogBench bench = new BacklogBench(settings, data, ed25519, progress)) {
      return bench.measure(machine);
    } finally {
      progress.close();
      DataDirectory.delete(data);
    }
  }

  private BacklogResult measure(Machine machine) {
    ledger.openAccounts();
    warmUp();
    List<BacklogResult.Round> rounds = new ArrayList<>();
    for (int round = 1; round <= settings.rounds(); round++) {
      progress.phase("no backlog " + round, 1);
      int count = settings.perSecond() * settings.seconds();
      FreshTransfers.Times without = fresh(count, false);
      Transfers old = ledger.sign(settings.backlog(), seed++);
      double _ = ledger.stage("send what will be old", ledger.sign(0, seed++), old);
      ledger.list();
      ledger.receiveUnfollowed(old);
      progress.phase("backlog " + round, 1);
      long start = System.nanoTime();
      ledger.node().follow();
      FreshTransfers.Times with = fresh(count, true);
      ledger.settle();
      rounds.add(new BacklogResult.Round(without, with, (System.nanoTime() - start) / 1e9));
    }
    ledger.list();
    ledger.checkConservation();
    return new BacklogResult(settings, machine, rounds);
  }

  private void warmUp() {
    Transfers sent = ledger.sign(WARM_UP_TRANSFERS, seed++);
    double all = ledger.stage("warm-up: send", ledger.sign(0, seed++), sent);
    while (all < settings.warmUpSeconds()) {
      Transfers sending = ledger.sign(sent, WARM_UP_TRANSFERS, seed++);
      ledger.list();
      all += ledger.stage("warm-up", sent, sending);
      sent = sending;
    }
    ledger.list();
    ledger.receiveFrom(sent, 0);
  }

  /** Beside a backlog only as long as one waits: fewer than what is fresh cannot be old ones. */
  private FreshTransfers.Times fresh(int count, boolean backlog) {
    FreshTransfers fresh = new FreshTransfers(ledger.node(), ledger.residents(), seed++);
    return fresh.run(
        count, settings.perSecond(), () -> backlog && ledger.unsettled() <= fresh.open());
  }

  @Override
  public void close() {
    ledger.close();
  }
}
