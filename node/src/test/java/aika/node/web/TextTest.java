package aika.node.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TextTest {
  private static final Pattern GAP = Pattern.compile("\\{[^}]*}");

  @ParameterizedTest
  @EnumSource
  void everyTextIsThereInBothLanguagesWithTheSameGaps(Text text) {
    for (Language language : Language.values()) {
      assertFalse(text.in(language).isBlank(), text + " in " + language);
    }
    assertEquals(gaps(text.in(Language.JA)), gaps(text.in(Language.EN)), text.name());
  }

  @ParameterizedTest
  @EnumSource
  void gapsAreNumberedFromZero(Text text) {
    Set<String> gaps = gaps(text.in(Language.JA));
    for (int i = 0; i < gaps.size(); i++) {
      assertEquals("{" + i + "}", gaps.toArray()[i], text.name());
    }
  }

  private static Set<String> gaps(String text) {
    return GAP.matcher(text)
        .results()
        .map(found -> found.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
