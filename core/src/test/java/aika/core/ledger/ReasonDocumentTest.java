package aika.core.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/spec/errors.md and the program have the same table. */
final class ReasonDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "spec", "errors.md");

  private static String row(Reason reason) {
    return Stream.of(
            reason.number(),
            "`" + reason + "`",
            reason.httpStatus(),
            reason.ja(),
            reason.en(),
            reason.nextJa(),
            reason.nextEn())
        .map(String::valueOf)
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  @Test
  void theDocumentHasEveryReasonAndNoOther() throws IOException {
    List<String> documented;
    try (Stream<String> lines = Files.lines(DOCUMENT)) {
      documented = lines.filter(line -> line.matches("\\| \\d+ \\|.*")).toList();
    }
    List<String> expected =
        Arrays.stream(Reason.values())
            .sorted(Comparator.comparingInt(Reason::number))
            .map(ReasonDocumentTest::row)
            .toList();
    assertEquals(String.join("\n", expected), String.join("\n", documented));
  }

  @Test
  void numbersAreUsedOnce() {
    Set<Integer> numbers = new HashSet<>();
    for (Reason reason : Reason.values()) {
      assertTrue(numbers.add(reason.number()), reason::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyReasonIsSaidInBothLanguages(Reason reason) {
    assertTrue(reason.number() >= 1 && reason.number() <= 119);
    assertTrue(reason.httpStatus() >= 400 && reason.httpStatus() <= 599);
    for (String ja : List.of(reason.ja(), reason.nextJa())) {
      assertTrue(ja.endsWith("。"), ja);
    }
    for (String en : List.of(reason.en(), reason.nextEn())) {
      assertTrue(en.endsWith("."), en);
      assertTrue(en.chars().allMatch(c -> c < 0x7f), en);
    }
    assertFalse(row(reason).substring(2, row(reason).length() - 2).contains(" | | "));
    boolean later = Set.of(429, 503, 504).contains(reason.httpStatus());
    assertEquals(later, reason.retryable());
  }
}
