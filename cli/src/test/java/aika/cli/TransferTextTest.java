package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.client.Transfer;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who moved a transfer, why, and where the money is now, in both languages. */
final class TransferTextTest {
  private static final long UNTIL = 1_795_309_201_000L;

  private static Transfer transfer(
      String status, String by, boolean overdue, boolean cancelAsked, String hold) {
    return new Transfer(
        TransferId.of("Asia-Komatsu:12"),
        OrderId.of("019ab3c2-0000-7000-8000-000000000001"),
        AccountId.of("Asia-Komatsu/k3v9q2mw"),
        AccountId.of("Asia-Kanazawa/p8d1x7aa"),
        Money.of("200.00"),
        status,
        status.equals("expired") ? TransferId.of("Asia-Kanazawa:5") : null,
        UNTIL,
        overdue,
        cancelAsked,
        by.isEmpty() ? null : by,
        hold,
        List.of());
  }

  private static String text(Transfer transfer) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    new TransferText(transfer).print(new Screen(writer));
    writer.flush();
    return out.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "receive_pending|receiver|Its receiver received it.|受け取った人が受け取りました。",
        "receive_pending|standing_order|The receiver's standing order received it.|自動の受け取り",
        "complete|standing_order|The receiver's standing order received it. It is complete.|自動",
        "complete|''|It was received. It is complete.|受け取られました。完了しました。",
        "rejected|receiver|Its receiver declined it.|受け取る人が断りました。",
        "rejected|closed|is closed, so that chain declined it.|閉じられているので",
        "rejected|''|by whom is not known here|だれが断ったかは、ここでは分かりません",
        "cancelled|sender|Its sender took it back in time.|送った人が取り消しました。",
        "cancelled|given_up_history|put right by its recovery quorum|復旧でやり直されました",
        "cancelled|''|by whom is not known here|だれが取り消したかは、ここでは分かりません",
        "expired|deadline|Nobody received it in time|期限までに受け取られませんでした。"
      })
  void saysWhoDecidedIt(String status, String by, String en, String ja) {
    String text = text(transfer(status, by, false, false, "refunded"));
    assertTrue(text.contains(en), text);
    assertTrue(text.contains(ja), text);
    assertEquals(by.equals("receiver"), text.contains("Its receiver"), text);
    assertEquals(by.equals("sender"), text.contains("Its sender took it back"), text);
  }

  @Test
  void whatWasAskedBackDoesNotWaitForItsReceiver() {
    String text = text(transfer("send_pending", "", false, true, "held"));
    assertTrue(text.contains("Its sender asked for it back."), text);
    assertTrue(text.contains("The record of Asia-Kanazawa decides"), text);
    assertTrue(text.contains("until then the money is held by Asia-Komatsu"), text);
    assertTrue(text.contains("送った人が取り消しをたのみました。"), text);
    assertTrue(text.contains("Asia-Kanazawa の記録で決まり、それまで Asia-Komatsu がお金を預かっています。"), text);
    assertFalse(text.contains("It waits for its receiver"), text);
  }

  @Test
  void aRefundSaysWhatItGivesBack() {
    String text = text(transfer("expired", "deadline", false, false, "refunded"));
    assertTrue(text.contains("It gives back what was received by Asia-Kanazawa:5."), text);
    assertTrue(text.contains("Asia-Kanazawa:5 の返金です。"), text);
  }

  @Test
  void whoseTimeIsOverCanBeReceivedByNobody() {
    String text = text(transfer("send_pending", "", true, false, "held"));
    assertTrue(text.contains("nobody can receive it any more"), text);
    assertTrue(text.contains("Unless it was received in time"), text);
    assertTrue(text.contains("until then the money is held by Asia-Komatsu"), text);
    assertTrue(text.contains("もうだれも受け取れません"), text);
    assertFalse(text.contains("It waits for its receiver"), text);
  }
}
