package aika.cli;

import aika.bench.Progress;
import aika.core.audit.AuditReport;
import aika.core.audit.FederationAudit;
import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.node.FastEd25519;
import aika.node.config.FederationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
      "Accounts, open transfers and the outcome of every transfer are kept in memory.",
      "",
      "Examples / 例:",
      "  aika audit --federation ~/aika/federation.yaml http://localhost:1024",
      "  aika audit --federation federation.yaml mirror/ --json report.json",
      "",
      "Exit codes / 終了コード:",
      "  0 everything holds, 1 something does not, or a log cannot be read, 2 wrong arguments"
    })
final class AuditCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "SOURCE",
      description = {
        "A gateway (http://host:port), or a directory with <chain>/checkpoint, <chain>/tile/…;"
            + " the first that has a chain is asked for it.",
        "記録のあるところ（ゲートウェイのアドレス、またはフォルダー）。"
      })
  private List<String> sources = List.of();

  @Option(
      names = "--federation",
      paramLabel = "FILE",
      required = true,
      description = {"The federation file, from a source that you trust.", "信頼できるところから得た連合のファイル。"})
  private Path federation;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = {"Write the report here as JSON.", "結果を JSON でここに書きます。"})
  private @Nullable Path json;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {"Chains executed at a time; default: one for each processor.", "同時に調べる台帳の数。"})
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (threads < 1) {
      throw new ParameterException(spec.commandLine(), "--threads: at least 1 / 1 以上");
    }
    Directory directory = FederationFile.read(federation).directory();
    AuditReport report;
    try (LogSources logs = new LogSources(sources);
        Progress progress = Terminal.progress()) {
      report = audited(directory, logs, progress);
    } catch (UnreadableLogException unreadable) {
      throw CommandException.of(
          "A log cannot be read: " + unreadable.getMessage() + ". Nothing was found out about it.",
          "記録を読めません（" + unreadable.getMessage() + "）。正しいかどうかは分かりません。",
          unreadable);
    }
    AuditText text = new AuditText(directory.federation(), report);
    if (json != null) {
      write(json, text.json());
    }
    text.print(new Screen(spec.commandLine().getOut()));
    return report.clean() ? 0 : 1;
  }

  private AuditReport audited(Directory directory, LogSources logs, Progress progress)
      throws InterruptedException {
    Ed25519 ed25519 = FastEd25519.install();
    FederationAudit.Schemes schemes = new FederationAudit.Schemes(ed25519, ed25519, new MlDsa44());
    FederationAudit audit = new FederationAudit(directory, schemes, logs::of);
    progress.phase("leaves / 記録", audit.leaves());
    AtomicLong executed = new AtomicLong();
    try (ExecutorService executor =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().name("audit-", 0).factory())) {
      return audit.run(
          chains -> runAll(executor, chains), more -> progress.at(executed.addAndGet(more)));
    }
  }

  private static void runAll(ExecutorService executor, List<Runnable> chains)
      throws InterruptedException {
    for (Future<?> one : chains.stream().<Future<?>>map(executor::submit).toList()) {
      try {
        one.get();
      } catch (ExecutionException failed) {
        executor.shutdownNow();
        throw failed.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(failed);
      }
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
