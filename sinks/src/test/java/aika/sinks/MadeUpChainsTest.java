package aika.sinks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.follow.Event;
import aika.core.ledger.LeafText;
import aika.core.money.ChainId;
import org.junit.jupiter.api.Test;

/** The made-up chains are what they say, so that tests of sinks mean something. */
final class MadeUpChainsTest {
  @Test
  void leavesAreReadableAndBlocksAreApproved() {
    MadeUpChains world = MadeUpChains.random(7, 300);
    world.closeAll();
    long sent = 0;
    long ended = 0;
    for (ChainId chain : world.chains()) {
      assertEquals(world.size(chain), world.approvedSize(chain), chain.value());
      for (long i = 0; i < world.size(chain); i++) {
        assertEquals(
            LeafText.kind(LeafText.parse(world.entry(chain, i).bytes())),
            LeafText.kind(world.entry(chain, i).leaf()));
        for (Event event : Event.of(chain, world.entry(chain, i))) {
          sent += event instanceof Event.Sent ? 1 : 0;
          ended += event instanceof Event.Ended ? 1 : 0;
        }
      }
    }
    assertEquals(300, sent);
    assertTrue(ended > 100, "settled: " + ended);
  }
}
