package aika.node.gateway;

/** Outside text as it may stand in an answer or a log: short, on one line. */
final class Shown {
  private static final int CHARS_MAX = 64;

  private Shown() {}

  static String of(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .limit(CHARS_MAX)
        .map(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF ? '\uFFFD' : c)
        .forEach(out::appendCodePoint);
    boolean cut = text.codePointCount(0, text.length()) > CHARS_MAX;
    return out.append(cut ? "…\"" : "\"").toString();
  }
}
