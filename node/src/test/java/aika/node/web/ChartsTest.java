package aika.node.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.sinks.SinkException;
import aika.sinks.analytics.AnalyticsCharts.AgeBucket;
import aika.sinks.analytics.AnalyticsCharts.Flow;
import aika.sinks.analytics.AnalyticsCharts.StateCount;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of numbers as HTML: with them, without them, and when the store is down. */
@Timeout(60)
final class ChartsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private static HttpResponse<String> get(
      Statistics.@Nullable Source source, Duration waitMax, String... paths) {
    try (Statistics statistics = new Statistics(source, waitMax);
        PagesServer server = new PagesServer("Asia", statistics);
        HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = null;
      for (String path : paths) {
        answer =
            http.send(
                HttpRequest.newBuilder(URI.create(server.address() + path)).build(),
                BodyHandlers.ofString());
      }
      if (answer == null) {
        throw new IllegalArgumentException("no path");
      }
      return answer;
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void assertSays(HttpResponse<String> answer, String... texts) {
    for (String text : texts) {
      assertTrue(answer.body().contains(text), () -> text + " is not in " + answer.body());
    }
  }

  private static Figures few(Period period) {
    return new Figures(
        FakeDesk.TEN,
        period,
        MadeUpFigures.UNTIL,
        List.of(
            new Flow("Asia-Komatsu", "Asia-Kanazawa", 123_456_789, 1_234),
            new Flow("Asia-Kanazawa", "Asia-Komatsu", 50, 1)),
        List.of(
            new StateCount(LocalDate.of(2026, 11, 3), "send_pending", 7),
            new StateCount(LocalDate.of(2026, 11, 20), "send_pending", 1_235),
            new StateCount(LocalDate.of(2026, 11, 22), "complete", 1_200)),
        List.of(new AgeBucket(24, 35, 1_000_000)));
  }

  @Test
  void showsTheNumbersInBothLanguages() {
    HttpResponse<String> ja = get(ChartsTest::few, LONG, "/charts?lang=ja");
    assertEquals(200, ja.statusCode());
    assertSays(
        ja,
        "数字で見る",
        "小松市",
        ">1,234,567.89<",
        "data-value=\"123456789\"",
        ">1,234,568.39<",
        ">1,235<",
        "10月24日から11月22日まで",
        "3日まで",
        ">10,000.00<");
    HttpResponse<String> en = get(ChartsTest::few, LONG, "/charts?lang=en");
    assertSays(en, "In numbers", "Komatsu", "24 October to 22 November", ">20 Nov<", "10:00:01");
    assertTrue(en.headers().firstValue("Content-Security-Policy").orElse("").contains("'none'"));
    assertFalse(en.body().contains("style="), en::body);
  }

  @Test
  void longPeriodsHaveLongSteps() {
    HttpResponse<String> weeks = get(ChartsTest::few, LONG, "/charts?days=90&lang=en");
    assertSays(weeks, "Week from", "value=\"90\" selected", ">16 Nov<", "24 August to 22 November");
    assertFalse(weeks.body().contains(">20 Nov<"), weeks::body);
    HttpResponse<String> months = get(ChartsTest::few, LONG, "/charts?days=365&lang=ja");
    assertSays(months, "2025年11月1日から", ">2026年11月<", ">1,242<");
    assertSays(get(ChartsTest::few, LONG, "/charts?days=x"), "value=\"30\" selected");
  }

  @Test
  void manyRoutesAreCutAndStillAddUp() {
    Figures busy = MadeUpFigures.busy(Period.WEEK);
    HttpResponse<String> page = get(any -> busy, LONG, "/charts?days=7&lang=en");
    assertTrue(busy.flows().size() > ChartsPage.ROUTES_MAX);
    assertEquals(ChartsPage.ROUTES_MAX + 2, page.body().split("<tr data-from", -1).length - 1);
    long all = busy.flows().stream().mapToLong(Flow::transfers).sum();
    assertSays(page, "Others", ">" + Words.grouped(all) + "<");
  }

  @Test
  void saysThatThereWasNothing() {
    HttpResponse<String> page = get(MadeUpFigures::empty, LONG, "/charts?lang=ja");
    assertEquals(200, page.statusCode());
    assertSays(page, Text.CHARTS_NONE.in(Language.JA), Text.AGES_NONE.in(Language.JA));
    assertFalse(page.body().contains("<table"), page::body);
    assertFalse(page.body().contains("data-chart"), page::body);
  }

  @ParameterizedTest
  @EnumSource
  void saysHowToHaveNumbersWhereThereAreNone(Language language) {
    HttpResponse<String> page = get(null, LONG, "/charts?lang=" + language.code());
    assertEquals(404, page.statusCode());
    assertSays(
        page,
        Text.CHARTS_UNKEPT.in(language),
        "<code>analytics: { duckdb: analytics.duckdb }</code>");
    assertFalse(page.body().contains("href=\"/charts\""), page::body);
    assertFalse(get(null, LONG, "/").body().contains("/charts"));
  }

  @Test
  void everyPageLeadsToTheNumbers() {
    assertSays(get(ChartsTest::few, LONG, "/"), "href=\"/charts\"");
  }

  @ParameterizedTest
  @EnumSource(SinkException.Kind.class)
  void aStoreThatIsDownIsNoFaultOfTheNode(SinkException.Kind kind) {
    AtomicInteger asked = new AtomicInteger();
    Statistics.Source down =
        any -> {
          asked.incrementAndGet();
          throw new SinkException(kind, "nobody is at host.example:1", null);
        };
    String path = "/charts?days=7&lang=ja";
    HttpResponse<String> page = get(down, LONG, path, path);
    assertEquals(503, page.statusCode());
    assertSays(page, Text.CHARTS_DOWN.in(Language.JA), "href=\"/charts?days=7\"");
    assertFalse(page.body().contains("host.example"), page::body);
    assertEquals(1, asked.get(), "it is not asked again at once");
  }

  @Test
  void aSlowStoreIsNotWaitedForForEver() {
    CountDownLatch never = new CountDownLatch(1);
    Statistics.Source slow =
        period -> {
          try {
            never.await();
          } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
          }
          return MadeUpFigures.empty(period);
        };
    assertEquals(503, get(slow, Duration.ofMillis(50), "/charts").statusCode());
  }

  @Test
  void aHundredReadersAskTheStoreOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch allThere = new CountDownLatch(100);
    Statistics.Source source =
        period -> {
          asked.incrementAndGet();
          try {
            allThere.await();
          } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
          }
          return few(period);
        };
    try (Statistics statistics = new Statistics(source, LONG);
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        answers.add(
            readers.submit(() -> {
              allThere.countDown();
              return statistics.figures(Period.MONTH).isPresent();
            }));
      }
      for (Future<Boolean> answer : answers) {
        assertTrue(answer.get());
      }
    }
    assertEquals(1, asked.get());
  }
}
