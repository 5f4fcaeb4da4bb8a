package aika.node.register;

import aika.core.note.MalformedException;

/** What people's texts have in common: one line, and nothing that cannot be seen. */
final class PersonText {
  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  private PersonText() {}

  /**
   * Refuses control characters, line separators and invisible format characters such as those that
   * turn the direction of writing; the two joiners stay, since Persian, Indic scripts and emoji are
   * written with them. Messages do not repeat the text: it is about a person.
   */
  static void checkVisible(String what, String text) {
    if (text.codePoints().anyMatch(PersonText::invisible)) {
      throw new MalformedException(what + " with a control character");
    }
  }

  static boolean isSpace(int c) {
    return Character.isSpaceChar(c) || Character.isWhitespace(c);
  }

  private static boolean invisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      case Character.FORMAT -> c != ZERO_WIDTH_NON_JOINER && c != ZERO_WIDTH_JOINER;
      default -> false;
    };
  }
}
