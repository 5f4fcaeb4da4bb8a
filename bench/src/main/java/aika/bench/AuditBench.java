package aika.bench;

import aika.core.audit.AuditReport;
import aika.core.audit.FederationAudit;
import aika.core.audit.PublishedLog;
import aika.core.ledger.Directory;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.node.FastSignatures;
import aika.node.order.Chain;
import aika.node.store.AuditStore;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Transfers a second that an audit of everything checks: a node writes the logs of a federation
 * with real keys, its published files are copied to a directory, and an audit with an empty state
 * directory reads them from there, again and again.
 */
public final class AuditBench {
  private static final double VERIFY_SECONDS = 0.5;
  private static final long SEED = 2026_11_27;
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final AuditSettings settings;
  private final Progress progress;
  private final Ed25519 ed25519;
  private final Path data;
  private long leaves;
  private double seconds;
  private double cpuSeconds;
  private double resumedSeconds;

  /** Measured in the first audit, which is not timed. */
  private long liveBytes;

  private AuditBench(AuditSettings settings, Path data, Ed25519 ed25519, Progress progress) {
    this.settings = settings;
    this.data = data;
    this.ed25519 = ed25519;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @throws BenchException when the audit finds something
   */
  public static AuditResult run(AuditSettings settings, Progress progress) {
    Ed25519 ed25519 = FastSignatures.install();
    Machine machine = Machine.here();
    Path data = DataDirectory.make(settings.directory());
    try (VerifyMeter meter = new VerifyMeter(ed25519, machine.cores())) {
      return new AuditBench(settings, data, ed25519, progress).measure(machine, meter);
    } finally {
      progress.close();
      DataDirectory.delete(data);
    }
  }

  private AuditResult measure(Machine machine, VerifyMeter meter) {
    Directory directory = published();
    audit(directory, "warm-up");
    meter.round(VERIFY_SECONDS);
    meter.clear();
    seconds = 0;
    cpuSeconds = 0;
    resumedSeconds = 0;
    for (int round = 1; round <= settings.rounds(); round++) {
      progress.phase("signature checks of this machine", 1);
      meter.round(VERIFY_SECONDS);
      audit(directory, "audit " + round);
    }
    meter.round(VERIFY_SECONDS);
    return new AuditResult(
        settings,
        machine,
        meter.rate(),
        leaves,
        seconds / settings.rounds(),
        cpuSeconds / settings.rounds(),
        resumedSeconds / settings.rounds(),
        liveBytes);
  }

  /** Has a node write the logs, and copies what it publishes. */
  private Directory published() {
    BenchNode node = new BenchNode(settings.municipalities(), false, data.resolve("node"), ed25519);
    try (LoadedNode ledger =
        new LoadedNode(
            node,
            settings.accounts(),
            Runtime.getRuntime().availableProcessors(),
            4_096,
            progress)) {
      ledger.openAccounts();
      Transfers sent = ledger.sign(settings.transfers(), SEED);
      double _ = ledger.stage("send", ledger.sign(0, 0), sent);
      ledger.list();
      ledger.receiveFrom(sent, 0);
      progress.phase("copy the logs", 1);
      for (ChainId id : node.directory().chains().keySet()) {
        copy(node.shard().chain(id), data.resolve("published").resolve(id.value()));
      }
      return node.directory();
    }
  }

  private static void copy(Chain chain, Path to) {
    SignedCheckpoint signed = chain.approved();
    if (signed == null) {
      throw new BenchException(chain.id() + " has no approved checkpoint");
    }
    long size = signed.checkpoint().size();
    List<TilePath> paths = new ArrayList<>();
    int width;
    for (long i = 0; (width = TilePath.widthAt(0, i, size)) > 0; i++) {
      paths.add(new TilePath.Entries(i, width));
    }
    for (int level = 0; TilePath.widthAt(level, 0, size) > 0; level++) {
      for (long i = 0; (width = TilePath.widthAt(level, i, size)) > 0; i++) {
        paths.add(new TilePath.Hashes(level, i, width));
      }
    }
    try {
      Files.createDirectories(to);
      Files.write(to.resolve("checkpoint"), signed.encode());
      for (TilePath path : paths) {
        byte[] file = chain.file(path);
        if (file == null) {
          throw new BenchException(chain.id() + " has no " + path.format());
        }
        Path copied = to.resolve(path.format());
        Files.createDirectories(copied.getParent());
        Files.write(copied, file);
      }
    } catch (IOException refused) {
      throw new BenchException("cannot copy the logs: " + refused.getMessage(), refused);
    }
  }

  private PublishedLog log(ChainId chain) {
    Path files = data.resolve("published").resolve(chain.value());
    return path -> {
      Path file = files.resolve(path);
      try {
        return Files.exists(file) ? Files.readAllBytes(file) : null;
      } catch (IOException unreadable) {
        throw new UncheckedIOException("cannot read " + file, unreadable);
      }
    };
  }

  /** Once from the beginning, and once more when there is nothing new. */
  private void audit(Directory directory, String name) {
    Path state = data.resolve("state");
    long cpu = SYSTEM.getProcessCpuTime();
    long start = System.nanoTime();
    AuditReport report = audit(directory, state, name);
    seconds += (System.nanoTime() - start) / 1e9;
    cpuSeconds += (SYSTEM.getProcessCpuTime() - cpu) / 1e9;
    long received = report.chains().stream().mapToLong(AuditReport.OfChain::received).sum();
    if (!report.clean() || received != settings.transfers()) {
      throw new BenchException("the audit found " + report.findings() + ", " + received);
    }
    leaves = report.chains().stream().mapToLong(AuditReport.OfChain::leaves).sum();
    start = System.nanoTime();
    AuditReport again = audit(directory, state, name + ", resumed");
    resumedSeconds += (System.nanoTime() - start) / 1e9;
    if (!again.equals(report)) {
      throw new BenchException("an audit that goes on says something else: " + again.findings());
    }
    DataDirectory.delete(state);
  }

  /** What is in use of the heap while this audit is. */
  private static long live(FederationAudit audit) {
    try {
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    } finally {
      Reference.reachabilityFence(audit);
    }
  }

  private AuditReport audit(Directory directory, Path state, String name) {
    try (AuditStore store = AuditStore.open(state, directory, settings.memoryBytes());
        AuditThreads threads = new AuditThreads(settings.threads())) {
      FederationAudit.Schemes schemes =
          new FederationAudit.Schemes(ed25519, ed25519, new MlDsa44());
      FederationAudit audit = new FederationAudit(directory, schemes, this::log, store);
      progress.phase(name, audit.leaves());
      AuditReport report = audit.run(threads, more -> {});
      if (liveBytes == 0) {
        liveBytes = live(audit);
      }
      return report;
    }
  }
}
