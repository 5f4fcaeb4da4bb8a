package aika.cli;

import aika.bench.AuditThreads;
import aika.bench.Progress;
import aika.core.audit.AuditReport;
import aika.core.audit.FederationAudit;
import aika.core.audit.KeptStateException;
import aika.core.audit.SourceComparison;
import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.node.FastSignatures;
import aika.node.config.FederationFile;
import aika.node.store.AuditStore;
import aika.node.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Executes everything that a federation has published again, and believes none of it. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Check everything that a federation has published, trusting nobody.",
      "連合が公開しているすべての記録を、だれも信じずに調べます。"
    },
    footer = {
      "",
      "Checked: every signature, every leaf (executed again), every approval, every Merkle root",
      "and hash tile, every citation against the cited log, one outcome per transfer, and that",
      "all money that was issued is somewhere, over all chains.",
      "With --state, what was audited is kept: the next audit goes on from there, after",
      "checking that what is published now continues it. Ctrl-C loses a few seconds.",
      "Who can write to that directory can make an audit skip things: keep it as safe",
      "as the federation file. Without --state a temporary directory holds what does",
      "not fit into memory.",
      "",
      "Notes are no findings: what rests on a history that a recovery quorum gave up, and",
      "that nobody can prove any more, sources that cannot be read and were not needed,",
      "and chains that have not begun. Each is named; with notes alone everything holds.",
      "",
      "Examples / 例:",
      "  aika audit --federation ~/aika/federation.yaml http://localhost:1024",
      "  aika audit --federation federation.yaml --state audited/ http://localhost:1024",
      "  aika audit --federation federation.yaml mirror/ --json report.json",
      "",
      "Exit codes / 終了コード:",
      "  0 everything holds, 1 something does not, 2 wrong arguments,",
      "  3 not known: a log cannot be read, or it was stopped / 分からない（読めない、中止）"
    })
final class AuditCommand implements Callable<Integer> {
  private static final int MEMORY_MIB_MIN = 16;
  private static final long MIB = 1024 * 1024;
  private static final long SYNC_NANOS = 10_000_000_000L;

  @Parameters(
      arity = "1..*",
      paramLabel = "SOURCE",
      description = {
        "A gateway (http://host:port), or a directory with <chain>/checkpoint, <chain>/tile/…;"
            + " of several the first that has a chain is executed, and what the others show of it"
            + " must be the same history (one may be behind).",
        "記録のあるところ（ゲートウェイのアドレス、またはフォルダー）。いくつかあれば、その台帳を持つ最初のものを実行して調べ、"
            + "ほかが同じ履歴を示すこと（遅れていてもよい）も確かめます。"
      })
  private List<String> sources = List.of();

