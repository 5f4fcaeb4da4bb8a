package aika.core.audit;

import aika.core.follow.FollowedFederation;
import aika.core.follow.Log;
import aika.core.follow.TermEnd;
import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Seats;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.EntryBundle;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chain's published files, as its node would write them, or as a chain would whose whole quorum
 * is corrupt: any leaves at all, signed by everybody.
 */
final class PublishedFiles implements PublishedLog {
  private static final int SEATS = 5;

  final Map<String, byte[]> files = new HashMap<>();
  private final TestFederation fed;
  private final ChainId chain;

  PublishedFiles(TestFederation fed, ChainId chain, List<byte[]> leaves, int seats) {
    this.fed = fed;
    this.chain = chain;
    MerkleTree tree = new MerkleTree();
    leaves.forEach(leaf -> tree.append(Merkle.leafHash(leaf)));
    for (int from = 0; from < leaves.size(); from += TilePath.FULL_WIDTH) {
      int to = Math.min(leaves.size(), from + TilePath.FULL_WIDTH);
      files.put(
          new TilePath.Entries(from / TilePath.FULL_WIDTH, to - from).format(),
          EntryBundle.encode(leaves.subList(from, to)));
    }
    for (int level = 0; TilePath.widthAt(level, 0, leaves.size()) > 0; level++) {
      int width;
      for (long index = 0; (width = TilePath.widthAt(level, index, leaves.size())) > 0; index++) {
        ByteArrayOutputStream tile = new ByteArrayOutputStream();
        for (int i = 0; i < width; i++) {
          Hash hash = tree.node(TilePath.HEIGHT * level, index * TilePath.FULL_WIDTH + i);
          tile.writeBytes(hash.bytes());
        }
        files.put(new TilePath.Hashes(level, index, width).format(), tile.toByteArray());
      }
    }
    sign(leaves.size(), tree.root(), seats);
  }

  /** As the chain is, up to its last seal. */
  static PublishedFiles of(TestFederation fed, TestChain chain) {
    PublishedFiles published = new PublishedFiles(fed, chain.id(), leaves(chain), SEATS);
    FollowedFederation followed = new FollowedFederation(fed);
    followed.approve(chain.id());
    Log log = Objects.requireNonNull(followed.log(chain.id()));
    long term = 1;
    for (TermEnd end = log.termEnd(term); end != null; end = log.termEnd(term)) {
      published.handOver(chain, term, end);
      if (!end.recovered() && end.size() == chain.head().blockStart()) {
        break; // a term's last block is approved by its own seats
      }
      term = end.next();
    }
    Seats sitting = sitting(chain, term);
    published.files.put("checkpoint", published.approved(log.approved(), sitting).encode());
    return published;
  }

  /** Other leaves, which the quorum that sits approves as if they were the chain's. */
  static PublishedFiles forged(TestFederation fed, TestChain chain, List<byte[]> leaves) {
    PublishedFiles honest = of(fed, chain);
    PublishedFiles forged = new PublishedFiles(fed, chain.id(), leaves, 0);
    honest.files.forEach((path, file) -> {
      if (path.startsWith("term/")) {
        forged.files.put(path, file);
      }
    });
    SignedCheckpoint byLog =
        SignedCheckpoint.parse(Objects.requireNonNull(forged.files.get("checkpoint")));
    Seats sitting = sitting(chain, chain.head().term());
    forged.files.put("checkpoint", forged.approved(byLog, sitting).encode());
    return forged;
  }

  private static Seats sitting(TestChain chain, long term) {
    return Objects.requireNonNull(chain.state().get(new Key.OfTerm(term))).seats();
  }

  /**
   * The seats of the first term sign a fork behind so many leaves that elects others, and these
   * approve the honest tree.
   */
  void usurped(TestChain honest, int fork) {
    List<VerifierKey> keys = new ArrayList<>();
    for (int i = 1; i <= SEATS; i++) {
      String name = fed.directory().origin(chain) + "/usurper" + i;
      keys.add(TestKeys.cosigner(name, fed.seatSigner(name)));
    }
    Seats usurpers = new Seats(2, keys);
    long time = honest.entries().get(fork).leaf().time();
    byte[] elected = LeafText.encode(new Leaf.Elected(time, usurpers, List.of()));
    List<byte[]> leaves = new ArrayList<>(leaves(honest).subList(0, fork));
    leaves.add(elected);
    leaves.add(leaves(honest).getLast());
    files.keySet().removeIf(file -> file.startsWith("term/"));
    files.put("term/1", handOver(leaves));
    long size = leaves(honest).size();
    SignedCheckpoint now = byLog(size, honest.tree().root(size));
    files.put("checkpoint", approved(now, usurpers).encode());
  }

  /** These leaves, which end with an election, as the file with which the first term ends. */
  byte[] handOver(List<byte[]> leaves) {
    MerkleTree tree = new MerkleTree();
    leaves.forEach(leaf -> tree.append(Merkle.leafHash(leaf)));
    int at = leaves.size() - 2;
    List<Hash> path = Proofs.inclusion(at, leaves.size(), tree);
    SignedCheckpoint end =
        approved(byLog(leaves.size(), tree.root()), fed.directory().entry(chain).seats());
    return new TlogProof(Optional.of(leaves.get(at)), at, path, end).encode();
  }

  /** Those who sat first approve all of it, as if nobody had followed them. */
  void overstayed(TestChain honest) {
    files.keySet().removeIf(file -> file.startsWith("term/"));
    long size = leaves(honest).size();
    sign(size, honest.tree().root(size), SEATS);
  }

  private SignedCheckpoint byLog(long size, Hash root) {
    String origin = fed.directory().origin(chain);
    return SignedCheckpoint.sign(
        new Checkpoint(origin, size, root), Ed25519.TYPE, fed.signer(origin));
  }

  private void handOver(TestChain chain, long term, TermEnd end) {
    Action.Proof proof = chain.proof(end.index(), end.size());
    Seats by = sitting(chain, end.recovered() ? end.next() : term);
    TlogProof file =
        new TlogProof(
            Optional.of(proof.leaf()), end.index(), proof.path(), approved(end.approved(), by));
    files.put("term/" + term, file.encode());
  }

  /** Signed by these seats, whose keys are made of their names. */
  private SignedCheckpoint approved(@Nullable SignedCheckpoint byLog, Seats seats) {
    SignedCheckpoint signed = Objects.requireNonNull(byLog);
    for (VerifierKey seat : seats.keys()) {
      signed =
          signed.withSignature(
              Cosignature.sign(
                  signed.checkpoint(),
                  seat.name(),
                  fed.now() / 1_000,
                  fed.seatSigner(seat.name())));
    }
    return signed;
  }

  static List<byte[]> leaves(TestChain chain) {
    List<byte[]> leaves = new ArrayList<>();
    chain.entries().subList(0, (int) chain.head().blockStart()).stream()
        .map(Entry::bytes)
        .forEach(leaves::add);
    return leaves;
  }

  /** With all signatures right. */
  void sign(long size, Hash root, int seats) {
    String origin = fed.directory().origin(chain);
    SignedCheckpoint signed = byLog(size, root);
    Checkpoint checkpoint = signed.checkpoint();
    for (int i = 1; i <= seats; i++) {
      String name = origin + "/seat" + i;
      signed =
          signed.withSignature(
              Cosignature.sign(checkpoint, name, fed.now() / 1_000, fed.seatSigner(name)));
    }
    files.put("checkpoint", signed.encode());
  }

  @Override
  public byte @Nullable [] file(String path) {
    return files.get(path);
  }
}
