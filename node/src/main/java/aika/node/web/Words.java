package aika.node.web;

import static aika.node.web.Tag.tag;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.Timestamp;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.gateway.Party;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What a page says, in its reader's language: texts with their gaps filled, amounts, times, people
 * and places.
 *
 * @param zone in which times are written; a script rewrites them in the reader's
 * @param now ms since 1970
 */
record Words(Language language, Federation federation, ZoneId zone, long now) {
  private static final int GROUP_DIGITS = 3;
  private static final int GAP_CHARS = "{0}".length();

  String of(Text text) {
    return text.in(language);
  }

  String of(Text text, String... gaps) {
    StringBuilder out = new StringBuilder();
    fill(text, i -> out.append(gaps[i]), out::append);
    return out.toString();
  }

  /** The text with pieces of a page in its gaps. */
  Html html(Text text, Html... gaps) {
    List<Html> pieces = new ArrayList<>();
    fill(text, i -> pieces.add(gaps[i]), words -> pieces.add(Html.text(words)));
    return new Html.Several(pieces);
  }

  private void fill(Text text, IntConsumer gap, Consumer<String> words) {
    String rest = of(text);
    for (int open = rest.indexOf('{'); open >= 0; open = rest.indexOf('{')) {
      words.accept(rest.substring(0, open));
      gap.accept(rest.charAt(open + 1) - '0');
      rest = rest.substring(open + GAP_CHARS);
    }
    words.accept(rest);
  }

  String reason(Reason reason) {
    return language == Language.JA ? reason.ja() : reason.en();
  }

  String whatToDo(Reason reason) {
    return language == Language.JA ? reason.nextJa() : reason.nextEn();
  }

  /** {@code 1,000.00}. */
  static String grouped(Money amount) {
    String plain = amount.toString();
    StringBuilder out = new StringBuilder(plain);
    int first = amount.isNegative() ? 1 : 0;
    int end = plain.indexOf('.');
    for (int i = end - GROUP_DIGITS; i > first; i -= GROUP_DIGITS) {
      out.insert(i, ',');
    }
    return out.toString();
  }

  /** {@code 1,000}. */
  static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** {@code 1,000.00 愛貨}, for attributes and titles. */
  String plainAmount(Money amount) {
    return of(Text.AMOUNT, grouped(amount));
  }

  Html amount(Money amount) {
    return tag("span", "number").text(grouped(amount) + " ").add(unit());
  }

  /** The amount that a page is about. */
  Html figure(Money amount) {
    return tag("span", "number figure").text(grouped(amount)).add(unit());
  }

  private Tag unit() {
    return tag("span", "unit")
        .attrIf(language != Language.JA, "lang", Language.JA.code())
        .text(of(Text.UNIT));
  }

  String place(ChainId id) {
    return federation.chain(id).map(this::place).orElse(id.value());
  }

  String place(Chain chain) {
    return chain.name().in(language.locale());
  }

  /** {@code Aさん（小松市）}. */
  Html person(Party party) {
    String place = place(party.account().chain());
    return party.name() == null
        ? Html.text(of(Text.PERSON_UNNAMED, place))
        : html(Text.PERSON, name(party.name()), Html.text(place));
  }

  /** {@code Aさん}. */
  Html shortPerson(Party party) {
    return party.name() == null ? person(party) : html(Text.PERSON_SHORT, name(party.name()));
  }

  String plainPerson(Party party) {
    String place = place(party.account().chain());
    return party.name() == null
        ? of(Text.PERSON_UNNAMED, place)
        : of(Text.PERSON, party.name(), place);
  }

  /** A name may be written in any direction without turning its surroundings. */
  private static Html name(String name) {
    return tag("bdi").text(name);
  }

  /** When something happened: the time, with the day if it was not today. */
  Html moment(long time) {
    ZonedDateTime at = at(time);
    String clock = at.format(DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT));
    boolean today = at.toLocalDate().equals(at(now).toLocalDate());
    return time(time, "moment", today ? clock : day(at) + " " + clock);
  }

  /** The last day, or the time on it, at which something is still possible. */
  Html deadline(long until) {
    return time(until, "deadline", plainDeadline(until));
  }

  private String plainDeadline(long until) {
    ZonedDateTime at = at(until);
    return at.toLocalTime().equals(LocalTime.MIDNIGHT)
        ? day(at.minus(1, ChronoUnit.MILLIS))
        : day(at) + at.format(DateTimeFormatter.ofPattern(" HH:mm", Locale.ROOT));
  }

  private String day(ZonedDateTime at) {
    return day(at.toLocalDate());
  }

  /** {@code 11月26日}, {@code 26 November}; with the year if it is another. */
  String day(LocalDate day) {
    return day.getYear() == at(now).getYear()
        ? date(day, "M月d日", "d MMMM")
        : date(day, "y年M月d日", "d MMMM y");
  }

  /** For narrow tables: {@code 11月26日}, {@code 26 Nov}. */
  String shortDay(LocalDate day) {
    return date(day, "M月d日", "d MMM");
  }

  /** For narrow tables: {@code 2026年11月}, {@code Nov ’26}. */
  String shortMonth(LocalDate day) {
    return date(day, "y年M月", "MMM ’yy");
  }

  private String date(LocalDate day, String ja, String en) {
    String pattern =
        switch (language) {
          case JA -> ja;
          case EN -> en;
        };
    return day.format(DateTimeFormatter.ofPattern(pattern, language.locale()));
  }

  private ZonedDateTime at(long time) {
    return Instant.ofEpochMilli(time).atZone(zone);
  }

  private static Html time(long time, String shown, String text) {
    return tag("time").attr("datetime", Timestamp.millis(time)).attr("data-show", shown).text(text);
  }
}
