package aika.node.web;

import java.util.List;

/** A piece of a page. Text is escaped when it is written; there is no way to add markup as text. */
sealed interface Html permits Html.Text, Html.Several, Tag {
  static Html nothing() {
    return new Several(List.of());
  }

  void write(StringBuilder out);

  /** What people read, as it is. */
  record Text(String text) implements Html {
    @Override
    public void write(StringBuilder out) {
      escape(text, out);
    }
  }

  /** Pieces in a row. */
  record Several(List<Html> pieces) implements Html {
    public Several {
      pieces = List.copyOf(pieces);
    }

    @Override
    public void write(StringBuilder out) {
      pieces.forEach(piece -> piece.write(out));
    }
  }

  static Html text(String text) {
    return new Text(text);
  }

  static Html several(Html... pieces) {
    return new Several(List.of(pieces));
  }

  /** Safe between tags and within quoted attributes; characters that HTML forbids become U+FFFD. */
  static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '\n', '\t' -> out.append(c);
        default -> out.append(c < ' ' || c == 0x7f ? '\ufffd' : c);
      }
    }
  }

  default String markup() {
    StringBuilder out = new StringBuilder(1024);
    write(out);
    return out.toString();
  }
}
