package aika.node.cosign;

import aika.core.audit.PublishedLog;
import aika.core.ledger.Entry;
import aika.core.ledger.LeafText;
import aika.core.ledger.Reason;
import aika.core.log.Checkpoint;
import aika.core.log.EntryBundle;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.HashTiles;
import aika.core.log.Merkle;
import aika.core.log.Nodes;
import aika.core.log.Proofs;
import aika.core.log.TilePath;
import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.List;

/**
 * The leaves below a checkpoint that the log has signed, as its node serves them. Only leaves of
 * that tree come out of it.
 */
final class SealedLog {
  /** Fetched and executed together, about. */
  private static final long BYTES_AT_ONCE = 1_024 * 1_024;

  private static final int TILES_KEPT = 64;

  private final PublishedLog from;
  private final Checkpoint tree;
  private final Nodes nodes;

  /**
   * @param tree its log's signature was checked
   */
  SealedLog(PublishedLog from, Checkpoint tree) {
    this.from = from;
    this.tree = tree;
    nodes = new HashTiles(this::tile, TILES_KEPT).of(tree.size());
  }

  /**
   * Whether the tree begins with the one of this size and root.
   *
   * @throws LaterException when the hashes that are served are not those of the tree
   */
  boolean continues(long size, Hash root) {
    if (follows(size, root)) {
      return true;
    }
    if (!follows(size, Proofs.root(size, nodes))) { // what is served is of neither history
      throw new LaterException("the hash tiles are not those of the tree of " + tree.size());
    }
    return false;
  }

  private boolean follows(long size, Hash root) {
    List<Hash> proof =
        size == 0 || size == tree.size() ? List.of() : Proofs.consistency(size, tree.size(), nodes);
    return size == 0 || Proofs.verifyConsistency(size, tree.size(), proof, root, tree.root());
  }

  /**
   * The next leaves.
   *
   * @param done the tree so far; is not changed
   * @throws LaterException when what is served is not of the tree; it names the leaf
   * @throws CosignException when a leaf of the tree is not written as a leaf
   */
  List<Entry> next(Frontier done) {
    long first = done.size() / TilePath.FULL_WIDTH;
    long last = (tree.size() - 1) / TilePath.FULL_WIDTH;
    List<byte[]> leaves = new ArrayList<>();
    long left = BYTES_AT_ONCE;
    for (long number = first; number <= last && left > 0; number++) {
      List<byte[]> bundle = bundle(number, TilePath.widthAt(0, number, tree.size()));
      int known = (int) Math.max(0, done.size() - number * TilePath.FULL_WIDTH);
      leaves.addAll(bundle.subList(known, bundle.size()));
      left -= bundle.stream().mapToLong(bytes -> bytes.length).sum();
    }
    List<Hash> hashes = leaves.parallelStream().map(Merkle::leafHash).toList();
    Frontier with = done.copy();
    hashes.forEach(with::append);
    if (!follows(with.size(), with.root())) {
      throw foreign(done.size(), leaves);
    }
    List<Entry> entries = new ArrayList<>(leaves.size());
    for (int i = 0; i < leaves.size(); i++) {
      entries.add(entry(done.size() + i, leaves.get(i), hashes.get(i)));
    }
    return entries;
  }

  private static Entry entry(long index, byte[] bytes, Hash hash) {
    try {
      return new Entry(index, bytes, hash, LeafText.parse(bytes));
    } catch (MalformedException malformed) {
      throw new CosignException(
          Reason.LEAF_DIVERGES, "leaf " + index + ": " + malformed.getMessage(), malformed);
    }
  }

  /** Which of these leaves is not of the tree, as far as the hash tiles tell. */
  private LaterException foreign(long from, List<byte[]> leaves) {
    for (int i = 0; i < leaves.size(); i++) {
      long index = from + i;
      if (!Proofs.verifyInclusion(
          Merkle.leafHash(leaves.get(i)),
          index,
          tree.size(),
          Proofs.inclusion(index, tree.size(), nodes),
          tree.root())) {
        return new LaterException(
            "leaf " + index + " is not the one of the tree of " + tree.size() + " leaves");
      }
    }
    return new LaterException(
        "leaves " + from + " to " + (from + leaves.size() - 1) + " are not those of the tree");
  }

  private List<byte[]> bundle(long number, int width) {
    TilePath.Entries path = new TilePath.Entries(number, width);
    byte[] file = from.file(path.format());
    if (file == null) {
      throw new LaterException("there is no " + path.format());
    }
    try {
      return EntryBundle.parse(file, width);
    } catch (MalformedException malformed) {
      throw new LaterException(path.format() + ": " + malformed.getMessage(), malformed);
    }
  }

  private byte[] tile(TilePath.Hashes path) {
    byte[] file = from.file(path.format());
    if (file == null || file.length != path.width() * Hash.BYTES) {
      throw new LaterException("there is no whole " + path.format());
    }
    return file;
  }
}
