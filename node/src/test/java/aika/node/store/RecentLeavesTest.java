package aika.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is kept of the latest leaves: all that is unwritten, of the rest what fits. */
class RecentLeavesTest {
  private static final int CHUNK = RecentLeaves.CHUNK_LEAVES;
  private static final int LEAF_BYTES = 100;
  private static final long DECODED_BYTES = 4 * LEAF_BYTES;
  private static final long CHUNK_BYTES = CHUNK * DECODED_BYTES;
  private static final ChainId KOMATSU = Samples.KOMATSU;
  private static final ChainId ASIA = ChainId.of("Asia");
  private static final Hash ANY = Hash.of(new byte[Hash.BYTES]);

  private final Map<ChainId, Long> sizes = new HashMap<>();

  /** Appends so many leaves of one part of unwritten data. */
  private void add(RecentLeaves recent, ChainId chain, int count, long part) {
    for (int i = 0; i < count; i++) {
      long index = sizes.merge(chain, 1L, Long::sum) - 1;
      Leaf leaf = new Leaf.Recorded(index, KOMATSU, 1, ANY, 1, ANY);
      recent.add(chain, new Entry(index, new byte[LEAF_BYTES], ANY, leaf), part);
    }
  }

  private long kept(RecentLeaves recent, ChainId chain) {
    long kept = 0;
    for (long i = 0; i < size(chain); i++) {
      kept += recent.get(chain, i) == null ? 0 : 1;
    }
    return kept;
  }

  private long size(ChainId chain) {
    return sizes.getOrDefault(chain, 0L);
  }

  @Test
  void findsEachLeafUnderItsIndex() {
    RecentLeaves recent = new RecentLeaves(CHUNK_BYTES);
    add(recent, KOMATSU, CHUNK + 3, 1);
    for (long i = 0; i < CHUNK + 3; i++) {
      Entry found = recent.get(KOMATSU, i);
      assertEquals(i, Objects.requireNonNull(found).index());
      assertSame(found, recent.get(KOMATSU, i));
    }
    assertNull(recent.get(KOMATSU, CHUNK + 3));
    assertNull(recent.get(ASIA, 0));
  }

  @Test
  void theOldestThatAreWrittenAreDroppedDownToTheBound() {
    RecentLeaves recent = new RecentLeaves(2 * CHUNK_BYTES);
    add(recent, KOMATSU, 4 * CHUNK, 1);
    assertEquals(4 * CHUNK, kept(recent, KOMATSU), "nothing is dropped before it is written");
    recent.dropWritten(1);
    assertEquals(2 * CHUNK, kept(recent, KOMATSU));
    assertNull(recent.get(KOMATSU, 2 * CHUNK - 1));
    assertNotNull(recent.get(KOMATSU, 2 * CHUNK));
    assertNotNull(recent.get(KOMATSU, 4 * CHUNK - 1));
  }

  @Test
  void whatFitsStaysAlthoughItIsWritten() {
    RecentLeaves recent = new RecentLeaves(2 * CHUNK_BYTES);
    add(recent, KOMATSU, 2 * CHUNK, 1);
    recent.dropWritten(1);
    assertEquals(2 * CHUNK, kept(recent, KOMATSU));
  }

  @Test
  void unwrittenLeavesStayHoweverManyTheyAre() {
    RecentLeaves recent = new RecentLeaves(0);
    add(recent, KOMATSU, 3 * CHUNK, 1);
    add(recent, KOMATSU, 3 * CHUNK, 2);
    recent.dropWritten(0);
    assertEquals(6 * CHUNK, kept(recent, KOMATSU));
    recent.dropWritten(1);
    assertEquals(3 * CHUNK, kept(recent, KOMATSU));
    assertNotNull(recent.get(KOMATSU, 3 * CHUNK));
  }

  @Test
  void oneUnwrittenLeafKeepsThoseBesideIt() {
    RecentLeaves recent = new RecentLeaves(0);
    add(recent, KOMATSU, 10, 1);
    add(recent, KOMATSU, 1, 2);
    recent.dropWritten(1);
    assertEquals(11, kept(recent, KOMATSU));
  }

  @Test
  void aQuietChainsUnwrittenLeavesDoNotKeepTheWrittenOnesOfOthers() {
    RecentLeaves recent = new RecentLeaves(CHUNK_BYTES);
    add(recent, ASIA, 1, 9);
    add(recent, KOMATSU, 3 * CHUNK, 1);
    recent.dropWritten(1);
    assertEquals(1, kept(recent, ASIA));
    assertTrue(kept(recent, KOMATSU) <= CHUNK, () -> kept(recent, KOMATSU) + " are kept");
  }

  @Test
  void aChainGoesOnAfterItsOpenLeavesWereDropped() {
    RecentLeaves recent = new RecentLeaves(0);
    add(recent, KOMATSU, 10, 1);
    recent.dropWritten(1);
    assertEquals(0, kept(recent, KOMATSU));
    add(recent, KOMATSU, 5, 2);
    assertEquals(5, kept(recent, KOMATSU));
    assertNotNull(recent.get(KOMATSU, 10));
  }

  @Test
  void theBoundHoldsWhateverCameBefore() {
    Random random = new Random(11);
    RecentLeaves recent = new RecentLeaves(3 * CHUNK_BYTES);
    long unwritten = 0;
    for (long part = 1; part <= 200; part++) {
      unwritten = 0;
      for (ChainId chain : new ChainId[] {KOMATSU, ASIA}) {
        int count = random.nextInt(2 * CHUNK);
        add(recent, chain, count, part);
        unwritten += count;
      }
      recent.dropWritten(part - 1);
      long kept = kept(recent, KOMATSU) + kept(recent, ASIA);
      assertTrue(unwritten <= kept, "seed 11, part " + part + ": unwritten leaves are gone");
      // beyond the bound only the chunks in which each chain's unwritten leaves begin
      long most = Math.max(3 * CHUNK, unwritten + 2 * CHUNK);
      assertTrue(kept <= most, "seed 11, part " + part + ": " + kept + " of " + most);
    }
    recent.dropWritten(200);
    assertTrue(kept(recent, KOMATSU) + kept(recent, ASIA) <= 3 * CHUNK, "all written");
  }
}
