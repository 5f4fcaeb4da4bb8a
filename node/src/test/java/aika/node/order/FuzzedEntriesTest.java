package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import aika.core.ledger.Action;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Wire;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.note.Fuzz;
import aika.node.store.PeerStore;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What peers replicate, with changed bytes. */
final class FuzzedEntriesTest {
  private static final int CASES = 1_500;
  private static final ChainId ASIA = ChainId.of("Asia");

  private static byte[] entry(Action... actions) {
    List<byte[]> items =
        Stream.of(actions)
            .map(action -> OrderedEntry.encodeItem(new OrderedEntry.Item(ASIA, action)))
            .toList();
    return OrderedEntry.encode(7, 1_793_491_200_123L, items, 0);
  }

  @Test
  void entries() {
    byte[] entry = entry(new Action.Genesis(Hash.of(new byte[Hash.BYTES])), new Action.Seal(1));
    Fuzz.of("entry", List.of(entry, entry()))
        .cases(CASES)
        .run(bytes -> {
          OrderedEntry read = OrderedEntry.decode(bytes);
          List<byte[]> items = read.items().stream().map(OrderedEntry::encodeItem).toList();
          return OrderedEntry.encode(read.number(), read.time(), items, bytes.length);
        });
  }

  @Test
  void changesBesideTheLedger() {
    byte[] some = new OrderedEntry.Beside("register", 3, new byte[] {1, 2, 3}).encode();
    byte[] none = new OrderedEntry.Beside("file", PeerStore.ANY_TERM, new byte[0]).encode();
    Fuzz.of("change beside the ledger", List.of(some, none))
        .cases(CASES)
        .run(bytes -> {
          OrderedEntry.Beside read = OrderedEntry.Beside.decode(bytes);
          byte[] again = read.encode();
          return OrderedEntry.Beside.is(bytes) && again.length == bytes.length ? again : null;
        });
  }

  @Test
  void answers() {
    Refusal refusal = Refusal.of(Reason.BUSY, "later");
    List<byte[]> answers =
        Stream.of(new Answer.Accepted(3, 9), new Answer.Repeated(3), new Answer.Refused(refusal))
            .map(FuzzedEntriesTest::wire)
            .toList();
    Fuzz.of("answer", answers)
        .cases(CASES)
        .run(bytes -> {
          Wire.Reader in = new Wire.Reader(bytes);
          Answer read = OrderedEntry.readAnswer(in);
          assertNotNull(read);
          return in.hasMore() ? null : wire(read);
        });
  }

  private static byte[] wire(Answer answer) {
    Wire out = new Wire(64);
    OrderedEntry.writeAnswer(out, answer);
    return out.toBytes();
  }
}
