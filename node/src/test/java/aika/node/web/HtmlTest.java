package aika.node.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "//elsewhere.example",
        "https://elsewhere.example",
        "javascript:alert(1)",
        "/\\elsewhere.example",
        "data:text/html,x",
        ""
      })
  void linksStayOnTheGateway(String address) {
    for (String attribute : new String[] {"href", "src", "action", "formaction"}) {
      assertThrows(IllegalArgumentException.class, () -> Tag.tag("a").attr(attribute, address));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"onclick", "onload", "style", "srcdoc"})
  void nothingRunsOrIsStyledInline(String attribute) {
    assertThrows(IllegalArgumentException.class, () -> Tag.tag("p").attr(attribute, "x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<script>|&lt;script&gt;",
        "a&b|a&amp;b",
        "\"'|&quot;&#39;",
        "愛貨 👍|愛貨 👍",
        "a\u0000\u0007b|a\ufffd\ufffdb"
      })
  void textIsEscapedEverywhere(String text, String escaped) {
    assertEquals("<p>" + escaped + "</p>", Tag.tag("p").text(text).markup());
    assertEquals("<p title=\"" + escaped + "\"></p>", Tag.tag("p").attr("title", text).markup());
  }

  @Test
  void writesElementsFlagsAndVoidElements() {
    Html form =
        Tag.tag("form")
            .add(
                Tag.tag("input").attr("value", "").flag("required"),
                Html.nothing(),
                Html.several(Html.text("a"), Tag.tag("br")));
    assertEquals("<form><input value=\"\" required>a<br></form>", form.markup());
  }
}
