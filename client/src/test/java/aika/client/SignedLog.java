package aika.client;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Recovery;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedRecovery;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A chain's log with real signatures, for tests. */
final class SignedLog {
  static final String FEDERATION = "test.aika.example";
  static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  static final long TIME = 1_793_491_200_000L;

  static final int RECOVERY_THRESHOLD = 2;
  private static final int RECOVERY_KEYS = 3;
  private static final int SEATS = 4;
  private static final String ORIGIN = FEDERATION + "/" + KOMATSU;
  private static final Hash NO_HASH = Hash.of(new byte[Hash.BYTES]);

  private final MerkleTree tree = new MerkleTree();
  private final List<Entry> entries = new ArrayList<>();
  private final Signer logKey = Ed25519.signer(seed(1));
  private final Map<String, byte[]> handovers = new HashMap<>();
  private int term = 1;

  /** Ends the term: others sit, and the old ones have approved that. */
  void handOver() {
    handOver(new Leaf.Elected(TIME, new Seats(term + 1, verifierKeys(term + 1)), List.of()), term);
  }

  /** From now on it publishes the hand-overs of another log. */
  void handOverAs(SignedLog other) {
    handovers.putAll(other.handovers);
  }

  /** The recovery quorum has seated others, who have approved that themselves. */
  void recover() {
    Recovery seat = new Recovery.Seat(FEDERATION, KOMATSU, term, verifierKeys(term + 1), "lost");
    SignedNote note = SignedNote.sign(seat.text(), recoveryName(0), Ed25519.TYPE, recoveryKey(0));
    for (int i = 1; i < RECOVERY_THRESHOLD; i++) {
      note = note.signedBy(recoveryName(i), Ed25519.TYPE, recoveryKey(i));
    }
    handOver(new Leaf.Recovered(TIME, SignedRecovery.parse(note.encode())), term + 1);
  }

  private void handOver(Leaf seating, int by) {
    Entry leaf = add(seating);
    grow(1, 0); // stands for the seal
    List<Hash> proof = Proofs.inclusion(leaf.index(), tree.size(), tree);
    SignedCheckpoint approved = checkpointBy(by);
    TlogProof file = new TlogProof(Optional.of(leaf.bytes()), leaf.index(), proof, approved);
    handovers.put("term/" + term, file.encode());
    term++;
  }

  private static Signer recoveryKey(int i) {
    return Ed25519.signer(seed(200 + i));
  }

  private static String recoveryName(int i) {
    return ORIGIN + "/recovery-" + (i + 1);
  }

  /** Two of three. */
  List<String> recoveryKeys() {
    return IntStream.range(0, RECOVERY_KEYS)
        .mapToObj(i ->
            new VerifierKey(recoveryName(i), Ed25519.TYPE, recoveryKey(i).publicKey()).format())
        .toList();
  }

  /** The seats of a term. */
  private static List<Signer> seats(int term) {
    List<Signer> seats = new ArrayList<>();
    for (int i = 0; i < SEATS; i++) {
      seats.add(MlDsa44.signer(seed(10 * term + i)));
    }
    return seats;
  }

  private static List<VerifierKey> verifierKeys(int term) {
    List<Signer> seats = seats(term);
    List<VerifierKey> keys = new ArrayList<>();
    for (int i = 0; i < SEATS; i++) {
      keys.add(new VerifierKey(seat(i), Cosignature.TYPE, seats.get(i).publicKey()));
    }
    return keys;
  }

  private static byte[] seed(int fill) {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) fill);
    return seed;
  }

  List<String> seatKeys() {
    return verifierKeys(1).stream().map(VerifierKey::format).toList();
  }

  FederationKeys keys() {
    String log = new VerifierKey(ORIGIN, Ed25519.TYPE, logKey.publicKey()).format();
    return FederationKeys.of(FEDERATION).with(KOMATSU, 1, log, seatKeys());
  }

  private static String seat(int i) {
    return ORIGIN + "/seat-" + (i + 1);
  }

  Entry add(Leaf leaf) {
    Entry entry = LeafText.entry(entries.size(), leaf);
    entries.add(entry);
    tree.append(entry.hash());
    return entry;
  }

  /** So many leaves that differ from each other, and from those of another salt. */
  void grow(int leaves, int salt) {
    for (int i = 0; i < leaves; i++) {
      add(new Leaf.Recorded(TIME + salt, KOMATSU, entries.size() + 1L, NO_HASH, 1, NO_HASH));
    }
  }

  Entry entry(long index) {
    return entries.get((int) index);
  }

  SignedCheckpoint checkpoint() {
    return checkpoint(SEATS);
  }

  SignedCheckpoint checkpoint(int cosigners) {
    return checkpoint(cosigners, term);
  }

  /** As the seats of any term would approve it. */
  SignedCheckpoint checkpointBy(int anyTerm) {
    return checkpoint(SEATS, anyTerm);
  }

  private SignedCheckpoint checkpoint(int cosigners, int by) {
    List<Signer> seats = seats(by);
    Checkpoint checkpoint = new Checkpoint(ORIGIN, tree.size(), tree.root());
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, logKey);
    for (int i = 0; i < cosigners; i++) {
      signed =
          signed.withSignature(Cosignature.sign(checkpoint, seat(i), TIME / 1000, seats.get(i)));
    }
    return signed;
  }

  byte[] receipt(long index) {
    List<Hash> proof = Proofs.inclusion(index, tree.size(), tree);
    byte[] leaf = entry(index).bytes();
    return new TlogProof(Optional.of(leaf), index, proof, checkpoint()).encode();
  }

  /** A published tile, whatever its width, as far as there are hashes. */
  Optional<byte[]> file(String path) {
    if (path.startsWith("term/")) {
      return Optional.ofNullable(handovers.get(path));
    }
    if (!(TilePath.parse(path) instanceof TilePath.Hashes tile)) {
      return Optional.empty();
    }
    int there = TilePath.widthAt(tile.level(), tile.index(), tree.size());
    if (tile.width() > there) {
      return Optional.empty();
    }
    ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    for (int i = 0; i < tile.width(); i++) {
      long index = tile.index() * TilePath.FULL_WIDTH + i;
      hashes.writeBytes(tree.node(tile.level() * TilePath.HEIGHT, index).bytes());
    }
    return Optional.of(hashes.toByteArray());
  }
}
