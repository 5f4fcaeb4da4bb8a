package aika.node.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An element, built from the outside in. Attributes that would run a script or carry a style are
 * refused, since the pages' content security policy forbids them, and links stay on the gateway.
 */
final class Tag implements Html {
  private static final Set<String> VOID =
      Set.of("br", "hr", "img", "input", "link", "meta", "path");
  private static final Set<String> ADDRESSES = Set.of("href", "src", "action", "formaction");

  private final String name;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<Html> children = new ArrayList<>();

  private Tag(String name) {
    this.name = name;
  }

  static Tag tag(String name) {
    return new Tag(name);
  }

  static Tag tag(String name, String styleClass) {
    return new Tag(name).attr("class", styleClass);
  }

  Tag attr(String attribute, String value) {
    if (attribute.startsWith("on") || attribute.equals("style") || attribute.equals("srcdoc")) {
      throw new IllegalArgumentException("not an attribute of these pages: " + attribute);
    }
    if (ADDRESSES.contains(attribute) && !onThisGateway(value)) {
      throw new IllegalArgumentException("leads away from the gateway: " + value);
    }
    attributes.put(attribute, value);
    return this;
  }

  /** An attribute without a value, such as {@code required}. */
  Tag flag(String attribute) {
    return attr(attribute, "");
  }

  Tag attrIf(boolean present, String attribute, String value) {
    return present ? attr(attribute, value) : this;
  }

  Tag id(String id) {
    return attr("id", id);
  }

  Tag add(Html... pieces) {
    children.addAll(List.of(pieces));
    return this;
  }

  Tag add(List<? extends Html> pieces) {
    children.addAll(pieces);
    return this;
  }

  Tag text(String text) {
    return add(new Text(text));
  }

  private static boolean onThisGateway(String address) {
    return address.startsWith("#")
        || address.startsWith("?")
        || address.startsWith("/") && !address.startsWith("//") && address.indexOf('\\') < 0;
  }

  @Override
  public void write(StringBuilder out) {
    out.append('<').append(name);
    attributes.forEach((attribute, value) -> {
      out.append(' ').append(attribute);
      if (!value.isEmpty() || attribute.equals("value") || attribute.equals("alt")) {
        Html.escape(value, out.append("=\""));
        out.append('"');
      }
    });
    out.append('>');
    if (VOID.contains(name)) {
      if (name.equals("path")) {
        out.append("</path>");
      }
      return;
    }
    children.forEach(child -> child.write(out));
    out.append("</").append(name).append('>');
  }
}
