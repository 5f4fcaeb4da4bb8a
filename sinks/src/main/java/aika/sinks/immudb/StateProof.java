package aika.sinks.immudb;

import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.proto.immudb.DualProof;
import aika.proto.immudb.InclusionProof;
import aika.proto.immudb.LinearProof;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/**
 * Proof that a database only grew from one state to a later one [IMMU-22]. immudb keeps every
 * transaction's accumulative hash in a chain and, a little later, in a Merkle tree of RFC 6962,
 * whose root the next headers carry; a proof has a part for each.
 */
final class StateProof {
  private final DualProof proof;
  private final State from;
  private final State to;

  /** Transactions in the tree that the earlier header names, and in the later one's. */
  private final long oldSize;

  private final long size;
  private final Hash root;

  private StateProof(DualProof proof, State from, State to) {
    this.proof = proof;
    this.from = from;
    this.to = to;
    oldSize = proof.getSourceTxHeader().getBlTxId();
    size = proof.getTargetTxHeader().getBlTxId();
    root = TxHash.hash(proof.getTargetTxHeader().getBlRoot());
  }

  /** Throws TAMPERED unless the proof leads from one state to the other. */
  static void check(DualProof proof, State from, State to) {
    require(from.transaction() > 0 && from.transaction() <= to.transaction(), "order", to);
    require(TxHash.state(proof.getSourceTxHeader()).equals(from), "earlier state", to);
    require(TxHash.state(proof.getTargetTxHeader()).equals(to), "later state", to);
    new StateProof(proof, from, to).check();
  }

  private void check() {
    require(0 <= oldSize && oldSize <= size && size < to.transaction(), "tree sizes", to);
    // The last transaction of the later tree; where the tree ends the chain leads on.
    State last = new State(size, size == 0 ? from.hash() : TxHash.hash(proof.getTargetBlTxAlh()));
    boolean inTree = from.transaction() < size;
    if (inTree) {
      require(stands(from, hashes(proof.getInclusionProofList())), "inclusion", to);
    }
    if (oldSize > 0) {
      require(treeGrew(), "consistency", to);
    }
    if (size > 0) {
      require(stands(last, hashes(proof.getLastInclusionProofList())), "last inclusion", to);
    }
    if (from.transaction() == size) {
      require(from.equals(last), "last inclusion", to);
    }
    checkChain(inTree ? last : from);
    checkAdvance(inTree ? from : last);
  }

  /** Whether this state is leaf number {@code transaction}, from 1, of the later tree. */
  private boolean stands(State state, List<Hash> path) {
    Hash leaf = Merkle.leafHash(state.hash().bytes());
    return Proofs.verifyInclusion(leaf, state.transaction() - 1, size, path, root);
  }

  private boolean treeGrew() {
    Hash oldRoot = TxHash.hash(proof.getSourceTxHeader().getBlRoot());
    if (oldSize == size) {
      return oldRoot.equals(root);
    }
    List<Hash> path = hashes(proof.getConsistencyProofList());
    if (Long.bitCount(oldSize) == 1) {
      // immudb sends the old root itself, which RFC 6962 leaves out.
      if (path.isEmpty() || !path.getFirst().equals(oldRoot)) {
        return false;
      }
      path = path.subList(1, path.size());
    }
    return Proofs.verifyConsistency(oldSize, size, path, oldRoot, root);
  }

  /** From the end of the tree, or the earlier state behind it, link by link to the later state. */
  private void checkChain(State start) {
    LinearProof chain = proof.getLinearProof();
    List<Hash> terms = hashes(chain.getTermsList());
    require(
        chain.getSourceTxId() == start.transaction()
            && chain.getTargetTxId() == to.transaction()
            && terms.size() == to.transaction() - start.transaction() + 1
            && terms.getFirst().equals(start.hash()),
        "chain",
        to);
    Hash hash = start.hash();
    for (int i = 1; i < terms.size(); i++) {
      hash = TxHash.next(hash, start.transaction() + i, terms.get(i));
    }
    require(hash.equals(to.hash()), "chain", to);
  }

  /** What was only in the chain at the earlier state stands in the later tree as it was. */
  private void checkAdvance(State end) {
    require(end.transaction() >= oldSize, "advance", to);
    long links = end.transaction() - oldSize;
    if (links <= 1) {
      return;
    }
    List<Hash> terms = hashes(proof.getLinearAdvanceProof().getLinearProofTermsList());
    List<InclusionProof> paths = proof.getLinearAdvanceProof().getInclusionProofsList();
    require(terms.size() == links && paths.size() == links - 1, "advance", to);
    State at = new State(oldSize + 1, terms.getFirst());
    for (int i = 1; i < links; i++) {
      require(stands(at, hashes(paths.get(i - 1).getTermsList())), "advance", to);
      long next = at.transaction() + 1;
      at = new State(next, TxHash.next(at.hash(), next, terms.get(i)));
    }
    require(at.equals(end), "advance", to);
  }

  private static List<Hash> hashes(List<ByteString> wire) {
    List<Hash> hashes = new ArrayList<>(wire.size());
    for (ByteString one : wire) {
      hashes.add(TxHash.hash(one));
    }
    return hashes;
  }

  private static void require(boolean holds, String part, State to) {
    if (!holds) {
      throw Tampered.because(
          "the server's proof up to transaction " + to.transaction() + " is wrong: " + part);
    }
  }
}
