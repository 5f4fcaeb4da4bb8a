package aika.core.audit;

import aika.core.follow.FollowedFederation;
import aika.core.follow.Log;
import aika.core.follow.TermEnd;
import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.EntryBundle;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
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
    Checkpoint checkpoint = new Checkpoint(origin, size, root);
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, fed.signer(origin));
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
