package aika.node.web;

import static aika.node.web.Tag.tag;

/** Shapes that stand beside words, never alone; drawn in the colour of the text around them. */
enum Icon {
  DONE(
      "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1.3 14.6-4.3-4.3 1.5-1.5 2.8 2.8 5.9-5.9 1.5 1.5Z"),
  LATER(
      "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 2a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Z"),
  NOW("M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm0 2.2a7.8 7.8 0 1 1 0 15.6 7.8 7.8 0 0 1 0-15.6Z"),
  BACK(
      "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM10.6 7v3h3.2a3.6 3.6 0 0 1 0 7.2H9v-2h4.8a1.6 1.6 0 0 0 0-3.2h-3.2v3L6.4 11Z"),
  WAITING("M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm1 4.8v4.8l3.6 3.6-1.4 1.4-4.2-4.2v-5.6Z"),
  WRONG("M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9ZM11 6.5v7h2v-7Zm0 8.8v2.2h2v-2.2Z"),
  INFORMATION("M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1 4.6h2v2.2h-2Zm0 4h2v6.8h-2Z"),
  ARROW("M13.2 5.2 20 12l-6.8 6.8-1.5-1.5L16 13H4v-2h12l-4.3-4.3Z");

  private static final String DOT = "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z";

  private final String shape;

  Icon(String shape) {
    this.shape = shape;
  }

  Html html() {
    Tag svg =
        tag("svg", this == ARROW ? "icon arrow" : "icon")
            .attr("viewBox", "0 0 24 24")
            .attr("fill", "currentColor")
            .attr("fill-rule", "evenodd")
            .attr("aria-hidden", "true")
            .attr("focusable", "false")
            .add(tag("path").attr("d", shape));
    return this == NOW ? svg.add(tag("path", "pulse").attr("d", DOT)) : svg;
  }
}
