package aika.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import aika.core.log.Hash;
import aika.core.money.TransferId;
import aika.node.wallet.CanonicalBody;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** [CW-8] By what a request that is made on a page is known again. */
final class SendRequestTest {
  private static Hash hash(@Nullable TransferId refundOf) {
    return new SendRequest(
            "A", "Asia-Komatsu", "B", null, "20", null, null, refundOf, null, null, false, null)
        .bodyHash();
  }

  /** The wallet keeps these hashes for 30 days; a repetition after an upgrade is still one. */
  @Test
  void whatGivesNothingBackIsKnownAsBeforeThereWereRefunds() {
    Map<String, @Nullable Object> said = new HashMap<>();
    said.put("sender", "A");
    said.put("sender_municipality", "Asia-Komatsu");
    said.put("receiver", "B");
    said.put("receiver_municipality", null);
    said.put("amount", "20");
    said.put("continent", null);
    said.put("memo", null);
    said.put("valid_until", null);
    assertEquals(CanonicalBody.hash(said), hash(null));
  }

  @Test
  void aRefundIsNoPaymentAndNoRefundOfAnother() {
    Hash first = hash(TransferId.of("Asia-Kanazawa:12"));
    assertNotEquals(hash(null), first);
    assertNotEquals(hash(TransferId.of("Asia-Kanazawa:13")), first);
  }
}
