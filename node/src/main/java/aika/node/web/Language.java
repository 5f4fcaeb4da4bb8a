package aika.node.web;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The languages of the pages; the first is the one for readers who ask for neither. */
enum Language {
  JA("日本語", Locale.JAPANESE),
  EN("English", Locale.ENGLISH);

  private final String ownName;
  private final Locale locale;

  Language(String ownName, Locale locale) {
    this.ownName = ownName;
    this.locale = locale;
  }

  /** As its readers write it. */
  String ownName() {
    return ownName;
  }

  Locale locale() {
    return locale;
  }

  /** {@code ja}, {@code en}: the value of {@code lang} in pages, addresses and cookies. */
  String code() {
    return locale.getLanguage();
  }

  Language other() {
    return this == JA ? EN : JA;
  }

  static Optional<Language> of(@Nullable String code) {
    return Arrays.stream(values()).filter(one -> one.code().equals(code)).findFirst();
  }

  /**
   * The first of these that names a language: what the address says, what was chosen before, what
   * the browser prefers.
   */
  static Language choose(
      @Nullable String asked, @Nullable String chosen, @Nullable String acceptLanguage) {
    return of(asked).or(() -> of(chosen)).orElseGet(() -> preferred(acceptLanguage));
  }

  private static Language preferred(@Nullable String acceptLanguage) {
    if (acceptLanguage == null || acceptLanguage.length() > 500) {
      return JA;
    }
    try {
      Locale best =
          Locale.lookup(
              Locale.LanguageRange.parse(acceptLanguage),
              Arrays.stream(values()).map(Language::locale).toList());
      return best == null ? JA : of(best.getLanguage()).orElse(JA);
    } catch (IllegalArgumentException notALanguageList) {
      return JA; // whatever the browser meant, the page is more use than an error
    }
  }
}
