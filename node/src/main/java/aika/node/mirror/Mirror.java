package aika.node.mirror;

import aika.core.approval.Succession;
import aika.core.audit.PublishedLog;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Recovery;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.EntryBundle;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.HashTiles;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.SignatureScheme;
import aika.node.order.Chain;
import aika.node.store.ChainLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy of one chain that another node serves. It holds what the chain's representatives have
 * approved and nothing else: whoever serves the files can withhold, but not change. One thread
 * pulls; any thread reads the chain.
 */
public final class Mirror {
  /** Verified and kept together, about. */
  private static final long BYTES_AT_ONCE = 4 * 1_024 * 1_024;

  private static final int TILES_KEPT = 64;
  private static final String TERM = "term/";

  private final MirrorStore store;
  private final Directory.Entry entry;
  private final String origin;
  private final SignatureScheme logSignatures;
  private final SignatureScheme cosignatures;
  private final ChainLog log;
  private final Chain chain;
  private final String federation;
  private Succession succession;
  private @Nullable TlogProof chosen;

  Mirror(
      MirrorStore store,
      Directory directory,
      ChainId id,
      SignatureScheme logSignatures,
      SignatureScheme cosignatures) {
    this.store = store;
    this.logSignatures = logSignatures;
    this.cosignatures = cosignatures;
    entry = directory.entry(id);
    origin = directory.origin(id);
    log = store.log(id);
    chain = store.chain(id);
    federation = directory.federation();
    succession = followed();
    chosen = store.chosen(id);
  }

  /** Follows the hand-overs that are here. */
  private Succession followed() {
    Succession from = new Succession(federation, entry, logSignatures, cosignatures);
    for (TlogProof known = chain.handover(from.seats().term());
        known != null;
        known = chain.handover(from.seats().term())) {
      from.handOver(known);
    }
    return from;
  }

  /** The chain as far as it was pulled; it has no accounts, see {@link MirroredRows}. */
  public Chain chain() {
    return chain;
  }

  /** Leaves that are here and approved. */
  long readable() {
    return chain.approvedSize();
  }

  /**
   * Pulls what is published, until all of it is here.
   *
   * @return whether there is more than before
   * @throws MirrorException when it is not approved, or another history than the one that is here
   * @throws aika.core.audit.UnreadableLogException when it cannot be had now; what came so far
   *     stays
   */
  boolean pull(PublishedLog from, SignedCheckpoint newest) {
    long before = readable();
    Checkpoint tree = newest.checkpoint();
    if (!tree.origin().equals(origin)) {
      throw new MirrorException(entry.id(), "a checkpoint of " + tree.origin());
    }
    checkChosen(from);
    SignedCheckpoint known = store.largest(entry.id());
    if (known != null && log.size() < known.checkpoint().size()) {
      absorb(from, known); // it was verified before a crash took some of its leaves away
    }
    if (tree.size() > chain.approvedSize()) {
      try {
        for (SignedCheckpoint end = handover(from, tree.size());
            end != null;
            end = handover(from, tree.size())) {
          absorb(from, end);
        }
        check(newest);
        absorb(from, newest);
      } catch (RuntimeException broken) {
        succession = followed(); // as far as it is here
        throw broken;
      }
    } else if (isByLog(newest) && !Proofs.root(tree.size(), log).equals(tree.root())) {
      throw another(newest, new HashTiles(from::tile, TILES_KEPT));
    }
    return readable() > before;
  }

  /** [SEAL-32] The next hand-over to those who approve a tree of this size; null for none. */
  private @Nullable SignedCheckpoint handover(PublishedLog from, long size) {
    String path = TERM + succession.seats().term();
    byte[] file = from.file(path);
    if (file == null) {
      return null;
    }
    try {
      TlogProof proof = TlogProof.parse(file);
      if (!Succession.endsBefore(proof, size)) {
        return null;
      }
      succession.handOver(proof);
      return proof.checkpoint();
    } catch (MalformedException malformed) {
      throw new MirrorException(entry.id(), path, malformed);
    }
  }

  private boolean isByLog(SignedCheckpoint signed) {
    return signed.isSignedByLog(entry.logKey(), logSignatures);
  }

  /** Whether the chain's log signed it, which its representatives may not have approved. */
  boolean isOfThisLog(SignedCheckpoint signed) {
    return signed.checkpoint().origin().equals(origin) && isByLog(signed);
  }

  private void check(SignedCheckpoint signed) {
    if (!isByLog(signed)) {
      throw new MirrorException(entry.id(), "the checkpoint is not signed by the log's key");
    }
    if (succession.seats().approvedAt(signed, cosignatures).isEmpty()) {
      throw new MirrorException(
          entry.id(),
          "no quorum of term " + succession.seats().term() + " approved the checkpoint");
    }
  }

  /** Takes an approved checkpoint and all leaves below it. */
  private void absorb(PublishedLog from, SignedCheckpoint signed) {
    Checkpoint tree = signed.checkpoint();
    HashTiles tiles = new HashTiles(from::tile, TILES_KEPT);
    while (log.size() < tree.size()) {
      List<Entry> next = next(from, tree.size());
      if (!continues(next, tree, tiles)) {
        throw another(signed, tiles);
      }
      store.append(log, next);
    }
    if (!holds(tree)) {
      throw another(signed, tiles);
    }
    if (tree.size() > 0 && chain.approvedAt(tree.size()) == null) {
      store.approved(entry.id(), signed);
    }
  }

  /** Whether this tree, no larger than what is here, is what is here. */
  boolean holds(Checkpoint tree) {
    return Proofs.root(tree.size(), log).equals(tree.root());
  }

