package aika.core.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.core.ledger.Entry;
import aika.core.money.ChainId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of docs/spec/leaves.md are what the program writes, byte for byte. */
final class SpecExamplesTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "spec", "leaves.md");

  @Test
  void leavesOfTheWorkedExample() throws IOException {
    WorkedExample example = new WorkedExample();
    StringBuilder roots = new StringBuilder();
    StringBuilder leaves = new StringBuilder();
    for (ChainId id :
        List.of(TestFederation.KOMATSU, TestFederation.KANAZAWA, TestFederation.ASIA)) {
      TestChain chain = example.chain(id);
      String root = HexFormat.of().formatHex(chain.root().bytes());
      roots.append("| `%s` | %d | `%s` |\n".formatted(id, chain.entries().size(), root));
      leaves.append("\n### ").append(id).append('\n');
      chain.entries().forEach(entry -> leaves.append(shown(id, entry)));
    }
    String document = Files.readString(DOCUMENT);
    int first = document.indexOf("\n### Asia-Komatsu\n");
    assertEquals(leaves.toString(), document.substring(Math.max(0, first)));
    int table = document.indexOf(roots.toString());
    assertEquals(roots.toString(), table < 0 ? document : roots.toString());
  }

  private static String shown(ChainId id, Entry entry) {
    return "\nLeaf %d of `%s`, leaf hash `%s`:\n\n```leaf\n%s```\n"
        .formatted(
            entry.index(),
            id,
            HexFormat.of().formatHex(entry.hash().bytes()),
            new String(entry.bytes(), StandardCharsets.UTF_8));
  }
}
