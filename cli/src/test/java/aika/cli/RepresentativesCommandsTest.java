package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Recovery;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.NoteSignature;
import aika.core.note.SignedNote;
import aika.node.Node;
import aika.node.NodeSettings;
import aika.node.config.Chain;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is said about representatives, and what is brought against them, at a real node. */
@Timeout(120)
final class RepresentativesCommandsTest {
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final long TIME = 1_800_000_000;

  @TempDir Path data;

  private final int offset = FreeOffset.find();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private KeyFiles keys;
  private FederationFile file;
  private Node node;

  @BeforeEach
  void start() {
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    file =
        FederationFile.write(
            data.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
    node =
        new Node(new NodeSettings(data, "127.0.0.1", offset, StoreSettings.standard()), file, keys);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private void says(StringWriter where, String text) {
    assertTrue(where.toString().contains(text), () -> out + "\n" + err);
  }

  @Test
  void showsWhoSits() {
    String gateway = "http://127.0.0.1:" + (1024 + offset);
    assertEquals(0, run("representatives", gateway, "Asia-Komatsu"), err::toString);
    says(out, "4 of 5 approve");
    says(out, "federation-file");
    Chain komatsu = file.federation().chain(KOMATSU).orElseThrow();
    keys.seats(komatsu).forEach(seat -> says(out, seat.key().format()));
    assertEquals(0, run("representatives", gateway, "Asia", "--json"), err::toString);
    says(out, "\"standings\"");
    assertEquals(1, run("representatives", gateway, "Asia-Nowhere"));
    says(err, "UNKNOWN_CHAIN");
    assertEquals(2, run("representatives", gateway, "no chain"));
  }

  private SignedCheckpoint approved(int fill, int seats) {
    Chain komatsu = file.federation().chain(KOMATSU).orElseThrow();
    byte[] root = new byte[Hash.BYTES];
    root[0] = (byte) fill;
    Checkpoint checkpoint = new Checkpoint(file.directory().origin(KOMATSU), 7, Hash.of(root));
    List<NoteSignature> lines = new ArrayList<>();
    for (HeldKey seat : keys.seats(komatsu).subList(0, seats)) {
      lines.add(Cosignature.sign(checkpoint, seat.key().name(), TIME, seat.signer()));
    }
    return SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, keys.log(komatsu).signer())
        .withSignatures(lines);
  }

  @Test
  void explainsAConflictAndBringsIt() throws IOException {
    Path proof = data.resolve("proof.conflict");
    Files.write(proof, ConflictProof.of(approved(1, 4), approved(2, 5)).encode());
    String federation = file.path().toString();
    assertEquals(0, run("verify", proof.toString(), "--federation", federation), err::toString);
    says(out, "A quorum of the representatives of term 1 approved both.");
    Chain komatsu = file.federation().chain(KOMATSU).orElseThrow();
    keys.seats(komatsu).subList(0, 4).forEach(seat -> says(out, seat.key().name()));
    assertEquals(0, run("conflict", proof.toString(), "--data", data.toString()), err::toString);
    says(out, "Asia-Kanazawa");
    says(out, "leaf ");
    assertEquals(1, run("conflict", proof.toString(), "--data", data.toString()));
    says(out, "CHAIN_FROZEN");

    Files.write(proof, ConflictProof.of(approved(1, 1), approved(2, 2)).encode());
    assertEquals(1, run("verify", proof.toString(), "--federation", federation));
    says(out, "1 of the 5 seats of term 1");
    says(out, "No quorum of term 1 approved both.");
    Files.writeString(proof, ConflictProof.FIRST_LINE + "\nfirst\n");
    assertEquals(1, run("verify", proof.toString(), "--federation", federation));
    says(err, "PROOF_INVALID");
  }

  /** This federation's chains have no quorum. */
  @Test
  void aDecisionThatNobodyMayTakeIsRefused() throws IOException {
    HeldKey anybody = keys.log(file.federation().chain(KOMATSU).orElseThrow());
    Recovery close =
        new Recovery.Close(
            file.federation().id(), KOMATSU, 1, ChainId.of("Asia-Kanazawa"), "in a test");
    SignedNote note =
        SignedNote.sign(close.text(), anybody.key().name(), Ed25519.TYPE, anybody.signer());
    Path decision = data.resolve("decision.note");
    Files.write(decision, note.encode());
    assertEquals(1, run("recover", "close", decision.toString(), "--data", data.toString()));
    says(err, "BAD_SIGNATURE");
    assertEquals(1, run("recover", "seat", decision.toString(), "--data", data.toString()));
    says(err, "decides to close");
    assertEquals(2, run("recover"));
  }

  /** [OPR-3] What is read is no decision; one byte more is not read. */
  @Test
  void theNodeReadsSoMuchOfACommandAndNoMore() {
    try (NodeChannel channel = NodeChannel.of(data)) {
      assertEquals("MALFORMED", code(channel, 65_536));
      assertEquals("TOO_LARGE", code(channel, 65_537));
    }
  }

  private static String code(NodeChannel channel, int bytes) {
    String body = "x".repeat(bytes);
    return assertThrows(CommandException.class, () -> channel.post("/recoveries", body)).code();
  }
}
