package aika.client;

import aika.core.approval.Succession;
import aika.core.ledger.Entry;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a chain's representatives approved. Checkpoints only grow: each is checked to contain all of
 * the one before, so a gateway that shows two histories to this program is found out. The proofs
 * are made of the log's published tiles. For one thread.
 */
public final class VerifiedLog {
  private final AikaClient client;
  private final ChainId chain;
  private final FederationKeys keys;
  private final Tiles tiles;
  private Succession succession;

  /** By the smallest size that they approve. */
  private final NavigableMap<Long, Seats> terms = new TreeMap<>();

  private @Nullable Checkpoint known;

  VerifiedLog(AikaClient client, ChainId chain, FederationKeys keys) {
    this.client = client;
    this.chain = chain;
    this.keys = keys;
    succession = keys.succession(chain);
    terms.put(0L, succession.seats());
    tiles = new Tiles(client, chain);
  }

  /** Leaves that are known to be approved. */
  public long size() {
    return known == null ? 0 : known.size();
  }

  /**
   * Checks a checkpoint and that it continues the one before; an older one only for its signatures
   * and for agreeing with what is known.
   *
   * @throws ClientException {@code PROOF_INVALID} when it is not approved, or is another history
   */
  public void accept(SignedCheckpoint signed) {
    Checkpoint other = signed.checkpoint();
    Followed followed = followed(other.size());
    keys.check(chain, signed, followed.terms.floorEntry(other.size()).getValue());
    for (Checkpoint end : followed.ends) {
      if (!continues(end, other)) { // old keys can sign a fork in which others are elected
        throw ClientException.invalid(
            "a term of " + chain + " ended at " + end.size() + " leaves in another history");
      }
    }
    succession = followed.succession;
    terms.putAll(followed.terms);
    accept(other);
  }

  private void accept(Checkpoint other) {
    Checkpoint before = known;
    if (before == null) {
      known = other;
      return;
    }
    boolean grows = other.size() >= before.size();
    Checkpoint small = grows ? before : other;
    Checkpoint large = grows ? other : before;
    if (!continues(small, large)) {
      throw ClientException.invalid(
          chain + " has two histories: at " + small.size() + " and at " + large.size() + " leaves");
    }
    known = large;
  }

  /**
   * Where the hand-overs lead.
   *
   * @param terms by the smallest size that they approve
   * @param ends the checkpoints with which terms ended that were not known to be over
   */
  private record Followed(
      Succession succession, NavigableMap<Long, Seats> terms, List<Checkpoint> ends) {}

  /**
   * [SEAL-32] To those who approve a tree of this size: those of the last term that began by then.
   * Each term hands over to the next; the seats of one that is over approve nothing beyond its end.
   */
  private Followed followed(long size) {
    Followed to = new Followed(succession.copy(), new TreeMap<>(terms), new ArrayList<>());
    while (size > size()) {
      String path = "term/" + to.succession.seats().term();
      Optional<byte[]> file = client.file(chain, path);
      if (file.isEmpty()) {
        break;
      }
      try {
        TlogProof proof = TlogProof.parse(file.get());
        if (!Succession.endsBefore(proof, size)) {
          break;
        }
        to.succession.handOver(proof);
        Checkpoint last = proof.checkpoint().checkpoint();
        long end = last.size();
        to.terms.put(Succession.endsBefore(proof, end) ? end : end + 1, to.succession.seats());
        to.ends.add(last);
      } catch (MalformedException malformed) {
        throw ClientException.invalid(path + " of " + chain + ": " + malformed.getMessage());
      }
    }
    return to;
  }

  private boolean continues(Checkpoint small, Checkpoint large) {
    List<Hash> proof =
        small.size() == 0 || small.size() == large.size()
            ? List.of()
            : Proofs.consistency(small.size(), large.size(), tiles.of(large.size()));
    return Proofs.verifyConsistency(small.size(), large.size(), proof, small.root(), large.root());
  }

  /**
   * Checks that this leaf of a feed stands in the approved log; asks the gateway for a newer
   * checkpoint when the known one does not reach it.
   *
   * @return whether it is approved already; false: ask again later
   * @throws ClientException {@code PROOF_INVALID} when the approved log has another leaf there
   */
  public boolean verify(FeedEvent.Leaf leaf) {
    if (!leaf.chain().equals(chain)) {
      throw new IllegalArgumentException("a leaf of " + leaf.chain() + ", not of " + chain);
    }
    Entry entry = leaf.entry();
    if (entry.index() >= size()) {
      accept(client.checkpoint(chain));
    }
    Checkpoint approved = known;
    if (approved == null || entry.index() >= approved.size()) {
      return false;
    }
    List<Hash> proof = Proofs.inclusion(entry.index(), approved.size(), tiles.of(approved.size()));
    if (!Proofs.verifyInclusion(
        entry.hash(), entry.index(), approved.size(), proof, approved.root())) {
      throw ClientException.invalid("leaf " + entry.index() + " of " + chain + " is another one");
    }
    return true;
  }
}
