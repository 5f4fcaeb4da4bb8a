package aika.bench;

import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.node.FastEd25519;
import aika.node.order.Chain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
  private final Workers signers;
  private final Workers submitters;
  private final BenchNode node;
  private final Load load;
  private final Residents residents;
  private final Map<String, Long> cpuNanos = new LinkedHashMap<>();
  private double seconds;
  private double listedSeconds;
  private long completed;
  private long waiting;

  private EngineBench(EngineSettings settings, Path data, Ed25519 ed25519, Progress progress) {
    this.settings = settings;
    this.progress = progress;
    signers = new Workers("sign-", Runtime.getRuntime().availableProcessors());
    submitters = new Workers("submit-", settings.submitters());
    node = new BenchNode(settings, data, ed25519);
    load = new Load(node, submitters, settings.inFlight());
    progress.phase("keys", settings.accounts());
    residents = new Residents(settings.accounts(), node.municipalities(), signers);
  }

  /**
   * Measures.
   *
   * @throws BenchException when an order is refused or money is missing at the end
   */
  public static BenchResult run(EngineSettings settings, Progress progress) {
    Ed25519 ed25519 = FastEd25519.install();
    Machine machine = Machine.here();
    Path data = directory(settings);
    try (EngineBench bench = new EngineBench(settings, data, ed25519, progress);
        VerifyMeter meter = new VerifyMeter(ed25519, machine.cores())) {
      return bench.measure(machine, meter);
    } finally {
      progress.close();
      delete(data);
    }
  }

  private BenchResult measure(Machine machine, VerifyMeter meter) {
    openAccounts();
    Transfers sent = new Transfers(residents, settings.stageTransfers() / WARM_UP_PART, 1, signers);
    stage("warm-up: send", Transfers.none(residents, signers), sent);
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
      receiveFrom(sent, 0);
    }
    checkConservation();
    return new BenchResult(
        settings, machine, meter.rate(), measured, measuredSeconds, cpu, listedMillis, latency);
  }

  private void checkSignatures(VerifyMeter meter) {
    progress.phase("signature checks of this machine", 1);
    meter.round(VERIFY_SECONDS);
  }

  private void openAccounts() {
    int count = residents.count();
    progress.phase("open accounts", 2L * count);
    byte[][] opens = new byte[count][];
    byte[][] issues = new byte[count][];
    signers.each(
        count,
        i -> {
          opens[i] = residents.open(i, node.registrar());
          issues[i] = residents.issue(i, node.issuers());
        });
    for (byte[][] orders : List.of(opens, issues)) {
      load.run(
          count, Load.FULL, progress, (i, window) -> window.submit(orders[i], null, index -> {}));
    }
    settle();
  }

  /** Receives what has been sent while sending the next batch; returns that. */
  private Transfers next(String name, Transfers sent) {
    progress.phase("sign orders", 1);
    sent.signReceives(signers);
    Transfers sending =
        new Transfers(residents, settings.stageTransfers(), SEED + completed, signers);
    stage(name, sent, sending);
    return sending;
  }

  private void stage(String name, Transfers receiving, Transfers sending) {
    int sends = sending.count();
    int count = sends + receiving.count();
    progress.phase(name, count);
    CpuTimes before = CpuTimes.now();
    long start = System.nanoTime();
    load.run(
        count,
        Load.FULL,
        progress,
        (i, window) -> {
          int sendsBefore = (int) ((long) i * sends / count);
          int sendsAfter = (int) ((i + 1L) * sends / count);
          if (sendsAfter > sendsBefore) {
            window.submit(
                sending.send(sendsBefore), null, index -> sending.sent(sendsBefore, index));
          } else {
            int receive = i - sendsBefore;
            window.submit(receiving.receive(receive), receiving.id(receive), index -> {});
          }
        });
    waiting += sends - receiving.count();
    settle();
    seconds += (System.nanoTime() - start) / 1e9;
    completed += receiving.count();
    long settled = System.nanoTime();
    list();
    listedSeconds = (System.nanoTime() - settled) / 1e9;
    CpuTimes.add(cpuNanos, before, CpuTimes.now());
  }

  /** Waits until all that was received is approved and settled: only open sends hold money. */
  private void settle() {
    long expected = waiting * Residents.AMOUNT.minor();
    load.await(
        "settlement",
        () -> chains().mapToLong(chain -> chain.head().holds().minor()).sum() == expected);
  }

  /** Waits until everything is approved and the pending list has seen it. */
  private void list() {
    load.await("approval", () -> chains().allMatch(c -> c.approvedSize() == c.size()));
    load.await("listing", () -> chains().allMatch(c -> node.pending().seen(c.id()) == c.size()));
  }

  private Stream<Chain> chains() {
    return node.municipalities().stream().map(node.shard()::chain);
  }

  /** Sends and receives at a steady rate; an order's time runs from when it was due. */
  private Latency halfLoad(double perSecond, Transfers sent) {
    int count = (int) Math.min(sent.count(), perSecond * settings.halfLoadSeconds());
    progress.phase("half load", 2L * count);
    sent.signReceives(signers);
    Transfers sending = new Transfers(residents, count, SEED, signers);
    long[] nanos = new long[count];
    long start = System.nanoTime();
    double ordersPerSecond = 2 * perSecond;
    load.run(
        2 * count,
        ordersPerSecond,
        progress,
        (i, window) -> {
          int transfer = i / 2;
          if (i % 2 == 0) {
            long due = Load.due(start, i, ordersPerSecond);
            window.submit(
                sending.send(transfer),
                null,
                index -> {
                  nanos[transfer] = System.nanoTime() - due;
                  sending.sent(transfer, index);
                });
          } else {
            window.submit(sent.receive(transfer), sent.id(transfer), index -> {});
          }
        });
    settle();
    list();
    receiveFrom(sent, count);
    receiveFrom(sending, 0);
    return Latency.of(nanos);
  }

  /** Receives what is still open, so that the books can be checked. */
  private void receiveFrom(Transfers sent, int first) {
    int count = sent.count() - first;
    progress.phase("receive the rest", count);
    sent.signReceives(signers);
    load.run(
        count,
        Load.FULL,
        progress,
        (i, window) -> window.submit(sent.receive(first + i), sent.id(first + i), index -> {}));
    waiting -= count;
    settle();
    list();
  }

  /** Nothing has appeared and nothing is lost: on no chain, and not between them. */
  private void checkConservation() {
    progress.phase("check conservation", residents.count());
    Map<ChainId, Long> balances = new LinkedHashMap<>();
    for (int i = 0; i < residents.count(); i++) {
      Chain chain = node.shard().chain(residents.id(i).chain());
      Row.Account account = chain.get(new Key.OfAccount(residents.id(i)));
      if (account == null || account.openHolds() != 0) {
        throw new BenchException("account " + residents.id(i) + " is not as it should be");
      }
      balances.merge(chain.id(), account.balance().minor(), Long::sum);
    }
    long clearing = 0;
    for (Chain chain : chains().toList()) {
      Row.Head head = chain.head();
      if (!head.conserved()
          || chain.halted()
          || !head.holds().equals(Money.ZERO)
          || head.balances().minor() != balances.getOrDefault(chain.id(), 0L)) {
        throw new BenchException("money is missing on " + chain.id() + ": " + head);
      }
      clearing += head.clearing().minor();
    }
    long all = balances.values().stream().mapToLong(Long::longValue).sum();
    if (clearing != 0 || all != residents.count() * Residents.FUNDS.minor()) {
      throw new BenchException("money is missing between the chains");
    }
  }

  private static Path directory(EngineSettings settings) {
    try {
      Path asked = settings.directory();
      return asked == null
          ? Files.createTempDirectory("aika-bench-")
          : Files.createDirectory(asked);
    } catch (IOException refused) {
      throw new BenchException("cannot make the data directory: " + refused.getMessage(), refused);
    }
  }

  private static void delete(Path data) {
    try (Stream<Path> all = Files.walk(data)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException refused) {
      throw new UncheckedIOException("cannot delete " + data, refused);
    }
  }

  @Override
  public void close() {
    submitters.close();
    signers.close();
    node.close();
  }
}
