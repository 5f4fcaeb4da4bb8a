package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.config.Chain;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two histories of a log whose first term ends after two leaves, and what is said of them. */
final class ConflictProofCommandTest {
  private static final long TIME = 1_795_341_600;
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final int HANDED_OVER = 2;

  @TempDir Path directory;

  private final List<Seat> first = new ArrayList<>();
  private final List<Seat> second = new ArrayList<>();
  private FederationFile file;
  private Signer log;

  /** Who signs, and as whom. */
  private record Seat(VerifierKey key, Signer signer) {}

  @BeforeEach
  void makeFederation() {
    KeyFiles keys = new KeyFiles(directory.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    file =
        FederationFile.write(
            directory.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
    Chain komatsu = file.federation().chain(KOMATSU).orElseThrow();
    log = keys.log(komatsu).signer();
    for (HeldKey seat : keys.seats(komatsu)) {
      first.add(new Seat(seat.key(), seat.signer()));
    }
    for (int i = 1; i <= 4; i++) {
      Signer signer = MlDsa44.signer(CommandWorld.seed(i));
      String name = file.directory().origin(KOMATSU) + "/new-" + i;
      second.add(new Seat(new VerifierKey(name, Cosignature.TYPE, signer.publicKey()), signer));
    }
  }

  private Leaf elected() {
    List<VerifierKey> keys = second.stream().map(Seat::key).toList();
    return new Leaf.Elected(TIME * 1000, new Seats(2, keys), List.of());
  }

  /** The election, what stands for its seal, and more leaves, all of which {@code fill} decides. */
  private MerkleTree tree(int size, int fill) {
    MerkleTree tree = new MerkleTree();
    tree.append(Merkle.leafHash(LeafText.encode(elected())));
    for (int i = 1; i < size; i++) {
      tree.append(Merkle.leafHash(new byte[] {(byte) (i < HANDED_OVER ? 0 : fill)}));
    }
    return tree;
  }

  private SignedCheckpoint signed(MerkleTree tree, List<Seat> seats) {
    String origin = file.directory().origin(KOMATSU);
    Checkpoint checkpoint = new Checkpoint(origin, tree.size(), tree.root());
    return SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, log)
        .withSignatures(
            seats.stream()
                .map(seat -> Cosignature.sign(checkpoint, seat.key().name(), TIME, seat.signer()))
                .toList());
  }

  /** The published files of the log with this tree, with the hand-over. */
  private String published(MerkleTree tree) throws IOException {
    Path logs = directory.resolve("logs");
    Path komatsu = logs.resolve(KOMATSU.value());
    MerkleTree start = tree(HANDED_OVER, 0);
    TlogProof handover =
        new TlogProof(
            Optional.of(LeafText.encode(elected())),
            0,
            Proofs.inclusion(0, HANDED_OVER, start),
            signed(start, first));
    write(komatsu.resolve("term/1"), handover.encode());
    write(komatsu.resolve("checkpoint"), signed(tree, second).encode());
    ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    for (long i = 0; i < tree.size(); i++) {
      byte[] hash = new byte[Hash.BYTES];
      tree.node(0, i).copyTo(hash, 0);
      hashes.writeBytes(hash);
    }
    String tile = new TilePath.Hashes(0, 0, (int) tree.size()).format();
    write(komatsu.resolve(tile), hashes.toByteArray());
    return logs.toString();
  }

  private static Path write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  private CommandWorld.Ran verify(Path proof, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("verify", proof.toString(), "--federation", file.path().toString()));
    arguments.addAll(List.of(more));
    return CommandWorld.aika(arguments.toArray(String[]::new));
  }

  private Path proof(List<Seat> here, List<Seat> there) throws IOException {
    ConflictProof proof = ConflictProof.of(signed(tree(7, 1), here), signed(tree(7, 2), there));
    return write(directory.resolve("proof.conflict"), proof.encode());
  }

  @Test
  void theQuorumOfTheFirstTermIsConvictedWithoutAnyTerms() throws IOException {
    CommandWorld.Ran ran = verify(proof(first, first.subList(0, 4))).expect(0);
    ran.says("A quorum of the representatives of term 1 approved both.", "定足数で両方を承認しました");
    ran.says("4 of the 5 seats of term 1", "第1期の5席のうち4席が両方に署名しました");
    first.subList(0, 4).forEach(seat -> ran.says(seat.key().name()));
    assertFalse(ran.out().contains(first.getLast().key().name()), ran.out());
  }

