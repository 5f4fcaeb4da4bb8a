package aika.cli;

import aika.core.log.ConflictProof;
import aika.core.note.MalformedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings a proof that a chain's representatives approved two histories to a node's chains. */
@Command(
    name = "conflict",
    mixinStandardHelpOptions = true,
    description = {
      "Bring a proof that a chain's representatives approved two histories to a node's chains.",
      "ある代表者たちが食い違う記録を承認した証拠を、ノードのチェーンに渡します。"
    },
    footer = {
      "",
      "Each chain that believes these representatives writes it down, and then records",
      "nothing more that they approve. aika verify FILE explains the proof;",
      "aika conflict-proof makes one of two checkpoints.",
      "",
      "Example / 例:  aika conflict proof.conflict --data ~/aika",
      "",
      "Exit codes / 終了コード:",
      "  0 a chain wrote it down, 1 none did, or failed, 2 wrong arguments,",
      "  3 not known yet / まだ分からない"
    })
final class ConflictCommand implements Callable<Integer> {
  private static final List<Integer> COLUMNS = List.of(24, 12);

  @Parameters(
      paramLabel = "FILE",
      description = {"The proof.", "証拠のファイル。"})
  private Path file;

  @Mixin private DataOption data;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    byte[] bytes = SmallFile.read(file, ConflictProof.BYTES_MAX);
    try {
      ConflictProof.parse(bytes);
    } catch (MalformedException another) {
      throw CommandException.of(
          file + " proves no conflict: " + another.getMessage() + '.',
          file + " は食い違いの証拠ではありません（" + another.getMessage() + "）。",
          another);
    }
    boolean written = false;
    Screen screen = new Screen(spec.commandLine().getOut());
    try (NodeChannel node = data.open()) {
      Map<String, @Nullable Object> answer =
          node.post("/conflicts", new String(bytes, StandardCharsets.UTF_8));
      for (Map<String, @Nullable Object> one : NodeChannel.list(answer, "chains")) {
        String leaf = NodeChannel.text(one, "leaf");
        written |= !leaf.isEmpty();
        screen.row(
            COLUMNS,
            NodeChannel.text(one, "chain"),
            leaf.isEmpty() ? NodeChannel.text(one, "code") : "leaf " + leaf,
            NodeChannel.text(one, "detail"));
      }
    }
    return written ? 0 : 1;
  }
}
