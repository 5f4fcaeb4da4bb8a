package aika.node.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.node.gateway.Party;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  private static final Words JA = words(Language.JA);
  private static final Words EN = words(Language.EN);

  private static Words words(Language language) {
    return new Words(language, FakeDesk.federation(), ZoneId.of("Asia/Tokyo"), FakeDesk.TEN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.00|0.00",
        "-0.50|-0.50",
        "999.99|999.99",
        "1000.00|1,000.00",
        "-1000.00|-1,000.00",
        "-100.00|-100.00",
        "1234567.89|1,234,567.89",
        "92233720368547758.07|92,233,720,368,547,758.07"
      })
  void groupsThousands(String amount, String written) {
    assertEquals(written, Words.grouped(Money.of(amount)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-11-22T01:00:01Z|10:00:01|10:00:01",
        "2026-11-21T14:59:59Z|11月21日 23:59:59|21 November 23:59:59",
        "2025-12-31T15:00:00Z|1月1日 00:00:00|1 January 00:00:00",
        "2025-12-31T14:59:59Z|2025年12月31日 23:59:59|31 December 2025 23:59:59"
      })
  void writesMomentsInTheGatewaysZone(String time, String ja, String en) {
    long at = Instant.parse(time).toEpochMilli();
    assertTrue(JA.moment(at).markup().endsWith(">" + ja + "</time>"), JA.moment(at).markup());
    assertTrue(EN.moment(at).markup().endsWith(">" + en + "</time>"), EN.moment(at).markup());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-11-29T15:00:00Z|11月29日|29 November",
        "2026-11-29T14:30:00Z|11月29日 23:30|29 November 23:30",
        "2027-01-20T15:00:00Z|2027年1月20日|20 January 2027"
      })
  void aDeadlineAtMidnightIsTheDayBefore(String time, String ja, String en) {
    long until = Instant.parse(time).toEpochMilli();
    assertTrue(JA.deadline(until).markup().endsWith(">" + ja + "</time>"));
    assertTrue(EN.deadline(until).markup().endsWith(">" + en + "</time>"));
  }

  @Test
  void aNameCannotFillAnotherGapOrAddMarkup() {
    Party party = new Party(new AccountId(FakeDesk.KOMATSU, "k3v9q2mw"), "{1}<b>");
    assertEquals("{1}<b>さん（小松市）", JA.plainPerson(party));
    assertEquals("<bdi>{1}&lt;b&gt;</bdi>さん（小松市）", JA.person(party).markup());
  }

  @Test
  void aNameThatIsNotKnownIsAPlace() {
    Party party = new Party(new AccountId(FakeDesk.KOMATSU, "k3v9q2mw"), null);
    assertEquals("小松市の人", JA.plainPerson(party));
    assertEquals("someone in Komatsu", EN.shortPerson(party).markup());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-|-|-|JA",
        "en|ja|ja|EN",
        "xx|en|ja|EN",
        "-|-|en-US,en;q=0.9|EN",
        "-|-|fr, ja;q=0.5|JA",
        "-|-|fr|JA",
        "-|-|;;;=|JA"
      })
  void choosesTheLanguage(String asked, String chosen, String accepted, Language language) {
    assertEquals(language, Language.choose(asked, chosen, accepted));
  }
}
