package aika.sinks.immudb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.ChainId;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.MadeUpChains;
import aika.sinks.SinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ArchivedValueTest {
  private final MadeUpChains chains = MadeUpChains.random(20_261_126, 60);

  private List<Item> archive() {
    List<Item> items = new ArrayList<>();
    for (ChainId chain : chains.chains()) {
      long first = 0;
      while (first < chains.approvedSize(chain)) {
        Block block = Objects.requireNonNull(chains.block(chain, first));
        Approval approval = Objects.requireNonNull(chains.approval(chain, block.size() - 1));
        BlockParts.of(chains, block, approval).forEach(items::addAll);
        first = block.size();
      }
    }
    return items;
  }

  private void check(String key, byte[] value) {
    ImmudbArchive.compare(List.of(new ImmudbArchive.Found(key, value, 1, 0, 1)), chains);
  }

  private void assertRefused(SinkException.Kind kind, String key, byte[] value) {
    SinkException found = assertThrows(SinkException.class, () -> check(key, value), key);
    assertEquals(kind, found.kind(), found.getMessage());
    assertTrue(String.valueOf(found.getMessage()).contains(key), found.getMessage());
  }

  @Test
  void everyValueOfTheArchiveAgrees() {
    List<Item> items = archive();
    assertTrue(items.size() > 100);
    items.forEach(item -> check(item.key(), item.value()));
  }

  /** Also a value that belongs to another key. */
  @Test
  void aValueThatIsNotTheKeysIsTampered() {
    List<Item> items = archive();
    for (int i = 0; i < items.size(); i++) {
      String key = items.get(i).key();
      byte[] changed = items.get(i).value().clone();
      changed[changed.length / 2] ^= 1;
      if (Keys.block(key).isEmpty()) { // of a block's cosignatures others are as good
        assertRefused(SinkException.Kind.TAMPERED, key, changed);
      }
      byte[] other = items.get((i + 1) % items.size()).value();
      assertRefused(SinkException.Kind.TAMPERED, key, other);
    }
    for (String key : List.of("aika/nothing", "aika/transfer/Asia-Komatsu:999/sent")) {
      assertRefused(SinkException.Kind.TAMPERED, key, "made up".getBytes(UTF_8));
      assertRefused(
          SinkException.Kind.TAMPERED, key, Keys.leaf(MadeUpChains.KOMATSU, 0).getBytes(UTF_8));
    }
    assertRefused(
        SinkException.Kind.TAMPERED, Keys.leaf(ChainId.of("Asia-Nowhere"), 0), new byte[] {1});
  }

  @Test
  void whatTheLogDoesNotHaveYetIsNoProof() {
    assertRefused(
        SinkException.Kind.FAILED, Keys.leaf(MadeUpChains.KOMATSU, 99_999), new byte[] {1});
  }
}
