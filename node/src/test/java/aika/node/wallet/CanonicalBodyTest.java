package aika.node.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.log.Hash;
import aika.core.note.MalformedException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CanonicalBodyTest {
  @Test
  void tooDeepOrTooLargeIsRefused() {
    Object deep = "x";
    for (int i = 0; i < 20; i++) {
      deep = List.of(deep);
    }
    Map<String, Object> body = Map.of("a", deep);
    assertThrows(MalformedException.class, () -> CanonicalBody.hash(body));
    Map<String, Object> huge = Map.of("a", new BigDecimal("1e999999999"));
    assertThrows(MalformedException.class, () -> CanonicalBody.hash(huge));
  }

  @Test
  void theHashIsOfSortedMembersWithoutSpaces() {
    // printf '{"amount":200,"to":"B"}' | sha256sum
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("to", "B");
    body.put("amount", new BigDecimal("200.00"));
    assertEquals("c/baC//nLI542lwh1CLw3INJngFjE0ZPIh59qL66p24=", CanonicalBody.hash(body).base64());
  }

  @Test
  void orderAndWritingOfNumbersDoNotMatter() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("to", Map.of("x", 1, "y", 2));
    one.put("amount", 200);
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("amount", 200.0);
    Map<String, Object> to = new LinkedHashMap<>();
    to.put("y", 2L);
    to.put("x", new BigDecimal("1.0"));
    other.put("to", to);
    assertEquals(CanonicalBody.hash(one), CanonicalBody.hash(other));
  }

  @Test
  void whatSpeaksAboutRepetitionDoesNotCount() {
    assertEquals(hash("a", "1"), CanonicalBody.hash(Map.of("a", "1", "again", true, "id", "x")));
    assertNotEquals(hash("a", "1"), CanonicalBody.hash(Map.of("a", "1", "note", "x")));
    assertNotEquals(hash("m", Map.of("id", "x")), hash("m", Map.of("id", "y")), "only outermost");
  }

  @Test
  void differentBodiesDiffer() {
    List<Hash> hashes = new ArrayList<>();
    hashes.add(CanonicalBody.hash(Map.of()));
    List<@Nullable Object> withNull = new ArrayList<>();
    withNull.add(null);
    Map<String, @Nullable Object> nothing = new HashMap<>();
    nothing.put("a", null);
    hashes.add(CanonicalBody.hash(nothing));
    nothing.put("a", withNull);
    hashes.add(CanonicalBody.hash(nothing));
    hashes.add(hash("a", "null"));
    hashes.add(hash("a", true));
    hashes.add(hash("a", "true"));
    hashes.add(hash("a", 200));
    hashes.add(hash("a", "200"));
    hashes.add(hash("a", -200));
    hashes.add(hash("a", List.of()));
    hashes.add(hash("a", Map.of()));
    hashes.add(hash("a", List.of("b", "c")));
    hashes.add(hash("a", List.of("b\",\"c")));
    hashes.add(hash("a", List.of("b\\\",\\\"c")));
    assertEquals(hashes.size(), hashes.stream().distinct().count());
  }

  private static Hash hash(String name, Object value) {
    return CanonicalBody.hash(Map.of(name, value));
  }
}
