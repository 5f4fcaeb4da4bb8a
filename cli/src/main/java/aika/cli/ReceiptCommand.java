package aika.cli;

import aika.core.approval.LifeReceipt;
import aika.core.audit.FederationAudit;
import aika.core.audit.LifeFinder;
import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.node.config.FederationFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the life of a transfer into one file that anybody can check offline. */
@Command(
    name = "receipt",
    mixinStandardHelpOptions = true,
    description = {
      "Write the whole life of a transfer, with proofs, into one file.",
      "送金の始めから終わりまでを、証明つきで一つのファイルに書きます。"
    },
    footer = {
      "",
      "In it: the send, a cancel order, the decision at the receiver's chain and the",
      "end of the hold, as far as they are approved, each with its proof. It is",
      "checked before it is written. aika verify FILE explains it without a network.",
      "",
      "Examples / 例:",
      "  aika receipt Asia-Komatsu:3 --federation ~/aika/federation.yaml \\",
      "    http://localhost:1024 --out transfer.receipt",
      "  aika verify transfer.receipt --federation ~/aika/federation.yaml",
      "",
      "Exit codes / 終了コード:",
      "  0 written, 1 no such transfer, or a log cannot be read, 2 wrong arguments"
    })
final class ReceiptCommand implements Callable<Integer> {
  private static final int VERIFIED_KEYS_MAX = 16;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = {"The transfer, as in Asia-Komatsu:3.", "送金の番号（例：Asia-Komatsu:3）。"})
  private String id = "";

  @Parameters(
      index = "1..*",
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
      names = "--out",
      paramLabel = "FILE",
      description = {"Write it here, instead of to stdout.", "標準出力の代わりにここに書きます。"})
  private @Nullable Path file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    TransferId transfer = transfer();
    Directory directory = FederationFile.read(federation).directory();
    Ed25519 ed25519 = new Ed25519(VERIFIED_KEYS_MAX);
    MlDsa44 mlDsa44 = new MlDsa44();
    byte[] receipt;
    try (LogSources logs = new LogSources(sources)) {
      FederationAudit.Schemes schemes = new FederationAudit.Schemes(ed25519, ed25519, mlDsa44);
      receipt =
          new LifeFinder(directory, schemes, logs::of)
              .find(transfer)
              .orElseThrow(() -> unknown(transfer));
    } catch (UnreadableLogException unreadable) {
      throw CommandException.of(
          "A log cannot be read: " + unreadable.getMessage() + ".",
          "記録を読めません（" + unreadable.getMessage() + "）。",
          unreadable);
    }
    LifeReceipt.Result result = LifeReceipt.check(receipt, directory, ed25519, mlDsa44);
    switch (result) {
      case LifeReceipt.Result.Proven proven -> write(receipt, new LifeText(proven.life(), null));
      case LifeReceipt.Result.Refused refused -> throw Refusals.of(refused);
    }
    return 0;
  }

  private TransferId transfer() {
    try {
      return TransferId.of(id);
    } catch (MalformedException malformed) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(malformed.getMessage()), malformed);
    }
  }

  private static CommandException unknown(TransferId transfer) {
    return CommandException.of(
        Reason.UNKNOWN_TRANSFER,
        "No approved log has the send " + transfer + ".",
        "承認された記録に送金 " + transfer + " はありません。");
  }

  private void write(byte[] receipt, LifeText text) {
    PrintWriter out = spec.commandLine().getOut();
    if (file == null) {
      out.print(new String(receipt, StandardCharsets.UTF_8));
      out.flush();
      return;
    }
    try {
      Files.write(file, receipt);
    } catch (IOException refused) {
      throw CommandException.of(
          file + " cannot be written (" + refused + ").", file + " に書けません。", refused);
    }
    text.ja().forEach(out::println);
    text.en().forEach(out::println);
    out.flush();
  }
}
