package aika.core.log;

/** Takes the hashes of subtrees as an append completes them, lowest level first. */
@FunctionalInterface
public interface NodeSink {
  /** The subtree that {@link Nodes#node} returns for the same level and index. */
  void completed(int level, long index, Hash hash);
}
