package aika.sim;

import aika.core.audit.GivenUpFiles;
import aika.core.audit.PublishedLog;
import aika.core.follow.TermEnd;
import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.log.EntryBundle;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A chain's files as its node publishes them, in the bytes that an auditor downloads. */
final class PublishedChain implements PublishedLog {
  private static final String TERM = "term/";

  private final Chain chain;

  PublishedChain(Chain chain) {
    this.chain = chain;
  }

  @Override
  public byte @Nullable [] file(String path) {
    if (path.equals("checkpoint")) {
      SignedCheckpoint approved = chain.approved();
      return approved == null ? null : approved.encode();
    }
    if (path.equals(GivenUpFiles.LIST)) {
      return null; // those who kept another history do not show it to auditors
    }
    if (path.startsWith(TERM)) {
      return handover(chain.termEnd(Long.parseLong(path.substring(TERM.length()))));
    }
    return switch (TilePath.parse(path)) {
      case TilePath.Hashes tile -> hashes(tile);
      case TilePath.Entries bundle -> entries(bundle);
    };
  }

  private byte @Nullable [] handover(@Nullable TermEnd end) {
    if (end == null) {
      return null;
    }
    Action.Proof proof = chain.proof(end.index(), end.size());
    return new TlogProof(Optional.of(proof.leaf()), end.index(), proof.path(), end.approved())
        .encode();
  }

  private byte @Nullable [] hashes(TilePath.Hashes tile) {
    if (TilePath.widthAt(tile.level(), tile.index(), chain.size()) < tile.width()) {
      return null;
    }
    ByteBuffer file = ByteBuffer.allocate(tile.width() * Hash.BYTES);
    for (int i = 0; i < tile.width(); i++) {
      long number = tile.index() * TilePath.FULL_WIDTH + i;
      file.put(chain.tree().node(TilePath.HEIGHT * tile.level(), number).bytes());
    }
    return file.array();
  }

  private byte @Nullable [] entries(TilePath.Entries bundle) {
    long from = bundle.index() * TilePath.FULL_WIDTH;
    if (from < chain.firstKept() || from + bundle.width() > chain.size()) {
      return null;
    }
    List<Entry> leaves = chain.entries(from, chain.size(), bundle.width());
    return EntryBundle.encode(leaves.stream().map(Entry::bytes).toList());
  }
}
