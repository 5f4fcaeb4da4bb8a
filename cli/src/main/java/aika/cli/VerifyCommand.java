package aika.cli;

import aika.core.approval.Receipt;
import aika.core.ledger.Reason;
import aika.core.log.TlogProof;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.node.config.FederationFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a receipt without any network. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Check a receipt (.tlog-proof) offline and say what it proves.",
      "領収書（.tlog-proof）をオフラインで調べ、何を証明するかを示します。"
    },
    footer = {
      "",
      "Checked: the log's signature, every representative's, that they are a quorum,",
      "that the leaf stands in the log, that it is a leaf of that chain.",
      "",
      "Examples / 例:",
      "  curl -OJ 'http://localhost:2001/transfers/Asia-Komatsu:3/receipt?half=send'",
      "  aika verify Asia-Komatsu-3-send.tlog-proof --federation ~/aika/federation.yaml",
      "",
      "Exit codes / 終了コード:",
      "  0 it holds, 1 it does not (PROOF_INVALID) or cannot be read, 2 wrong arguments"
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int VERIFIED_KEYS_MAX = 16;

  @Parameters(
      paramLabel = "FILE",
      description = {"The receipt.", "領収書のファイル。"})
  private Path file;

  @Option(
      names = "--federation",
      paramLabel = "FILE",
      required = true,
      description = {"The federation file, from a source that you trust.", "信頼できるところから得た連合のファイル。"})
  private Path federation;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    byte[] receipt = read(file);
    Receipt.Result result =
        Receipt.check(
            receipt,
            FederationFile.read(federation).directory(),
            new Ed25519(VERIFIED_KEYS_MAX),
            new MlDsa44());
    switch (result) {
      case Receipt.Result.Proven proven -> {
        ReceiptText text = new ReceiptText(proven.receipt());
        PrintWriter out = spec.commandLine().getOut();
        out.println(text.ja());
        out.println(text.en());
        out.flush();
      }
      case Receipt.Result.Refused refused -> throw refusal(refused);
    }
    return 0;
  }

  /** Reads no more than a receipt can have. */
  private static byte[] read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(TlogProof.PROOF_BYTES_MAX + 1);
    } catch (IOException unreadable) {
      throw CommandException.of(
          file + " cannot be read (" + unreadable + ").", file + " を読めません。", unreadable);
    }
  }

  private static CommandException refusal(Receipt.Result.Refused refused) {
    String what = refused.what();
    return switch (refused.part()) {
      case FORM -> said("This is not a receipt: " + what + ".", "領収書として読めません（" + what + "）。");
      case LOG ->
          said(
              "The log " + what + " is not one of this federation.",
              "記録 " + what + " はこの連合のものではありません。");
      case CHECKPOINT_SIGNATURE ->
          said(
              "The checkpoint's signature by the log " + what + " is missing or wrong.",
              "記録 " + what + " の署名がないか、正しくありません。");
      case COSIGNATURE ->
          said(
              "The cosignature of the seat " + what + " is wrong.",
              "代表者の席 " + what + " の署名が正しくありません。");
      case QUORUM ->
          said("Only " + what + " representatives approved.", "承認した代表者が足りません（" + what + "）。");
      case INCLUSION ->
          said("The inclusion proof of " + what + " does not hold.", what + " が記録にあると証明されていません。");
      case LEAF -> said("The leaf is not valid: " + what + ".", "記録の中身が正しくありません（" + what + "）。");
    };
  }

  private static CommandException said(String en, String ja) {
    return CommandException.of(Reason.PROOF_INVALID, en, ja);
  }
}