  @Test
  void aLaterTermIsConvictedByTheHandOversAndUnknownWithoutThem() throws IOException {
    Path proof = proof(second, second.subList(1, 4));
    verify(proof)
        .expect(1)
        .says("No quorum of term 1 approved both.", "a later term", "give --terms SOURCE")
        .says("第1期の代表者は、定足数では両方を承認していません", "--terms で引き継ぎのあるところを");

    String logs = published(tree(7, 1));
    verify(proof, "--terms", logs)
        .expect(0)
        .says("A quorum of the representatives of term 2 approved both.", "those of " + logs)
        .says("3 of the 4 seats of term 2", "/new-2", "/new-3", "/new-4", "第2期");

    Path term = directory.resolve("logs/Asia-Komatsu/term/1");
    byte[] changed = Files.readAllBytes(term);
    changed[200] ^= 1;
    Files.write(term, changed);
    verify(proof, "--terms", logs).expect(1).says("PROOF_INVALID", "hand-over", "代表者の交代");
    String nowhere = Files.createDirectories(directory.resolve("nothing")).toString();
    verify(proof, "--terms", nowhere).expect(1).says("The terms cannot be read", "読めません");
  }

  /** [SEAL-42] One set approves both, or nobody is convicted. */
  @Test
  void fewerThanAQuorumOfOneTermAreNamedAndNotConvicted() throws IOException {
    String logs = published(tree(7, 1));
    Path one = proof(first.subList(0, 1), first.subList(0, 2));
    verify(one)
        .expect(1)
        .says("1 of the 5 seats of term 1: " + first.getFirst().key().name())
        .says("No quorum of term 1 approved both.", "1席が両方に署名しました");
    verify(one, "--terms", logs)
        .expect(1)
        .says("No term from 1 to 2", "第1期から第2期までに、定足数で両方を承認した期はありません");
    verify(proof(first, second), "--terms", logs)
        .expect(1)
        .says("A quorum of term 1 approved the first one only.", "一つ目だけです")
        .says("A quorum of term 2 approved the second one only.", "No term from 1 to 2");
  }

  private CommandWorld.Ran make(SignedCheckpoint one, SignedCheckpoint other, String... more)
      throws IOException {
    Path here = write(directory.resolve("one.note"), one.encode());
    Path there = write(directory.resolve("other.note"), other.encode());
    String out = directory.resolve("made.conflict").toString();
    List<String> arguments =
        new ArrayList<>(List.of("conflict-proof", here.toString(), there.toString(), "--out", out));
    arguments.addAll(List.of(more));
    return CommandWorld.aika(arguments.toArray(String[]::new));
  }

  @Test
  void whoeverHasBothMakesTheProof() throws IOException {
    Path made = directory.resolve("made.conflict");
    make(signed(tree(7, 1), first), signed(tree(7, 2), first)).expect(0).says("aika verify");
    verify(made).expect(0).says("term 1 approved both");
    Files.delete(made);

    SignedCheckpoint larger = signed(tree(7, 1), second);
    SignedCheckpoint smaller = signed(tree(5, 2), second);
    make(larger, smaller).expect(1).says("give --log", "--log で");
    String logs = published(tree(7, 1));
    make(larger, smaller, "--log", logs).expect(0).says("両立しません");
    verify(made, "--terms", logs).expect(0).says("term 2 approved both", "size 5", "size 7");
  }

  @Test
  void nothingIsWrittenOfWhatFits() throws IOException {
    Path made = directory.resolve("made.conflict");
    String logs = published(tree(7, 1));
    SignedCheckpoint larger = signed(tree(7, 1), second);
    make(larger, larger).expect(1).says("do not contradict", "何も書いていません");
    make(signed(tree(5, 1), second), larger, "--log", logs)
        .expect(1)
        .says("do not contradict", "何も書いていません");
    make(signed(tree(5, 1), second), signed(tree(7, 2), second), "--log", logs)
        .expect(1)
        .says("does not show the tree of 7 leaves", "7 件の記録がありません");
    make(signed(tree(5, 1), second), signed(tree(9, 1), second), "--log", logs)
        .expect(1)
        .says("does not show the tree of 9 leaves");
    assertFalse(Files.exists(made));
    Path text = write(directory.resolve("text"), "hello\n".getBytes(UTF_8));
    CommandWorld.aika("conflict-proof", text.toString(), text.toString(), "--out", made.toString())
        .expect(1)
        .says("is no checkpoint", "チェックポイントではありません");
    assertEquals(2, CommandWorld.aika("conflict-proof", text.toString()).code());
  }
}
