package aika.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the guide shows is what is compiled and run. */
final class GuideTest {
  private static final int INDENT = 2;

  @Test
  void theGuideShowsTheExample() throws IOException {
    String source =
        Files.readString(Path.of("src", "test", "java", "aika", "client", "Example.java"));
    String method = source.substring(source.indexOf("  /** Pays"), source.lastIndexOf('}'));
    String guide = Files.readString(Path.of("..", "docs", "guides", "sdk.md"));
    assertTrue(guide.contains(method.indent(-INDENT).stripTrailing()), method.indent(-INDENT));
  }
}
