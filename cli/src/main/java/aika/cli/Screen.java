package aika.cli;

import java.io.PrintWriter;
import java.lang.Character.UnicodeBlock;
import java.util.List;
import java.util.Set;

/** Prints lines and aligned columns; Japanese characters count as two columns. */
final class Screen {
  private static final Set<UnicodeBlock> WIDE =
      Set.of(
          UnicodeBlock.CJK_UNIFIED_IDEOGRAPHS,
          UnicodeBlock.CJK_SYMBOLS_AND_PUNCTUATION,
          UnicodeBlock.HIRAGANA,
          UnicodeBlock.KATAKANA,
          UnicodeBlock.HALFWIDTH_AND_FULLWIDTH_FORMS);

  private final PrintWriter out;

  Screen(PrintWriter out) {
    this.out = out;
  }

  void line() {
    line("");
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }

  /** Each cell in a column of at least this width, two spaces between; the last one as it is. */
  void row(List<Integer> widths, String... cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      line.append(cells[i]);
      if (i < widths.size()) {
        line.repeat(' ', Math.max(widths.get(i) - width(cells[i]), 0) + 2);
      }
    }
    line(line.toString().stripTrailing());
  }

  static int width(String text) {
    return text.codePoints().map(c -> isWide(c) ? 2 : 1).sum();
  }

  private static boolean isWide(int character) {
    UnicodeBlock block = UnicodeBlock.of(character);
    return block != null && WIDE.contains(block);
  }
}
