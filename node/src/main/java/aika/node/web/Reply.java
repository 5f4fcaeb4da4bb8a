package aika.node.web;

/** What a visit gets. */
sealed interface Reply {
  record Page(int status, String html) implements Reply {}

  /** After something was done: the page that shows it, by GET, so that a reload does nothing. */
  record Redirect(String path) implements Reply {}

  static Reply page(String html) {
    return new Page(200, html);
  }
}
