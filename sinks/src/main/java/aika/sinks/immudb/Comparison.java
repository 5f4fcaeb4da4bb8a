package aika.sinks.immudb;

import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.SinkException;
import aika.sinks.Source;
import aika.sinks.Verification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads every transaction of the database with proof and compares it with the logs [IMMU-13]: each
 * that has keys of ours must be exactly a part of a block, and every part of every block must be
 * there. What was ever written counts, not only the newest values.
 */
final class Comparison {
  private final ImmudbClient client;
  private final Source source;
  private final List<ChainId> chains;
  private final @Nullable LeafTable table;
  private final Map<Part, Boolean> ofManyParts = new HashMap<>();
  private final Map<ChainId, BitSet> whole = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private long compared;
  private long faults;

  /** A part of a block that has several. */
  private record Part(ChainId chain, long height, int number) {}

  Comparison(ImmudbClient client, Source source, List<ChainId> chains, @Nullable LeafTable table) {
    this.client = client;
    this.source = source;
    this.chains = chains;
    this.table = table;
  }

  Verification run(Verification.Watcher watcher) {
    Map<ChainId, Long> sizes = new HashMap<>();
    for (ChainId chain : chains) {
      sizes.put(chain, newest(chain));
    }
    long last = client.refresh().transaction();
    for (long transaction = 1; transaction <= last; transaction++) {
      compare(transaction);
      watcher.compared(transaction, last);
    }
    for (ChainId chain : chains) {
      compareBlocks(chain, sizes.getOrDefault(chain, 0L));
    }
    return new Verification(compared, faults, examples);
  }

  /** Leaves up to the newest block in the store. */
  private long newest(ChainId chain) {
    List<String> keys = client.keys(Keys.blocks(chain), true);
    Optional<Keys.Place> newest = keys.isEmpty() ? Optional.empty() : Keys.block(keys.getFirst());
    long height = newest.isEmpty() ? 0 : newest.get().index();
    long size = 0;
    for (Block at = next(chain, 0); at != null && at.height() <= height; at = next(chain, size)) {
      size = at.size();
    }
    return size;
  }

  private @Nullable Block next(ChainId chain, long first) {
    return first < source.approvedSize(chain) ? source.block(chain, first) : null;
  }

  private void compare(long transaction) {
    Answers.Transaction found;
    try {
      found = client.read(transaction);
    } catch (SinkException failed) {
      if (failed.kind() != SinkException.Kind.TAMPERED) {
        throw failed;
      }
      fault("transaction " + transaction + ": " + failed.getMessage());
      return;
    }
    for (String key : found.odd()) {
      if (key.startsWith(Keys.OURS)) {
        fault("transaction " + transaction + ": " + key + " is deleted, expires or is a reference");
      }
    }
    if (found.items().stream().anyMatch(item -> item.key().startsWith(Keys.OURS))) {
      compare(transaction, found.items());
    }
  }

  private void compare(long transaction, List<Item> items) {
    String place = "transaction " + transaction + ": ";
    Block block = blockOf(items.getFirst());
    Approval approval = block == null ? null : source.approval(block.chain(), block.size() - 1);
    if (block == null || approval == null) {
      compared += items.size();
      fault(place + items.getFirst().key() + " is of no approved block");
      return;
    }
    List<List<Item>> parts = BlockParts.of(source, block, approval);
    for (int number = 0; number < parts.size(); number++) {
      List<Item> part = parts.get(number);
      if (part.getFirst().key().equals(items.getFirst().key())) {
        if (same(place, part, items)) {
          found(block, number, parts.size());
        }
        return;
      }
    }
    compared += items.size();
    fault(place + items.getFirst().key() + " does not begin a part of its block");
  }

  /** The log's block that a transaction which begins with this item belongs to. */
  private @Nullable Block blockOf(Item first) {
    Optional<Keys.Place> leaf = Keys.leaf(first.key());
    if (leaf.isPresent()) {
      return blockOf(leaf.get());
    }
    if (Keys.block(first.key()).isPresent()) {
      try {
        Block block = ArchivedBlock.parse(first.value()).block();
        return blockOf(new Keys.Place(block.chain(), block.first()));
      } catch (MalformedException damaged) {
        return null;
      }
    }
    // An event of a transfer names its leaf.
    return Keys.leaf(new String(first.value(), StandardCharsets.UTF_8))
        .map(this::blockOf)
        .orElse(null);
  }

  private @Nullable Block blockOf(Keys.Place leaf) {
    return chains.contains(leaf.chain()) && leaf.index() < source.approvedSize(leaf.chain())
        ? source.block(leaf.chain(), leaf.index())
        : null;
  }

  private boolean same(String place, List<Item> part, List<Item> items) {
    long before = faults;
    for (int i = 0; i < Math.max(part.size(), items.size()); i++) {
      compared++;
      if (i >= items.size()) {
        fault(place + part.get(i).key() + " is missing");
      } else if (i >= part.size()) {
        fault(place + items.get(i).key() + " should not be there");
      } else if (!same(part.get(i), items.get(i))) {
        fault(place + items.get(i).key() + " differs from the log");
      }
    }
    return faults == before;
  }

  private boolean same(Item ours, Item theirs) {
    if (ours.equals(theirs)) {
      return true;
    }
    if (!ours.key().equals(theirs.key()) || Keys.block(ours.key()).isEmpty()) {
      return false;
    }
    try {
      ArchivedBlock archived = ArchivedBlock.parse(theirs.value());
      return archived.block().equals(ArchivedBlock.parse(ours.value()).block())
          && ArchivedBlocks.agree(archived, source);
    } catch (MalformedException damaged) {
      return false;
    }
  }

  private void found(Block block, int number, int parts) {
    if (parts > 1) {
      ofManyParts.put(new Part(block.chain(), block.height(), number), true);
      for (int other = 0; other < parts; other++) {
        if (!ofManyParts.containsKey(new Part(block.chain(), block.height(), other))) {
          return;
        }
      }
    }
    whole
        .computeIfAbsent(block.chain(), chain -> new BitSet())
        .set(Math.toIntExact(block.height()));
  }

  private void compareBlocks(ChainId chain, long size) {
    BitSet found = whole.computeIfAbsent(chain, any -> new BitSet());
    long first = 0;
    for (Block at = next(chain, 0); at != null && first < size; at = next(chain, first)) {
      if (!found.get(Math.toIntExact(at.height()))) {
        fault("block " + at.height() + " of " + chain + " is not there as a whole");
      }
      first = at.size();
      if (table != null) {
        compared += at.size() - at.first();
        table.compare(source, at, this::fault);
      }
    }
  }

  private void fault(String what) {
    faults++;
    if (examples.size() < Verification.EXAMPLES_MAX) {
      examples.add(what);
    }
  }
}