  @Option(
      names = "--federation",
      paramLabel = "FILE",
      required = true,
      description = {"The federation file, from a source that you trust.", "信頼できるところから得た連合のファイル。"})
  private Path federation;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = {
        "Keep here what has been audited, and go on from there.",
        "調べ終えたところをここに残し、次回はその続きから調べます。"
      })
  private @Nullable Path state;

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      description = {
        "For accounts and open transfers, about; default: ${DEFAULT-VALUE}.",
        "口座や未完了の送金のために使うメモリー（MiB）。"
      })
  private int memoryMib = 256;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = {
        "Write the report here as JSON; until the audit has ended it says so there.",
        "結果を JSON でここに書きます（終わるまでは、終わっていないと書いてあります）。"
      })
  private @Nullable Path json;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {"Threads; default: one for each processor.", "使うスレッドの数。"})
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private CommandSpec spec;

  /** Ends an audit from within. */
  private static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public Integer call() {
    if (threads < 1) {
      throw new ParameterException(spec.commandLine(), "--threads: at least 1 / 1 以上");
    }
    if (memoryMib < MEMORY_MIB_MIN) {
      throw new ParameterException(
          spec.commandLine(), "--memory: at least %d / %1$d 以上".formatted(MEMORY_MIB_MIN));
    }
    Directory directory = FederationFile.read(federation).directory();
    if (json != null) { // hours may follow; what an earlier audit said is not said of this one
      write(json, AuditText.unfinished(directory.federation()));
    }
    AuditReport report;
    try (Stop stop = new Stop();
        StateDirectory kept = StateDirectory.of(state);
        AuditStore store = open(kept.path(), directory);
        LogSources logs = new LogSources(sources);
        Progress progress = Terminal.progress()) {
      report = audited(directory, store, logs, progress, stop);
    } catch (UnreadableLogException unreadable) {
      throw CommandException.notKnown(
          "A log cannot be read: " + unreadable.getMessage() + ". Nothing was found out about it.",
          "記録を読めません（" + unreadable.getMessage() + "）。正しいかどうかは分かりません。",
          unreadable);
    } catch (StoreException | KeptStateException refused) {
      throw refused(refused);
    } catch (StoppedException stopped) {
      throw CommandException.notKnown(
          state == null ? "Stopped." : "Stopped. What was audited is kept in " + state + ".",
          state == null ? "中止しました。" : "中止しました。調べ終えたところは " + state + " にあります。",
          stopped);
    }
    AuditText text = new AuditText(directory.federation(), report);
    text.print(new Screen(spec.commandLine().getOut()));
    if (json != null) {
      write(json, text.json());
    }
    return report.clean() ? 0 : 1;
  }

  private AuditStore open(Path directory, Directory of) {
    return AuditStore.open(directory, of, memoryMib * MIB);
  }

  /** Nothing of it is believed; it is left as it is, for people to look at. */
  private static CommandException refused(RuntimeException refused) {
    return CommandException.of(
        "What an earlier audit kept cannot be used: "
            + refused.getMessage()
            + ". Nothing of it was believed. Begin anew with another --state directory.",
        "前に調べた記録が使えません（" + refused.getMessage() + "）。何も信用していません。別の --state フォルダーで最初から調べてください。",
        refused);
  }

  private AuditReport audited(
      Directory directory, AuditStore store, LogSources logs, Progress progress, Stop stop) {
    Ed25519 ed25519 = FastSignatures.install();
    FederationAudit.Schemes schemes = new FederationAudit.Schemes(ed25519, ed25519, new MlDsa44());
    SourceComparison.Compared compared = compared(directory, schemes, logs, progress, stop);
    FederationAudit audit = new FederationAudit(directory, schemes, logs::of, store);
    if (audit.leavesBefore() > 0) {
      progress.phase(
          "audited before / 調査済み " + audit.leavesBefore() + ", leaves / 記録", audit.leaves());
    } else {
      progress.phase("leaves / 記録", audit.leaves());
    }
    AtomicLong executed = new AtomicLong();
    AtomicLong synced = new AtomicLong(System.nanoTime());
    try (AuditThreads runner = new AuditThreads(threads)) {
      return audit
          .run(
              runner,
              more -> {
                progress.at(executed.addAndGet(more));
                check(stop);
                long last = synced.get();
                long now = System.nanoTime();
                if (now - last > SYNC_NANOS && synced.compareAndSet(last, now)) {
                  store.sync();
                }
              })
          .with(compared);
    }
  }

  private SourceComparison.Compared compared(
      Directory directory,
      FederationAudit.Schemes schemes,
      LogSources logs,
      Progress progress,
      Stop stop) {
    if (sources.size() == 1) {
      return SourceComparison.Compared.NOTHING;
    }
    progress.phase("chains compared / 照合", directory.chains().size());
    AtomicLong chains = new AtomicLong();
    return SourceComparison.compare(
        directory,
        schemes,
        logs::named,
        () -> {
          check(stop);
          progress.at(chains.getAndIncrement());
        });
  }

  private static void check(Stop stop) {
    if (stop.asked()) {
      throw new StoppedException();
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException refused) {
      throw CommandException.of(
          file + " cannot be written (" + refused + ").", file + " に書けません。", refused);
    }
  }
}
