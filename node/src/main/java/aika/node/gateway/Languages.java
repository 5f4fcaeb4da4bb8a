package aika.node.gateway;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The language of an answer's sentences: Japanese, unless English is asked for before it. */
enum Languages {
  JA,
  EN;

  private static final int HEADER_CHARS_MAX = 256;

  static Languages of(@Nullable String acceptLanguage) {
    if (acceptLanguage == null || acceptLanguage.length() > HEADER_CHARS_MAX) {
      return JA;
    }
    try {
      List<Locale.LanguageRange> ranges = Locale.LanguageRange.parse(acceptLanguage);
      Locale best = Locale.lookup(ranges, List.of(Locale.JAPANESE, Locale.ENGLISH));
      return Locale.ENGLISH.equals(best) ? EN : JA;
    } catch (IllegalArgumentException notAList) {
      return JA;
    }
  }
}
