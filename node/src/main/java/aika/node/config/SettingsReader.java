package aika.node.config;

import aika.core.money.Money;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the sections {@code block}, {@code limits} and {@code term}. */
final class SettingsReader {
  private static final Pattern BLOCKS = Pattern.compile("(0|[1-9][0-9]{0,9}) blocks");
  private static final Money AMOUNT_MIN = Money.of("0.01");

  private SettingsReader() {}

  static @Nullable BlockRule block(YamlCell cell) {
    YamlSection section = cell.section();
    if (section == null) {
      return null;
    }
    BlockRule standard = BlockRule.STANDARD;
    int entries =
        section.optional(
            "entries", standard.entries(), one -> one.number(1, BlockRule.ENTRIES_MAX));
    Duration interval =
        section.optional(
            "interval",
            standard.interval(),
            one -> one.duration(BlockRule.INTERVAL_MIN, BlockRule.INTERVAL_MAX));
    section.close();
    return new BlockRule(entries, interval);
  }

  static @Nullable Limits limits(YamlCell cell, BlockRule block) {
    YamlSection section = cell.section();
    if (section == null) {
      return null;
    }
    Limits standard = Limits.STANDARD;
    int unapproved =
        section.optional(
            "unapproved-leaves",
            standard.unapprovedLeaves(),
            one -> one.number(1, Limits.UNAPPROVED_LEAVES_MAX));
    int holds =
        section.optional(
            "open-holds-per-account",
            standard.openHoldsPerAccount(),
            one -> one.number(1, Limits.OPEN_HOLDS_PER_ACCOUNT_MAX));
    Money one =
        section.optional(
            "exposure-per-counterpart",
            standard.exposurePerCounterpart(),
            it -> it.amount(AMOUNT_MIN, Limits.EXPOSURE_MAX));
    Money tenfold = Money.ofMinor(one.minor() * Limits.EXPOSURE_SUM_FACTOR);
    Money sum =
        section.optional(
            "exposure-sum", tenfold, it -> it.amount(AMOUNT_MIN, Limits.EXPOSURE_SUM_MAX));
    Money smallest =
        section.optional(
            "cross-chain-min",
            standard.crossChainMin(),
            it -> it.amount(AMOUNT_MIN, Limits.EXPOSURE_MAX));
    Duration waitMax =
        duration(
            section,
            "valid-until-max",
            standard.validUntilMax(),
            Limits.VALID_UNTIL_MIN,
            Limits.VALID_UNTIL_MAX);
    Duration wait =
        duration(
            section,
            "valid-until-default",
            shorter(standard.validUntilStandard(), waitMax),
            Limits.VALID_UNTIL_MIN,
            Limits.VALID_UNTIL_MAX);
    Duration deliver =
        duration(
            section,
            "not-after-default",
            standard.notAfterStandard(),
            Limits.NOT_AFTER_MIN,
            Limits.NOT_AFTER_MAX);
    Money issued =
        section.optional(
            "issued-max", standard.issued(), it -> it.amount(AMOUNT_MIN, Limits.EXPOSURE_MAX));
    notBelow(section, "unapproved-leaves", unapproved, "block.entries", block.entries());
    notBelow(section, "exposure-sum", sum, "exposure-per-counterpart", one);
    notBelow(section, "valid-until-max", waitMax, "valid-until-default", wait);
    section.close();
    return new Limits(unapproved, holds, one, sum, smallest, wait, waitMax, deliver, issued);
  }

  private static Duration duration(
      YamlSection section, String key, Duration standard, Duration min, Duration max) {
    return section.optional(key, standard, cell -> cell.duration(min, max));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static <T extends Comparable<T>> void notBelow(
      YamlSection section, String key, T value, String otherKey, T other) {
    if (value.compareTo(other) >= 0) {
      return;
    }
    section.faultAt(key, Fault.CONTRADICTION, shown(value), otherKey, shown(other));
  }

  private static Object shown(Object value) {
    return value instanceof Duration duration ? DurationText.of(duration) : value;
  }

  static @Nullable Term term(YamlCell cell) {
    YamlSection section = cell.section();
    if (section == null) {
      return null;
    }
    Integer seats = section.required("seats", SettingsReader::seats);
    Term.Length length =
        section.optional("length", Term.LENGTH_STANDARD, SettingsReader::termLength);
    section.close();
    return seats == null ? null : new Term(length, seats);
  }

  private static @Nullable Integer seats(YamlCell cell) {
    Long seats = cell.number();
    if (seats == null) {
      return null;
    }
    int index = Term.SEATS.stream().map(Long::valueOf).toList().indexOf(seats);
    if (index < 0) {
      cell.fault(Fault.SEAT_NUMBER, "1, 4, 5, 7", seats);
      return null;
    }
    return Term.SEATS.get(index);
  }

  private static Term.@Nullable Length termLength(YamlCell cell) {
    String text = cell.text();
    if (text == null) {
      return null;
    }
    Matcher blocks = BLOCKS.matcher(text);
    if (!blocks.matches()) {
      if (DurationText.parse(text).isEmpty()) {
        cell.wrongType(Fault.Shape.TERM_LENGTH);
        return null;
      }
      Duration time = cell.duration(Term.TIME_MIN, Term.TIME_MAX);
      return time == null ? null : new Term.Length.Time(time);
    }
    long count = Long.parseLong(blocks.group(1));
    if (count < Term.BLOCKS_MIN || count > Term.BLOCKS_MAX) {
      cell.fault(Fault.OUT_OF_RANGE, text, Term.BLOCKS_MIN, Term.BLOCKS_MAX);
      return null;
    }
    return new Term.Length.Blocks((int) count);
  }
}
