package aika.cli;

import aika.core.audit.PublishedLog;
import aika.core.audit.UnreadableLogException;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.HashTiles;
import aika.core.log.Nodes;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the proof that two checkpoints of a chain cannot both be true. */
@Command(
    name = "conflict-proof",
    mixinStandardHelpOptions = true,
    description = {
      "Make the proof that two checkpoints of a chain cannot both be true.",
      "あるチェーンの二つのチェックポイントが両立しないことの証拠を作ります。"
    },
    footer = {
      "",
      "A checkpoint is what a gateway has at /chains/<chain>/checkpoint. aika verify",
      "says who approved both; aika conflict brings the proof to a node.",
      "チェックポイントはゲートウェイの /chains/<チェーン>/checkpoint です。",
      "だれが両方を承認したかは aika verify で分かり、aika conflict でノードに渡せます。",
      "",
      "Example / 例:",
      "  curl -o one.note http://a.example:1024/chains/Asia-Komatsu/checkpoint",
      "  curl -o other.note http://b.example:1024/chains/Asia-Komatsu/checkpoint",
      "  aika conflict-proof one.note other.note --log http://b.example:1024 \\",
      "    --out proof.conflict",
      "  aika verify proof.conflict --federation ~/aika/federation.yaml",
      "",
      "Exit codes / 終了コード:",
      "  0 written, 1 they do not contradict each other, or something cannot be read,",
      "  2 wrong arguments",
      "  0 書いた、1 両立する、または読めないものがある、2 引数の誤り"
    })
final class ConflictProofCommand implements Callable<Integer> {
  private static final int TILES_KEPT = 64;

  @Parameters(
      index = "0",
      paramLabel = "CHECKPOINT",
      description = {"One of the two.", "一つ目のチェックポイント。"})
  private Path one;

  @Parameters(
      index = "1",
      paramLabel = "CHECKPOINT",
      description = {"The other one.", "もう一つのチェックポイント。"})
  private Path other;

  @Option(
      names = "--log",
      paramLabel = "SOURCE",
      description = {
        "Where the history of the larger one is: a gateway (http://host:port), or a directory with"
            + " <chain>/tile/…. Not needed when both have the same size.",
        "大きいほうの歴史のあるところ（ゲートウェイ、またはフォルダー）。同じ大きさなら要りません。"
      })
  private @Nullable String log;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = {"Where the proof goes.", "証拠を書くファイル。"})
  private Path file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    SignedCheckpoint first = read(one);
    SignedCheckpoint second = read(other);
    if (first.checkpoint().size() > second.checkpoint().size()) {
      SignedCheckpoint larger = first;
      first = second;
      second = larger;
    }
    write(proof(first, second).encode());
    new Screen(spec.commandLine().getOut())
        .line(
            "They cannot both be true; who approved both says: / 両立しません。だれが両方を承認したかを見るには:"
                + "\n  aika verify "
                + file
                + " --federation FILE");
    return 0;
  }

  private static SignedCheckpoint read(Path file) {
    try {
      return SignedCheckpoint.parse(SmallFile.read(file, SignedNote.NOTE_BYTES_MAX));
    } catch (MalformedException malformed) {
      throw CommandException.of(
          file + " is no checkpoint: " + malformed.getMessage() + '.',
          file + " はチェックポイントではありません（" + malformed.getMessage() + "）。",
          malformed);
    }
  }

  private ConflictProof proof(SignedCheckpoint first, SignedCheckpoint second) {
    boolean sameSize = first.checkpoint().size() == second.checkpoint().size();
    boolean sameLog = first.checkpoint().origin().equals(second.checkpoint().origin());
    if (sameSize || !sameLog || first.checkpoint().size() == 0) {
      try {
        return ConflictProof.of(first, second);
      } catch (MalformedException none) {
        throw none(none);
      }
    }
    if (log == null) {
      throw CommandException.of(
          "They have different sizes: give --log, where the history of the larger one is.",
          "大きさが違います。大きいほうの歴史のあるところを --log で示してください。",
          null);
    }
    try (LogSources sources = new LogSources(List.of(log))) {
      return proof(first, second, sources);
    } catch (UnreadableLogException unreadable) {
      throw CommandException.of(
          "The log cannot be read: " + unreadable.getMessage() + ".",
          "記録を読めません（" + unreadable.getMessage() + "）。",
          unreadable);
    }
  }

  private ConflictProof proof(SignedCheckpoint first, SignedCheckpoint second, LogSources sources) {
    Checkpoint larger = second.checkpoint();
    Nodes nodes;
    try {
      PublishedLog published = sources.all(chain(larger)).getFirst();
      nodes = new HashTiles(published::tile, TILES_KEPT).of(larger.size());
      if (!Proofs.root(larger.size(), nodes).equals(larger.root())) {
        throw otherHistory(larger, null);
      }
    } catch (MalformedException missing) {
      throw otherHistory(larger, missing);
    }
    try {
      return ConflictProof.of(first, second, nodes);
    } catch (MalformedException none) {
      throw none(none);
    }
  }

  /** An origin is {@code <federation>/<chain>}. */
  private static ChainId chain(Checkpoint checkpoint) {
    String origin = checkpoint.origin();
    return ChainId.of(origin.substring(origin.lastIndexOf('/') + 1));
  }

  private CommandException otherHistory(Checkpoint larger, @Nullable Exception why) {
    return CommandException.of(
        log + " does not show the tree of " + larger.size() + " leaves that the larger one is of.",
        log + " には、大きいほうの " + larger.size() + " 件の記録がありません。",
        why);
  }

  private static CommandException none(MalformedException none) {
    return CommandException.of(
        "Nothing was written: " + none.getMessage() + '.',
        "何も書いていません。両立しない二つではありません（" + none.getMessage() + "）。",
        none);
  }

  private void write(byte[] proof) {
    if (proof.length > ConflictProof.BYTES_MAX) {
      throw CommandException.of(
          "Nothing was written: the proof has more than " + ConflictProof.BYTES_MAX + " bytes.",
          "何も書いていません。証拠が " + ConflictProof.BYTES_MAX + " バイトを超えます。",
          null);
    }
    try {
      Files.write(file, proof);
    } catch (IOException refused) {
      throw CommandException.of(
          file + " cannot be written (" + refused + ").", file + " に書けません。", refused);
    }
  }
}
