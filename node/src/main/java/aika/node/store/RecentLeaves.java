package aika.node.store;

import aika.core.ledger.Entry;
import aika.core.money.ChainId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The latest leaves of a store's chains, decoded: all that is not on disk yet, and of what is as
 * much as fits. Followers read leaf after leaf close behind the execution and find them here.
 *
 * <p>One thread adds and drops; any thread reads.
 */
final class RecentLeaves {
  static final int CHUNK_LEAVES = 256;

  /** A decoded leaf takes about four times its bytes. */
  private static final int DECODED_FACTOR = 4;

  private final long bytesMax;
  private final Map<ChunkId, Chunk> chunks = new ConcurrentHashMap<>();
  private final Map<ChainId, Chunk> open = new HashMap<>();
  private final Deque<Chunk> oldestFirst = new ArrayDeque<>();
  private long bytes;

  record ChunkId(ChainId chain, long number) {
    static ChunkId of(ChainId chain, long index) {
      return new ChunkId(chain, index / CHUNK_LEAVES);
    }
  }

  private static final class Chunk {
    private final ChunkId id;
    private final AtomicReferenceArray<@Nullable Entry> leaves =
        new AtomicReferenceArray<>(CHUNK_LEAVES);
    private long bytes;
    private long part;

    Chunk(ChunkId id) {
      this.id = id;
    }
  }

  RecentLeaves(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * @param part number of the part of unwritten data that the leaf belongs to
   */
  void add(ChainId chain, Entry entry, long part) {
    Chunk chunk = open.get(chain);
    if (chunk == null || chunk.id.number != entry.index() / CHUNK_LEAVES) {
      chunk = new Chunk(ChunkId.of(chain, entry.index()));
      open.put(chain, chunk);
      chunks.put(chunk.id, chunk);
      oldestFirst.add(chunk);
    }
    chunk.leaves.setRelease((int) (entry.index() % CHUNK_LEAVES), entry);
    long size = (long) DECODED_FACTOR * entry.bytes().length;
    chunk.bytes += size;
    chunk.part = part;
    bytes += size;
  }

  /**
   * Drops the oldest chunks until they fit, but none with leaves of a part after this one: the open
   * chunk of a quiet chain, which always has such a leaf, is passed over.
   */
  void dropWritten(long writtenPart) {
    Iterator<Chunk> oldest = oldestFirst.iterator();
    while (bytes > bytesMax && oldest.hasNext()) {
      Chunk chunk = oldest.next();
      if (chunk.part <= writtenPart) {
        oldest.remove();
        chunks.remove(chunk.id);
        open.remove(chunk.id.chain, chunk);
        bytes -= chunk.bytes;
      }
    }
  }

  @Nullable Entry get(ChainId chain, long index) {
    Chunk chunk = chunks.get(ChunkId.of(chain, index));
    return chunk == null ? null : chunk.leaves.getAcquire((int) (index % CHUNK_LEAVES));
  }
}
