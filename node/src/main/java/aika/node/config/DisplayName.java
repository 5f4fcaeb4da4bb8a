package aika.node.config;

import java.util.Locale;

/** What people read on pages: {@code 小松市}, {@code Komatsu}. */
public record DisplayName(String ja, String en) {
  public static final int CHARS_MAX = 64;

  public String in(Locale locale) {
    return locale.getLanguage().equals("ja") ? ja : en;
  }
}
