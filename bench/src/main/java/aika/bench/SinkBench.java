package aika.bench;

import aika.core.note.Ed25519;
import aika.node.FastSignatures;
import aika.node.sink.NodeSource;
import aika.node.sink.Sinks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What sinks cost the ledger, and how fast they are. First the answers to sends are timed at a
 * steady rate, in turns without any sink and beside two whose stores answer slowly and never; then
 * each store follows the log that was written.
 */
public final class SinkBench implements AutoCloseable {
  private static final int IN_FLIGHT = 4_096;
  private static final double STEADY_PART = 0.5;

  private final SinkSettings settings;
  private final Progress progress;
  private final Path data;
  private final LoadedNode ledger;
  private final NodeSource source;
  private final SlowSink slow;
  private final SlowSink hanging;
  private long seed;

  private SinkBench(SinkSettings settings, Path data, Ed25519 ed25519, Progress progress) {
    this.settings = settings;
    this.progress = progress;
    this.data = data;
    int cores = Runtime.getRuntime().availableProcessors();
    BenchNode node = new BenchNode(settings.municipalities(), false, data, ed25519);
    ledger = new LoadedNode(node, settings.accounts(), cores, IN_FLIGHT, progress);
    source = new NodeSource(node.shard());
    slow = new SlowSink("slow", source, settings.slowMillis());
    hanging = new SlowSink("hanging", source, SlowSink.NEVER);
  }

  /**
   * Measures.
   *
   * @throws BenchException when an order is refused, money is missing at the end, or a store holds
   *     something else than the log
   */
  public static SinkResult run(SinkSettings settings, Progress progress) {
    Ed25519 ed25519 = FastSignatures.install();
    Machine machine = Machine.here();
    Path data = DataDirectory.make(settings.directory());
    try (SinkBench bench = new SinkBench(settings, data, ed25519, progress)) {
      return bench.measure(machine);
    } finally {
      progress.close();
      DataDirectory.delete(data);
    }
  }

  private SinkResult measure(Machine machine) {
    List<MeasuredStore> stores = stores(); // refuses what cannot be read before any work is done
    ledger.openAccounts();
    Transfers sent = ledger.sign(settings.stageTransfers(), seed++);
    double all = ledger.stage("warm-up: send", ledger.sign(0, seed++), sent);
    ledger.list();
    double seconds;
    long leavesBefore;
    long leaves;
    do {
      Transfers sending = ledger.sign(sent, settings.stageTransfers(), seed++);
      leavesBefore = leaves();
      seconds = ledger.stage("full load", sent, sending);
      ledger.list();
      leaves = leaves() - leavesBefore;
      all += seconds;
      sent = sending;
    } while (all < settings.warmUpSeconds());
    double full = settings.stageTransfers() / seconds;
    List<SinkResult.Round> rounds = rounds(sent, full);
    ledger.checkConservation();
    List<Followed> followed = new ArrayList<>();
    for (MeasuredStore store : stores) {
      followed.add(store.measure(settings.followSeconds()));
    }
    return new SinkResult(
        settings,
        machine,
        full,
        leaves / seconds,
        perSecond(full),
        rounds,
        slow.leaves(),
        followed);
  }

  private double perSecond(double full) {
    return settings.perSecond() > 0 ? settings.perSecond() : full * STEADY_PART;
  }

  private List<MeasuredStore> stores() {
    List<MeasuredStore.Kind> kinds = new ArrayList<>(List.of(MeasuredStore.Kind.ANALYTICS));
    if (settings.mongodb() != null) {
      kinds.add(MeasuredStore.Kind.MONGODB);
    }
    if (settings.immudb() != null) {
      kinds.add(MeasuredStore.Kind.IMMUDB);
    }
    return kinds.stream()
        .map(kind -> new MeasuredStore(kind, ledger.node(), source, settings, data, progress))
        .toList();
  }

  private long leaves() {
    return ledger.node().shard().chains().stream().mapToLong(chain -> chain.size()).sum();
  }

  /** In turns, and every other time the other way round, so that a drift hits both alike. */
  private List<SinkResult.Round> rounds(Transfers before, double full) {
    double perSecond = perSecond(full);
    int count = (int) Math.max(1, perSecond * settings.roundSeconds());
    Transfers sent = ledger.sign(before, count, seed++);
    double _ = ledger.stage("prepare", before, sent);
    ledger.list();
    List<SinkResult.Round> rounds = new ArrayList<>();
    for (int round = 0; round < settings.rounds(); round++) {
      long[][] nanos = new long[2][];
      for (int turn = 0; turn < 2; turn++) {
        int with = (round + turn) % 2;
        Transfers sending = ledger.sign(sent, count, seed++);
        String name = (with == 1 ? "slow store " : "no store ") + (round + 1);
        nanos[with] =
            with == 1
                ? besideSlowSinks(name, sent, sending, perSecond)
                : ledger.steady(name, sent, sending, perSecond);
        sent = sending;
      }
      rounds.add(new SinkResult.Round(nanos[0], nanos[1]));
    }
    ledger.receiveFrom(sent, 0);
    return rounds;
  }

  private long[] besideSlowSinks(
      String name, Transfers receiving, Transfers sending, double perSecond) {
    slow.reconnect();
    hanging.reconnect();
    try (Sinks sinks =
        new Sinks(
            ledger.node().shard().changes(), List.of(slow, hanging), System::currentTimeMillis)) {
      sinks.start();
      long[] nanos = ledger.steady(name, receiving, sending, perSecond);
      hanging.close(); // or closing would wait some seconds for it
      return nanos;
    }
  }

  @Override
  public void close() {
    slow.close();
    hanging.close();
    source.close();
    ledger.close();
  }
}
