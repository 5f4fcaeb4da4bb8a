package aika.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static Map<String, @Nullable Object> read(String json) {
    return Json.object(json.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[]",
        "1",
        "null",
        "true",
        "\"a\"",
        "{}{}",
        "{} x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":\"\u0001\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "/**/{}",
        "{\"a\":tru}",
        "\uFEFF\uFEFF{}"
      })
  void refusesWhatIsNotOneObject(String json) {
    assertThrows(MalformedException.class, () -> read(json));
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] json = "{\"a\":\"__\"}".getBytes(StandardCharsets.US_ASCII);
    json[6] = (byte) 0xC0;
    json[7] = (byte) 0x80;
    assertThrows(MalformedException.class, () -> Json.object(json));
  }

  @Test
  void hasLimits() {
    String deepest = "{\"a\":".repeat(Json.DEPTH_MAX) + "1" + "}".repeat(Json.DEPTH_MAX);
    assertEquals(1, read(deepest).size());
    assertThrows(MalformedException.class, () -> read("{\"a\":" + deepest + "}"));
    String number = "1".repeat(Json.NUMBER_CHARS_MAX);
    assertEquals(number, String.valueOf(read("{\"a\":" + number + "}").get("a")));
    assertThrows(MalformedException.class, () -> read("{\"a\":1" + number + "}"));
    String name = "n".repeat(Json.NAME_CHARS_MAX);
    assertTrue(read("{\"" + name + "\":1}").containsKey(name));
    assertThrows(MalformedException.class, () -> read("{\"" + name + "n\":1}"));
  }

  @Test
  void faultsDoNotRepeatTheText() {
    MalformedException fault =
        assertThrows(MalformedException.class, () -> read("{\"token\": s3cret}"));
    assertFalse(String.valueOf(fault.getMessage()).contains("s3cret"));
    assertTrue(String.valueOf(fault.getMessage()).contains("line 1"));
  }

  @Test
  void keepsNumbersAsWritten() {
    for (String number : List.of("200", "200.10", "0.1", "1e2", "-0", "9007199254740993.01")) {
      assertEquals(number, String.valueOf(read("{\"a\":" + number + "}").get("a")));
    }
  }

  @Test
  void writesWhatItReads() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("z", List.of("愛貨", 1L, true));
    object.put("a", Map.of("q", "\"\\\n"));
    object.put("n", null);
    Map<String, @Nullable Object> again = Json.object(Json.write(object));
    assertEquals(List.of("z", "a", "n"), List.copyOf(again.keySet()));
    assertEquals("[愛貨, 1, true]", String.valueOf(again.get("z")));
    assertEquals(Map.of("q", "\"\\\n"), again.get("a"));
    assertNull(again.get("n"));
  }

  @Test
  void membersAreTakenByNameAndType() {
    Members in =
        Members.of("{\"a\":1,\"b\":\"x\",\"c\":true,\"d\":[]}".getBytes(StandardCharsets.UTF_8));
    assertThrows(MalformedException.class, () -> in.text("a"));
    assertEquals("1", in.numberOrText("a"));
    assertEquals("x", in.numberOrText("b"));
    assertThrows(MalformedException.class, () -> in.numberOrText("c"));
    assertTrue(in.flag("c"));
    assertThrows(MalformedException.class, () -> in.flag("b"));
    assertThrows(MalformedException.class, () -> in.required("nothing"));
    assertEquals(List.of("unknown field ignored: \"d\""), in.warnings());
    assertThrows(MalformedException.class, () -> in.text("b", "a"));
  }

  @Test
  void japaneseUnlessEnglishIsPreferred() {
    assertEquals(Languages.JA, Languages.of(null));
    for (String ja : List.of("ja", "ja-JP,en;q=0.9", "fr", "*", "", ";;", "x".repeat(300))) {
      assertEquals(Languages.JA, Languages.of(ja), ja);
    }
    for (String en : List.of("en", "en-US", "en-GB,ja;q=0.5", "fr,en;q=0.2", "EN")) {
      assertEquals(Languages.EN, Languages.of(en), en);
    }
  }

  @Test
  void outsideTextIsShownShort() {
    assertEquals("\"a\uFFFDb\"", Shown.of("a\nb"));
    assertEquals("\"\uFFFD\"", Shown.of("\uD800"));
    String shown = Shown.of("あ".repeat(100));
    assertEquals(64 + 3, shown.length());
    assertTrue(Arrays.stream(shown.split("")).anyMatch("…"::equals));
  }
}
