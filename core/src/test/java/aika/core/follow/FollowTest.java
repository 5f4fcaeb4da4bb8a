package aika.core.follow;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import aika.core.transfer.WorkedExample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What followers read in the worked example, and what relays bring. */
final class FollowTest {
  private static final WorkedExample EXAMPLE = new WorkedExample();

  private static TransferId sent(long index) {
    return new TransferId(KOMATSU, index);
  }

  private static List<Consequence> all(ChainId chain) {
    List<Consequence> found = new ArrayList<>();
    for (Entry entry : EXAMPLE.chain(chain).entries()) {
      found.addAll(Consequence.of(chain, entry));
    }
    return found;
  }

  @Test
  void theOriginOffersAsksBackAndEnds() {
    List<Consequence> found = all(KOMATSU);
    assertEquals(9, found.size());
    for (int i = 0; i < 4; i++) {
      Consequence.Offered offered = assertInstanceOf(Consequence.Offered.class, found.get(i));
      assertEquals(EXAMPLE.chain(KOMATSU).hold(3 + i).offer(), offered.offer());
    }
    assertEquals(new Consequence.CancelAsked(sent(5), 7), found.get(4));
    for (int i = 0; i < 4; i++) {
      assertEquals(new Consequence.Ended(sent(3 + i)), found.get(5 + i));
    }
  }

  @Test
  void theReceiverDecides() {
    assertEquals(
        List.of(
            new Consequence.Decided(KANAZAWA, sent(3), 3),
            new Consequence.Decided(KANAZAWA, sent(4), 4),
            new Consequence.Decided(KANAZAWA, sent(5), 5),
            new Consequence.Decided(KANAZAWA, sent(6), 6)),
        all(KANAZAWA));
  }

  // ---- relays

  private final TestFederation fed = TestFederation.standard();
  private final TestChain komatsu = fed.chain(KOMATSU);

  private final FollowedFederation followed = new FollowedFederation(fed);

  private Optional<Action.RecordCheckpoint> record(long needed) {
    followed.approve(KOMATSU);
    Relay.Cover cover = new Relay(followed, fed.directory()).cover(KANAZAWA, KOMATSU, needed);
    return cover == null ? Optional.empty() : cover.first().stream().findFirst();
  }

  @Test
  void recordsOnlyWhatIsNeededAndThere() {
    fed.open(KOMATSU, "aaaa");
    komatsu.seal(fed.now());
    long size = komatsu.tree().size();
    assertEquals(Optional.empty(), record(0));
    assertEquals(Optional.empty(), record(size + 1));
    fed.chain(KANAZAWA).accepted(fed.now(), record(size).orElseThrow());
    assertEquals(Optional.empty(), record(size));
    assertEquals(Optional.empty(), record(1));
    fed.open(KOMATSU, "bbbb");
    komatsu.seal(fed.now());
    assertEquals(Optional.empty(), record(size));
    Action.RecordCheckpoint second = record(size + 1).orElseThrow();
    assertTrue(!second.consistency().isEmpty());
    fed.chain(KANAZAWA).accepted(fed.now(), second);
  }

  @Test
  void settlesInBatchesOf250InOrder() {
    assertEquals(List.of(), Relay.settle(KANAZAWA, 9, List.of()));
    List<Action.Item> items = new ArrayList<>();
    for (int i = 0; i < 501; i++) {
      items.add(new Action.Item(i, i, null));
    }
    List<Action.Settle> actions = Relay.settle(KANAZAWA, 9, items);
    assertEquals(List.of(250, 250, 1), actions.stream().map(a -> a.items().size()).toList());
    List<Action.Item> together = new ArrayList<>();
    actions.forEach(action -> together.addAll(action.items()));
    assertEquals(items, together);
    List<Action.Item> exactly = Collections.nCopies(250, items.getFirst());
    assertEquals(1, Relay.settle(KANAZAWA, 9, exactly).size());
  }
}
