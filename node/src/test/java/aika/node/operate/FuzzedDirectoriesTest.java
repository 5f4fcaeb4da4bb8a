package aika.node.operate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.Fuzz;
import aika.node.gateway.RefusedException;
import org.junit.jupiter.api.Test;

/** The directories that an operator names, with changed texts. */
final class FuzzedDirectoriesTest {
  @Test
  void directories() {
    Fuzz.of("directory", "/var/lib/aika/copy", "/", "/backup/2026-11-22/昼")
        .refusingWith(RefusedException.class)
        .cases(1_500)
        .runTexts(text -> {
          assertTrue(Call.directory(text).isAbsolute());
          return null;
        });
  }
}
