package aika.sinks.immudb;

import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.note.Sha256;
import aika.proto.immudb.DualProof;
import aika.proto.immudb.InclusionProof;
import aika.proto.immudb.LinearAdvanceProof;
import aika.proto.immudb.LinearProof;
import aika.proto.immudb.TxHeader;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Transactions as immudb keeps them, in memory: a chain of headers, and a tree that may lag behind
 * the chain by any number of them, which a test cannot make a real server do.
 */
final class GrowingStore {
  private final List<TxHeader> headers = new ArrayList<>();
  private final List<State> states = new ArrayList<>();
  private final MerkleTree tree = new MerkleTree();

  /**
   * Adds a transaction.
   *
   * @param inTree how many of those before are in the tree that its header names
   */
  void add(long inTree) {
    long id = headers.size() + 1L;
    Hash before = id == 1 ? Merkle.EMPTY_ROOT : states.getLast().hash();
    TxHeader header =
        TxHeader.newBuilder()
            .setId(id)
            .setPrevAlh(bytes(before))
            .setTs(1_795_000_000 + id)
            .setNentries(1)
            .setEH(bytes(Hash.of(Sha256.of(("entry " + id).getBytes(StandardCharsets.UTF_8)))))
            .setBlTxId(inTree)
            .setBlRoot(bytes(inTree == 0 ? Merkle.EMPTY_ROOT : tree.root(inTree)))
            .setVersion(1)
            .build();
    headers.add(header);
    states.add(TxHash.state(header));
    tree.append(leaf(id));
  }

  State state(long id) {
    return states.get((int) id - 1);
  }

  private Hash leaf(long id) {
    return Merkle.leafHash(state(id).hash().bytes());
  }

  DualProof proof(long from, long to) {
    TxHeader source = headers.get((int) from - 1);
    TxHeader target = headers.get((int) to - 1);
    long oldSize = source.getBlTxId();
    long size = target.getBlTxId();
    DualProof.Builder proof =
        DualProof.newBuilder().setSourceTxHeader(source).setTargetTxHeader(target);
    if (from < size) {
      proof.addAllInclusionProof(all(Proofs.inclusion(from - 1, size, tree)));
    }
    if (oldSize > 0 && oldSize < size) {
      if (Long.bitCount(oldSize) == 1) {
        proof.addConsistencyProof(source.getBlRoot());
      }
      proof.addAllConsistencyProof(all(Proofs.consistency(oldSize, size, tree)));
    }
    if (size > 0) {
      proof.setTargetBlTxAlh(bytes(state(size).hash()));
      proof.addAllLastInclusionProof(all(Proofs.inclusion(size - 1, size, tree)));
    }
    proof.setLinearProof(chain(Math.max(from, size), to));
    long end = Math.min(from, size);
    if (end > oldSize + 1) {
      proof.setLinearAdvanceProof(advance(oldSize, end, size));
    }
    return proof.build();
  }

  private LinearProof chain(long from, long to) {
    LinearProof.Builder chain = LinearProof.newBuilder().setSourceTxId(from).setTargetTxId(to);
    chain.addTerms(bytes(state(from).hash()));
    for (long id = from + 1; id <= to; id++) {
      chain.addTerms(bytes(term(id)));
    }
    return chain.build();
  }

  private LinearAdvanceProof advance(long oldSize, long end, long size) {
    LinearAdvanceProof.Builder advance = LinearAdvanceProof.newBuilder();
    advance.addLinearProofTerms(bytes(state(oldSize + 1).hash()));
    for (long id = oldSize + 1; id < end; id++) {
      advance.addInclusionProofs(
          InclusionProof.newBuilder().addAllTerms(all(Proofs.inclusion(id - 1, size, tree))));
      advance.addLinearProofTerms(bytes(term(id + 1)));
    }
    return advance.build();
  }

  /** What a header without metadata adds to the chain. */
  private Hash term(long id) {
    TxHeader header = headers.get((int) id - 1);
    ByteBuffer bytes = ByteBuffer.allocate(8 + 2 + 2 + 4 + 32 + 8 + 32);
    bytes.putLong(header.getTs()).putShort((short) 1).putShort((short) 0);
    bytes.putInt(header.getNentries()).put(header.getEH().toByteArray());
    bytes.putLong(header.getBlTxId()).put(header.getBlRoot().toByteArray());
    return Hash.of(Sha256.of(bytes.array()));
  }

  private static List<ByteString> all(List<Hash> hashes) {
    return hashes.stream().map(GrowingStore::bytes).toList();
  }

  private static ByteString bytes(Hash hash) {
    return ByteString.copyFrom(hash.bytes());
  }
}
