package aika.sinks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Entry;
import aika.core.ledger.OutcomeKind;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EventJsonTest {
  private static List<Map<String, Object>> facts(Map<String, Object> json) {
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> facts = (List<Map<String, Object>>) json.get("facts");
    return Objects.requireNonNull(facts);
  }

  @Test
  void aSendSaysWhoSentHowMuchToWhom() {
    MadeUpChains world = MadeUpChains.world();
    TransferId transfer = world.send(MadeUpChains.A, MadeUpChains.B, "200.00");
    Entry entry = world.entry(transfer.origin(), transfer.index());
    Map<String, Object> open = EventJson.of(transfer.origin(), entry, null);
    assertEquals(
        List.of("chain", "index", "kind", "time", "facts", "entry"), List.copyOf(open.keySet()));
    assertEquals("Asia-Komatsu", open.get("chain"));
    assertEquals(transfer.index(), open.get("index"));
    assertEquals("send", open.get("kind"));
    assertEquals("2026-11-01T00:00:00.000Z", open.get("time"));
    assertArrayEquals(entry.bytes(), Base64.getDecoder().decode((String) open.get("entry")));
    Map<String, Object> sent = facts(open).getFirst();
    assertEquals("sent", sent.get("fact"));
    assertEquals(transfer.toString(), sent.get("transfer"));
    assertEquals("Asia-Komatsu/aaaaaaaa", sent.get("from"));
    assertEquals("Asia-Kanazawa/bbbbbbbb", sent.get("to"));
    assertEquals("200.00", sent.get("amount"));
    assertEquals("2026-10-31T23:59:59.993Z", sent.get("arrived"));
    assertEquals("2026-12-31T00:00:00Z", sent.get("valid_until"));

    world.close(transfer.origin());
    Block block = Objects.requireNonNull(world.block(transfer.origin(), transfer.index()));
    Map<String, Object> closed = EventJson.of(transfer.origin(), entry, block.height());
    assertEquals(2L, closed.get("block"));
  }

  @Test
  void whoDecidedIsThereUnlessTheChainDid() {
    MadeUpChains world = MadeUpChains.world();
    TransferId received = world.send(MadeUpChains.A, MadeUpChains.B, "1.00");
    TransferId expired = world.send(MadeUpChains.A, MadeUpChains.B, "2.00");
    long first = world.decide(received, OutcomeKind.RECEIVED);
    long second = world.decide(expired, OutcomeKind.EXPIRED);
    ChainId kanazawa = MadeUpChains.KANAZAWA;
    Map<String, Object> byB =
        facts(EventJson.of(kanazawa, world.entry(kanazawa, first), null)).getFirst();
    assertEquals("received", byB.get("outcome"));
    assertEquals("Asia-Kanazawa/bbbbbbbb", byB.get("by"));
    Map<String, Object> byTime =
        facts(EventJson.of(kanazawa, world.entry(kanazawa, second), null)).getFirst();
    assertEquals("expired", byTime.get("outcome"));
    assertFalse(byTime.containsKey("by"));
  }

  @Test
  void everyLeafHasAJsonOfPlainValues() {
    MadeUpChains world = MadeUpChains.random(11, 200);
    Set<Object> seen = new HashSet<>();
    for (ChainId chain : world.chains()) {
      for (long i = 0; i < world.size(chain); i++) {
        for (Map<String, Object> fact : facts(EventJson.of(chain, world.entry(chain, i), null))) {
          seen.add(String.valueOf(fact.get("fact")));
          for (Object value : fact.values()) {
            assertTrue(value instanceof String || value instanceof Long, () -> "" + fact);
          }
        }
      }
    }
    assertEquals(
        Set.of("opened", "issued", "sent", "decided", "ended", "recorded", "sealed"), seen);
  }
}
