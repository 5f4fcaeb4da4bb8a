package aika.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DurableFileTest {
  @TempDir Path directory;

  @Test
  void aTreeIsCopiedOverWhatIsThere() throws IOException {
    Path from = directory.resolve("from");
    DurableFile.write(from.resolve("a"), new byte[] {1});
    DurableFile.write(from.resolve("below/it/b"), new byte[] {2});
    Files.createDirectory(from.resolve("empty"));
    Path to = directory.resolve("not/there/yet");
    DurableFile.copyTree(from, to);
    assertEquals(List.of("a", "below/it/b", "empty"), leaves(to));
    assertFalse(DurableFile.openToOthers(to.resolve("a")));
    assertFalse(DurableFile.openToOthers(to.resolve("below/it")));

    byte[] changed = new byte[100_000];
    DurableFile.write(from.resolve("below/it/b"), changed);
    DurableFile.write(to.resolve("more"), new byte[] {3});
    DurableFile.copyTree(from, to);
    assertEquals(List.of("a", "below/it/b", "empty", "more"), leaves(to));
    assertEquals(-1, Files.mismatch(from.resolve("below/it/b"), to.resolve("below/it/b")));

    DurableFile.copyTree(from.resolve("a"), to.resolve("empty/file"));
    assertEquals(-1, Files.mismatch(from.resolve("a"), to.resolve("empty/file")));
  }

  @Test
  void whatIsNotThereIsNotCopied() throws IOException {
    DurableFile.copyTree(directory.resolve("nothing"), directory.resolve("to"));
    assertTrue(leaves(directory).isEmpty());
  }

  private static List<String> leaves(Path below) throws IOException {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(each -> !each.equals(below) && isLeaf(each))
          .map(each -> below.relativize(each).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  private static boolean isLeaf(Path each) {
    String[] within = each.toFile().list();
    return within == null || within.length == 0;
  }
}
