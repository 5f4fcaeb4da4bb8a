package aika.cli;

import aika.core.approval.Handovers;
import aika.core.approval.LifeReceipt;
import aika.core.approval.Receipt;
import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.node.config.FederationFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
      "Check a receipt offline and say what it proves: of a leaf (.tlog-proof), or of a",
      "transfer's whole life (aika receipt). Of a proof that representatives approved two",
      "histories, say who of which term did.",
      "領収書（.tlog-proof、または aika receipt のファイル）をオフラインで調べ、何を証明するかを示します。",
      "代表者が食い違う記録を承認した証拠なら、どの任期のだれが署名したかを示します。"
    },
    footer = {
      "",
      "Checked: the log's signature, every representative's, that they are a quorum,",
      "that the leaf stands in the log, that it is a leaf of that chain; of a transfer's life",
      "that each part is about this transfer and follows from the others.",
      "",
      "Examples / 例:",
      "  curl -OJ 'http://localhost:2001/transfers/Asia-Komatsu:3/receipt?half=send'",
      "  aika verify Asia-Komatsu-3-send.tlog-proof --federation ~/aika/federation.yaml",
      "  aika verify Asia-Komatsu-3-send.tlog-proof --federation ~/aika/federation.yaml \\",
      "    --terms http://localhost:1024        of a later term / あとの任期のもの",
      "  aika verify proof.conflict --federation ~/aika/federation.yaml \\",
      "    --terms http://localhost:1024        two histories / 食い違う記録",
      "",
      "Exit codes / 終了コード:",
      "  0 it holds, 1 it does not (PROOF_INVALID) or cannot be read, or no quorum of",
      "  a term that is known approved both histories, 2 wrong arguments",
      "  0 証明している、1 証明していないか読めない、または両方の歴史を定足数で",
      "  承認した任期が分からない、2 引数の誤り"
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

  @Option(
      names = "--terms",
      paramLabel = "SOURCE",
      description = {
        "How the representatives of term 1 handed over to those who approved: a"
            + " gateway (http://host:port), a directory with <chain>/term/1 …, or a file of aika"
            + " receipt with that chain's terms. It need not be trusted: each hand-over is"
            + " checked. The receipt of a life has its own; with this, those of SOURCE have to lead"
            + " to the same representatives. A proof of two histories that a later term approved"
            + " needs it.",
        "第 1 期より後の代表者が承認した領収書のとき、引き継ぎの証明のあるところ（ゲートウェイ、フォルダー、"
            + "aika receipt のファイル）。引き継ぎはすべて確かめます。送金全体の領収書は、中の引き継ぎのほかに、ここの引き継ぎでも確かめます。"
            + "あとの任期が食い違う記録を承認した証拠にも要ります。"
      })
  private @Nullable String terms;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    byte[] receipt = SmallFile.read(file, LifeReceipt.BYTES_MAX);
    Directory directory = FederationFile.read(federation).directory();
    Ed25519 ed25519 = new Ed25519(VERIFIED_KEYS_MAX);
    PrintWriter out = spec.commandLine().getOut();
    if (ConflictText.is(receipt)) {
      ConflictText text = conflict(receipt, directory, ed25519);
      text.ja().forEach(out::println);
      text.en().forEach(out::println);
      out.flush();
      return text.convicted() ? 0 : 1;
    }
    if (LifeReceipt.is(receipt)) {
      switch (checkedLife(receipt, directory, ed25519)) {
        case LifeReceipt.Result.Proven proven -> {
          LifeText text = new LifeText(proven.life(), terms);
          text.ja().forEach(out::println);
          text.en().forEach(out::println);
        }
        case LifeReceipt.Result.Refused refused -> throw Refusals.of(refused);
      }
    } else {
      switch (checked(receipt, directory, ed25519)) {
        case Receipt.Result.Proven proven -> {
          ReceiptText text = new ReceiptText(proven.receipt());
          out.println(text.ja());
          out.println(text.en());
        }
        case Receipt.Result.Refused refused -> throw Refusals.of(refused, terms == null);
      }
    }
    out.flush();
    return 0;
  }

  private ConflictText conflict(byte[] proof, Directory directory, Ed25519 ed25519) {
    return withTerms(elsewhere ->
        ConflictText.of(
            proof, directory, elsewhere == null ? Handovers.NONE : elsewhere, terms, ed25519));
  }

  private LifeReceipt.Result checkedLife(byte[] receipt, Directory directory, Ed25519 ed25519) {
    return withTerms(
        elsewhere -> LifeReceipt.check(receipt, directory, elsewhere, ed25519, new MlDsa44()));
  }

  private Receipt.Result checked(byte[] receipt, Directory directory, Ed25519 ed25519) {
    return withTerms(elsewhere ->
        Receipt.check(
            receipt,
            directory,
            elsewhere == null ? Handovers.NONE : elsewhere,
            ed25519,
            new MlDsa44()));
  }

  private <R> R withTerms(Function<@Nullable Handovers, R> check) {
    if (terms == null) {
      return check.apply(null);
    }
    try (Terms handovers = new Terms(terms)) {
      return check.apply(handovers);
    } catch (UnreadableLogException unreadable) {
      throw CommandException.of(
          "The terms cannot be read: " + unreadable.getMessage() + ".",
          "任期の引き継ぎを読めません（" + unreadable.getMessage() + "）。",
          unreadable);
    }
  }
}
