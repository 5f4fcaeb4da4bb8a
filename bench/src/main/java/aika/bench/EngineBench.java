package aika.bench;

import aika.core.note.Ed25519;
import aika.node.FastSignatures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Complete transfers a second of one node, durable, with every signature checked: send and receive
 * signed by real keys, blocks approved by five seats, the hold settled at the origin, the pending
 * list followed.
 *
 * <p>A receive names its send's leaf, so it can only be signed when that is known. The load
 * therefore runs in stages: each sends one batch and receives the batch before it; between the
 * stages, while no clock runs, the next orders are signed.
 */
public final class EngineBench implements AutoCloseable {
  private static final double VERIFY_SECONDS = 0.5;
  private static final int WARM_UP_PART = 4;
  private static final long SEED = 2026_11_22;

  private final EngineSettings settings;
  private final Progress progress;
  private final LoadedNode ledger;
  private final Map<String, Long> cpuNanos = new LinkedHashMap<>();
  private double seconds;
  private double listedSeconds;
  private long completed;

  private EngineBench(EngineSettings settings, Path data, Ed25519 ed25519, Progress progress) {
    this.settings = settings;
    this.progress = progress;
    ledger =
        new LoadedNode(
            new BenchNode(settings.municipalities(), settings.separateCosigners(), data, ed25519),
            settings.accounts(),
            settings.submitters(),
            settings.inFlight(),
            progress);
  }

  /**
   * Measures.
   *
   * @throws BenchException when an order is refused or money is missing at the end
   */
  public static BenchResult run(EngineSettings settings, Progress progress) {
    Ed25519 ed25519 = FastSignatures.install();
    Machine machine = Machine.here();
    Path data = DataDirectory.make(settings.directory());
    try (EngineBench bench = new EngineBench(settings, data, ed25519, progress);
        VerifyMeter meter = new VerifyMeter(ed25519, machine.cores())) {
      return bench.measure(machine, meter);
    } finally {
      progress.close();
      DataDirectory.delete(data);
    }
  }

  private BenchResult measure(Machine machine, VerifyMeter meter) {
    ledger.openAccounts();
    Transfers sent = ledger.sign(settings.stageTransfers() / WARM_UP_PART, 1);
    stage("warm-up: send", ledger.sign(0, 0), sent);
    do {
      sent = next("warm-up", sent);
      checkSignatures(meter);
    } while (seconds < settings.warmUpSeconds());
    meter.clear();
    cpuNanos.clear();
    seconds = 0;
    completed = 0;
    while (seconds < settings.seconds()) {
      sent = next("full load", sent);
      checkSignatures(meter);
    }
    long measured = completed;
    double measuredSeconds = seconds;
    double listedMillis = 1e3 * listedSeconds;
    List<BenchResult.Cpu> cpu = new ArrayList<>();
    cpuNanos.forEach((group, nanos) -> cpu.add(new BenchResult.Cpu(group, nanos / 1e3 / measured)));
    Latency latency = Latency.NONE;
    if (settings.halfLoadSeconds() > 0) {
      latency = halfLoad(measured / measuredSeconds / 2, sent);
    } else {
      ledger.receiveFrom(sent, 0);
    }
    ledger.checkConservation();
    return new BenchResult(
        settings, machine, meter.rate(), measured, measuredSeconds, cpu, listedMillis, latency);
  }

  private void checkSignatures(VerifyMeter meter) {
    progress.phase("signature checks of this machine", 1);
    meter.round(VERIFY_SECONDS);
  }

  /** Receives what has been sent while sending the next batch; returns that. */
  private Transfers next(String name, Transfers sent) {
    Transfers sending = ledger.sign(sent, settings.stageTransfers(), SEED + completed);
    stage(name, sent, sending);
    return sending;
  }

  private void stage(String name, Transfers receiving, Transfers sending) {
    CpuTimes before = CpuTimes.now();
    seconds += ledger.stage(name, receiving, sending);
    completed += receiving.count();
    long settled = System.nanoTime();
    ledger.list();
    listedSeconds = (System.nanoTime() - settled) / 1e9;
    CpuTimes.add(cpuNanos, before, CpuTimes.now());
  }

  /** Sends and receives at a steady rate. */
  private Latency halfLoad(double perSecond, Transfers sent) {
    int count = (int) Math.min(sent.count(), perSecond * settings.halfLoadSeconds());
    Transfers sending = ledger.sign(sent, count, SEED);
    long[] nanos = ledger.steady("half load", sent, sending, perSecond);
    ledger.receiveFrom(sent, count);
    ledger.receiveFrom(sending, 0);
    return Latency.of(nanos);
  }

  @Override
  public void close() {
    ledger.close();
  }
}
