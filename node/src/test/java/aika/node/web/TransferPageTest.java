package aika.node.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Row;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.node.gateway.TransferState;
import aika.node.gateway.TransferView;
import aika.node.gateway.TransferView.Actor;
import aika.node.gateway.TransferView.Decider;
import aika.node.gateway.TransferView.Next;
import aika.node.gateway.TransferView.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the page of a transfer says of who moved it, why, and where the money is now. */
class TransferPageTest {
  private static final TransferId ID = new TransferId(FakeDesk.KOMATSU, 12);
  private static final TransferId REFUNDED = new TransferId(FakeDesk.KANAZAWA, 5);

  private static Step step(String what, @Nullable Decider by) {
    boolean decided = by != null || what.equals("rejected") || what.equals("cancelled");
    return new Step(
        what,
        FakeDesk.TEN,
        decided ? FakeDesk.KANAZAWA : FakeDesk.KOMATSU,
        4L,
        12L,
        List.of("seat-1"),
        FakeDesk.TEN,
        by);
  }

  private static TransferView transfer(
      TransferState state, @Nullable Decider by, boolean cancelAsked, boolean overdue) {
    List<Step> history = new ArrayList<>();
    history.add(step("send", null));
    history.add(step("send_pending", null));
    if (cancelAsked) {
      history.add(step(Step.CANCEL, null));
    }
    boolean waits = state == TransferState.SEND_PENDING;
    if (!waits) {
      history.add(step(state.text(), by));
    }
    Row.Hold.Status hold =
        switch (state) {
          case COMPLETE -> Row.Hold.Status.SETTLED;
          case REJECTED, CANCELLED, EXPIRED -> Row.Hold.Status.REFUNDED;
          default -> Row.Hold.Status.HELD;
        };
    return new TransferView(
        ID,
        OrderId.of("019ab3c2-0000-7000-8000-000000000001"),
        FakeDesk.A,
        FakeDesk.B,
        Money.of("200.00"),
        state,
        hold,
        history,
        waits
            ? new Next(Actor.REPRESENTATIVES, FakeDesk.KANAZAWA, null)
            : new Next(Actor.NOBODY, null, null),
        state == TransferState.COMPLETE ? REFUNDED : null,
        overdue ? FakeDesk.TEN - 1_000 : FakeDesk.TEN + 86_400_000,
        overdue,
        false,
        null);
  }

  private static String page(TransferView transfer, Language language) {
    Words words = new Words(language, FakeDesk.federation(), Pages.ZONE, FakeDesk.TEN);
    return new TransferPage(
            new Layout(
                words,
                FakeDesk.federation().municipality("Asia-Komatsu").orElseThrow(),
                Assets.load(),
                false))
        .page(transfer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "REJECTED|RECEIVER|</bdi>さんは受け取りを断りました。|</bdi> declined it.",
        "REJECTED|CLOSED|金沢市の記録が断りました。|The record of Kanazawa declined it.",
        "REJECTED|-|だれが断ったかは|Who did is not known here",
        "CANCELLED|SENDER|</bdi>さんが送金を取り消しました。|</bdi> took it back.",
        "CANCELLED|GIVEN_UP_HISTORY|この送金は取りやめになりました。|so this one was called off.",
        "EXPIRED|DEADLINE|期限までに受け取られませんでした。|Nobody received it in time.",
        "RECEIVE_PENDING|RECEIVER|</bdi>さんが受け取りました。|</bdi> has received it.",
        "RECEIVE_PENDING|STANDING_ORDER|さんの自動の受け取りで|receives such transfers automatically"
      })
  void saysWhoDecidedIt(TransferState state, @Nullable Decider by, String ja, String en) {
    TransferView view = transfer(state, by, by == Decider.SENDER, false);
    assertTrue(page(view, Language.JA).contains(ja), () -> page(view, Language.JA));
    assertTrue(page(view, Language.EN).contains(en), () -> page(view, Language.EN));
    assertEquals(
        by == Decider.RECEIVER && state == TransferState.REJECTED,
        page(view, Language.EN).contains("</bdi> declined it."));
  }

  /** [E-9] Nobody asked, so nobody is said to have asked. */
  @ParameterizedTest
  @EnumSource
  void aStepThatNeverHappenedIsNotShown(Language language) {
    String page =
        page(transfer(TransferState.CANCELLED, Decider.GIVEN_UP_HISTORY, false, false), language);
    assertFalse(page.contains("data-step=\"cancel\""), page);
    assertFalse(page.contains(Text.CANCEL_ASKED.in(language)), page);
    assertTrue(page.contains(Text.HEAD_CALLED_OFF.in(language)), page);
  }

  @ParameterizedTest
  @EnumSource
  void afterItsTimeNobodyIsSentToReceiveIt(Language language) {
    String page = page(transfer(TransferState.SEND_PENDING, null, false, true), language);
    assertTrue(page.contains(Text.HEAD_OVERDUE.in(language)), page);
    assertFalse(page.contains(Text.HEAD_WAITS.in(language)), page);
    assertFalse(page.contains(Text.GO_RECEIVE.in(language)), page);
    assertFalse(page.contains("href=\"/cancel"), page);
    String held = language == Language.JA ? "小松市が預かっています" : "held safely in Komatsu";
    assertTrue(page.contains(held), page);
    String decides = language == Language.JA ? "金沢市の記録で決まります" : "The record of Kanazawa decides";
    assertTrue(page.contains(decides), page);
  }

  @Test
  void whatWasAskedBackTellsWhereTheMoneyIs() {
    TransferView view = transfer(TransferState.SEND_PENDING, null, true, false);
    assertTrue(page(view, Language.EN).contains("until then Komatsu holds the money."));
    assertTrue(page(view, Language.JA).contains("それまで小松市がお金を預かります。"));
    assertFalse(page(view, Language.EN).contains("(a few seconds)"));
  }

  @Test
  void aRefundSaysWhatItGivesBack() {
    String ja = page(transfer(TransferState.COMPLETE, null, false, false), Language.JA);
    assertTrue(ja.contains(">Asia-Kanazawa:5</a> で受け取ったお金を返すもの"), ja);
    assertTrue(ja.contains("href=\"" + Paths.transfer(REFUNDED) + "\""), ja);
    String en = page(transfer(TransferState.COMPLETE, null, false, false), Language.EN);
    assertTrue(en.contains("gives back what was received by transfer <a"), en);
    String other = page(transfer(TransferState.REJECTED, null, false, false), Language.EN);
    assertFalse(other.contains(Text.REFUND.in(Language.EN) + "</dt>"), other);
  }

  @Test
  void everyDeciderHasAWord() {
    for (Decider by : Decider.values()) {
      assertEquals(by.name().toLowerCase(Locale.ROOT), by.text());
    }
  }
}
