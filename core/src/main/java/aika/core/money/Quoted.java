package aika.core.money;

/** Outside text in an error message: shortened and without control characters. */
final class Quoted {
  private static final int CHARS_MAX = 80;

  private Quoted() {}

  static String of(String text) {
    String shown = text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) + "…" : text;
    return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
