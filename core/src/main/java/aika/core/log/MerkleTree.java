package aika.core.log;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole Merkle tree in memory, 64 bytes a leaf: for tests, the simulator and auditors.
 * Append-only, for one thread at a time.
 */
public final class MerkleTree implements Nodes {
  private final Frontier frontier = new Frontier();
  private final List<Level> levels = new ArrayList<>();

  public long size() {
    return frontier.size();
  }

  /** Appends a leaf hash; returns its index. */
  public long append(Hash leaf) {
    long index = frontier.size();
    frontier.append(leaf, this::store);
    return index;
  }

  public Hash root() {
    return frontier.root();
  }

  /** The root that the tree had at this size. */
  public Hash root(long size) {
    return Proofs.root(size, this);
  }

  @Override
  public Hash node(int level, long index) {
    if (level < 0 || level >= levels.size()) {
      throw new IndexOutOfBoundsException("no subtree at level " + level);
    }
    return levels.get(level).get(index);
  }

  private void store(int level, long index, Hash hash) {
    if (level == levels.size()) {
      levels.add(new Level());
    }
    levels.get(level).add(hash);
  }

  /** Hashes in chunks, so that growing copies none. */
  private static final class Level {
    private static final int CHUNK_HASHES = 256;

    private final List<byte[]> chunks = new ArrayList<>();
    private long count;

    Hash get(long index) {
      if (index < 0 || index >= count) {
        throw new IndexOutOfBoundsException("subtree " + index + " of " + count);
      }
      byte[] chunk = chunks.get((int) (index / CHUNK_HASHES));
      return Hash.of(chunk, (int) (index % CHUNK_HASHES) * Hash.BYTES);
    }

    void add(Hash hash) {
      int at = (int) (count % CHUNK_HASHES);
      if (at == 0) {
        chunks.add(new byte[CHUNK_HASHES * Hash.BYTES]);
      }
      hash.copyTo(chunks.getLast(), at * Hash.BYTES);
      count++;
    }
  }
}
