package aika.sinks.immudb;

import aika.core.money.ChainId;
import aika.core.note.Fuzz;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.MadeUpChains;
import aika.sinks.SinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What an immudb answers as the archive's values, changed. */
final class FuzzedValuesTest {
  private final MadeUpChains chains = MadeUpChains.random(20_261_128, 10);

  private List<Item> items() {
    chains.closeAll();
    List<Item> items = new ArrayList<>();
    for (ChainId chain : chains.chains()) {
      for (long first = 0; first < chains.approvedSize(chain); ) {
        Block block = Objects.requireNonNull(chains.block(chain, first));
        Approval approval = Objects.requireNonNull(chains.approval(chain, block.size() - 1));
        BlockParts.of(chains, block, approval).forEach(items::addAll);
        first = block.size();
      }
    }
    return items;
  }

  @Test
  void archivedBlocks() {
    List<byte[]> blocks =
        items().stream()
            .filter(item -> Keys.block(item.key()).isPresent())
            .map(Item::value)
            .toList();
    Fuzz.of("archived block", blocks)
        .cases(1_500)
        .run(bytes -> ArchivedBlock.parse(bytes).encode());
  }

  /** Below the keys of a leaf, of an event and of a block. */
  @Test
  void valuesAreComparedOrCalledTampered() {
    List<Item> items = items();
    for (String kind : List.of("/leaf/", "/sent", "/block/")) {
      Item item = items.stream().filter(one -> one.key().contains(kind)).findFirst().orElseThrow();
      Fuzz.of("value of " + item.key(), List.of(item.value()))
          .refusingWith(SinkException.class)
          .cases(300)
          .run(bytes -> {
            ArchivedValue.check(item.key(), bytes, chains);
            return null;
          });
    }
  }
}
