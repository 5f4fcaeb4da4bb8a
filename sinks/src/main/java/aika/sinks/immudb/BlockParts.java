package aika.sinks.immudb;

import aika.core.follow.Event;
import aika.core.ledger.Entry;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the archive holds of a block, as the transactions that it is written in: nearly always one.
 * The same block always gives the same parts; the block's own key is the last of all, so where it
 * is everything else is [IMMU-6].
 */
final class BlockParts {
  /** immudb's own limit. */
  static final int ENTRIES_MAX = 1_024;

  /** Far below what a server takes in one message. */
  static final int BYTES_MAX = 8 << 20;

  private BlockParts() {}

  static List<List<Item>> of(Source source, Block block, Approval approval) {
    Map<String, byte[]> items = new LinkedHashMap<>();
    for (long index = block.first(); index < block.size(); index++) {
      Entry entry = source.entry(block.chain(), index);
      String leaf = Keys.leaf(block.chain(), index);
      items.put(leaf, entry.bytes());
      for (Event event : Event.of(block.chain(), entry)) {
        Optional<String> key = Keys.event(event, index);
        if (key.isPresent()) {
          items.put(key.get(), leaf.getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    items.put(
        Keys.block(block.chain(), block.height()), ArchivedBlock.of(block, approval).encode());
    return split(items);
  }

  private static List<List<Item>> split(Map<String, byte[]> items) {
    List<List<Item>> parts = new ArrayList<>();
    List<Item> part = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, byte[]> item : items.entrySet()) {
      if (part.size() == ENTRIES_MAX || !part.isEmpty() && bytes + size(item) > BYTES_MAX) {
        parts.add(part);
        part = new ArrayList<>();
        bytes = 0;
      }
      part.add(new Item(item.getKey(), item.getValue()));
      bytes += size(item);
    }
    parts.add(part);
    return parts;
  }

  private static long size(Map.Entry<String, byte[]> item) {
    return (long) item.getKey().length() + item.getValue().length;
  }
}