  /**
   * [NBR-5] The decision of the recovery quorum for the history that is published there, and not
   * for the one that is here: of the terms' ends that both show, the first that differs is its
   * decision there, and an approved checkpoint there contradicts one here. Null when there is none.
   */
  @Nullable TlogProof chosenInstead(PublishedLog from) {
    Succession walk = new Succession(federation, entry, logSignatures, cosignatures);
    while (true) {
      long term = walk.seats().term();
      byte[] file = from.file(TERM + term);
      if (file == null) {
        return null;
      }
      TlogProof theirs = TlogProof.parse(file);
      TlogProof ours = chain.handover(term);
      if (ours != null && Arrays.equals(leaf(ours), leaf(theirs))) {
        walk.handOver(ours);
        continue;
      }
      if (decided(theirs) == null || ours != null && decided(ours) != null) {
        return null;
      }
      walk.handOver(theirs);
      HashTiles tiles = new HashTiles(from::tile, TILES_KEPT);
      return conflict(theirs.checkpoint(), tiles) == null ? null : theirs;
    }
  }

  /** After a decision only the history that it chose is taken, also while nothing of it is here. */
  private void checkChosen(PublishedLog from) {
    TlogProof decision = chosen;
    Recovery.Seat seat = decision == null ? null : decided(decision);
    if (decision == null || seat == null) {
      return;
    }
    TlogProof ours = chain.handover(seat.term());
    if (ours != null && Arrays.equals(leaf(ours), leaf(decision))) {
      chosen = null;
      store.reached(entry.id());
      return;
    }
    byte[] file = from.file(TERM + seat.term());
    if (file == null || !Arrays.equals(leaf(TlogProof.parse(file)), leaf(decision))) {
      throw new MirrorException(
          entry.id(), "it does not show the history that the recovery quorum has chosen");
    }
  }

  /** Whom the quorum seated by this hand-over; null when it is an election. */
  static Recovery.@Nullable Seat decided(TlogProof handover) {
    return LeafText.parse(leaf(handover)) instanceof Leaf.Recovered recovered
            && recovered.recovery().recovery() instanceof Recovery.Seat seat
        ? seat
        : null;
  }

  private static byte[] leaf(TlogProof handover) {
    return handover.extra().orElseGet(() -> new byte[0]);
  }

  private MirrorException another(SignedCheckpoint theirs, HashTiles tiles) {
    long size = theirs.checkpoint().size();
    return new MirrorException(
        entry.id(),
        "the approved tree of " + size + " leaves is of another history",
        conflict(theirs, tiles));
  }

  /** Both histories; null when the files served do not show the other one. */
  private @Nullable ConflictProof conflict(SignedCheckpoint theirs, HashTiles tiles) {
    SignedCheckpoint ours = chain.approved();
    if (ours == null) {
      return null;
    }
    long size = theirs.checkpoint().size();
    SignedCheckpoint same = chain.approvedAt(size);
    try {
      if (same != null) {
        return ConflictProof.of(same, theirs);
      }
      return ours.checkpoint().size() > size
          ? ConflictProof.of(theirs, ours, log)
          : ConflictProof.of(ours, theirs, tiles.of(size));
    } catch (MalformedException noConflict) {
      return null;
    }
  }

  /** Whether the tree with these leaves is the approved one, or the approved one continues it. */
  private boolean continues(List<Entry> next, Checkpoint tree, HashTiles tiles) {
    Frontier frontier = Frontier.of(log.size(), log);
    next.forEach(leaf -> frontier.append(leaf.hash()));
    List<Hash> proof =
        frontier.size() == tree.size()
            ? List.of()
            : Proofs.consistency(frontier.size(), tree.size(), tiles.of(tree.size()));
    return Proofs.verifyConsistency(
        frontier.size(), tree.size(), proof, frontier.root(), tree.root());
  }

  private List<Entry> next(PublishedLog from, long size) {
    List<Entry> next = new ArrayList<>();
    long first = log.size() / TilePath.FULL_WIDTH;
    long last = (size - 1) / TilePath.FULL_WIDTH;
    long left = BYTES_AT_ONCE;
    for (long number = first; number <= last && left > 0; number++) {
      long index = number * TilePath.FULL_WIDTH;
      for (byte[] bytes : bundle(from, number, TilePath.widthAt(0, number, size))) {
        left -= bytes.length;
        if (index >= log.size()) {
          next.add(entry(index, bytes));
        }
        index++;
      }
    }
    return next;
  }

  private Entry entry(long index, byte[] bytes) {
    try {
      return new Entry(index, bytes, Merkle.leafHash(bytes), LeafText.parse(bytes));
    } catch (MalformedException malformed) {
      throw new MirrorException(entry.id(), "leaf " + index, malformed);
    }
  }

  private List<byte[]> bundle(PublishedLog from, long number, int width) {
    TilePath.Entries path = new TilePath.Entries(number, width);
    TilePath.Entries full = new TilePath.Entries(number, TilePath.FULL_WIDTH);
    byte[] file = from.file(path.format());
    boolean partial = file != null;
    if (file == null && width < TilePath.FULL_WIDTH) {
      file = from.file(full.format()); // a log may keep no partial file once the full one is there
    }
    if (file == null) {
      throw new MirrorException(entry.id(), "there is no " + path.format());
    }
    try {
      return EntryBundle.parse(file, partial ? width : TilePath.FULL_WIDTH).subList(0, width);
    } catch (MalformedException malformed) {
      throw new MirrorException(entry.id(), path.format(), malformed);
    }
  }
}
