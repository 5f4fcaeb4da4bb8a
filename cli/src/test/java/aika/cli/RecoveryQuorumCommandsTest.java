package aika.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import aika.cli.CommandWorld.Ran;
import aika.core.ledger.Leaf;
import aika.core.ledger.Recovery;
import aika.core.ledger.SignedRecovery;
import aika.core.note.VerifierKey;
import aika.node.Node;
import aika.node.NodeSettings;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.order.Chain;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A recovery quorum's way from its keys to the leaf, by nothing but commands [REC-1 to REC-6]. */
@Timeout(120)
final class RecoveryQuorumCommandsTest {
  private static final String KOMATSU = Residents.KOMATSU.value();
  private static final String FEDERATION = "demo.aika.example"; // the demo's

  @TempDir Path data;

  private final List<String> publicKeys = new ArrayList<>();
  private KeyFiles keys;
  private Path federation;
  private Path decision;

  /**
   * Two of three decide for Komatsu; the file's section is written by hand, as the runbook says.
   */
  @BeforeEach
  void federation() throws IOException {
    for (int i = 1; i <= 3; i++) {
      publicKeys.add(printed(makeKey(KOMATSU, "recovery-" + i, key(i)).expect(0)));
    }
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    federation = data.resolve(FederationFile.NAME);
    var _ = FederationFile.write(federation, FederationTemplate.demo().federation(keys));
    String section =
        "    recovery:\n      threshold: 2\n      keys:\n        - "
            + String.join("\n        - ", publicKeys)
            + "\n";
    String head = "  " + KOMATSU + ":\n";
    String text = Files.readString(federation);
    assertTrue(text.contains(head), text);
    Files.writeString(federation, text.replace(head, head + section));
    CommandWorld.aika("federation", "check", federation.toString()).expect(0);
    decision = data.resolve("decision.note");
  }

  private static Ran makeKey(String chain, String label, Path file) {
    return CommandWorld.aika(
        "recover",
        "key",
        "--federation",
        FEDERATION,
        "--chain",
        chain,
        "--label",
        label,
        file.toString());
  }

  private Path key(int number) {
    return data.resolve("recovery-" + number + ".key");
  }

  /** What stands in the line for others. */
  private static String printed(Ran ran) {
    return ran.out()
        .lines()
        .filter(line -> line.startsWith("key   "))
        .map(line -> line.substring("key   ".length()))
        .findFirst()
        .orElseThrow();
  }

  private Ran write(String... what) {
    List<String> all = new ArrayList<>(List.of("recover", "write", "--chain", KOMATSU));
    all.addAll(List.of("--federation", federation.toString()));
    all.addAll(Arrays.asList(what));
    all.add(decision.toString());
    return CommandWorld.aika(all.toArray(String[]::new));
  }

  private Ran writeClose(String reason) {
    return write("--term", "1", "--successor", "Asia-Kanazawa", "--reason", reason);
  }

  private Ran sign(Path key, String... more) {
    List<String> all = new ArrayList<>(List.of("recover", "sign", decision.toString()));
    all.addAll(List.of("--key", key.toString(), "--federation", federation.toString()));
    all.addAll(Arrays.asList(more));
    return CommandWorld.aika(all.toArray(String[]::new));
  }

  private Ran handIn(String kind) {
    return CommandWorld.aika("recover", kind, decision.toString(), "--data", data.toString());
  }

  /** A new representative's machine makes the key and shows it. */
  private String seatKey(int number) throws IOException {
    String key =
        printed(
            CommandWorld.aika(
                    "cosign",
                    KOMATSU,
                    "--seat",
                    "new-" + number,
                    "--dir",
                    data.resolve("seat-" + number).toString(),
                    "--federation",
                    federation.toString())
                .expect(0));
    Files.writeString(data.resolve("seat-" + number + ".txt"), key + "\n");
    return key;
  }

  @Test
  void theQuorumSeatsOthersAndClosesTheChain() throws IOException {
    List<String> seats = List.of(seatKey(1), seatKey(2));
    int offset = FreeOffset.find();
    String gateway = "http://127.0.0.1:" + (1024 + offset);
    try (Node node =
        new Node(
            new NodeSettings(data, "127.0.0.1", offset, StoreSettings.standard()),
            FederationFile.read(federation),
            keys)) {
      Chain komatsu = node.shard().chain(Residents.KOMATSU);
      write(
              "--gateway",
              gateway,
              "--reason",
              "two lost their keys",
              "--seat",
              "@" + data.resolve("seat-1.txt"),
              "--seat",
              seats.get(1))
          .expect(0)
          .says("all representatives of term 1", "代表者を全員", "two lost their keys", "new-2");
      handIn("seat").expect(1); // nobody has signed
      sign(key(1), "--yes").expect(0).says("all representatives of term 1", "1 of 2 signatures");
      handIn("seat").expect(1).says("BAD_SIGNATURE");
      sign(key(3), "--yes").expect(0).says("2 of 2 signatures", "aika recover seat");
      long before = komatsu.size();
      handIn("seat").expect(0).says("term 2 sits");
      Recovery.Seat recovered =
          assertInstanceOf(Recovery.Seat.class, recovered(komatsu, before).recovery());
      assertEquals(seats.stream().map(VerifierKey::parse).toList(), recovered.seats());
      assertEquals(2, komatsu.head().term());

      Files.delete(decision);
      write("--gateway", gateway, "--successor", "Asia-Kanazawa", "--reason", "it ends")
          .expect(0)
          .says("closes in term 2", "元には戻せません");
      sign(key(2), "--yes").expect(0);
      sign(key(1), "--yes").expect(0).says("aika recover close");
      handIn("close").expect(0).says("term 2 sits");
      assertTrue(komatsu.head().closed());
    }
  }

  /** The only leaf of a decision since then. */
  private static SignedRecovery recovered(Chain chain, long since) {
    List<Leaf.Recovered> found = new ArrayList<>();
    for (long index = since; index < chain.size(); index++) {
      if (chain.entry(index).leaf() instanceof Leaf.Recovered leaf) {
        found.add(leaf);
      }
    }
    assertEquals(1, found.size());
    return found.getFirst().recovery();
  }

  @Test
  void aKeyIsPrivateAndStaysAsItIs() throws IOException {
    byte[] made = Files.readAllBytes(key(1));
    makeKey(KOMATSU, "recovery-1", key(1)).expect(1).says("KEY_FILE", "もうあります");
    assertArrayEquals(made, Files.readAllBytes(key(1)));
    VerifierKey named = VerifierKey.parse(publicKeys.getFirst());
    assertEquals(FEDERATION + '/' + KOMATSU + "/recovery-1", named.name());
    assumeTrue(Files.getFileStore(data).supportsFileAttributeView("posix"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key(1))));
    writeClose("it ends").expect(0);
    Files.setPosixFilePermissions(key(1), PosixFilePermissions.fromString("rw-r--r--"));
    unchanged(sign(key(1), "--yes").says("chmod 600"), Files.readAllBytes(decision));
  }

  @ParameterizedTest
  @ValueSource(strings = {"log", "Recovery", "-1", "a/b", ""})
  void aNameThatNoFederationFileCanHaveIsNoKey(String label) {
    Path file = data.resolve("another.key");
    makeKey(KOMATSU, label, file).expect(2).says("label");
    assertFalse(Files.exists(file));
  }

  private void unchanged(Ran refused, byte[] before) throws IOException {
    refused.expect(1);
    assertArrayEquals(before, Files.readAllBytes(decision));
  }

  @Test
  void whoIsNoMemberAndWhoHasSignedDoesNotSign() throws IOException {
    writeClose("it ends").expect(0);
    byte[] unsigned = Files.readAllBytes(decision);
    unchanged(sign(key(1)).says("Nothing was signed. Say --yes"), unsigned); // nobody is asked here
    Path sameName = data.resolve("same-name.key");
    makeKey(KOMATSU, "recovery-1", sameName).expect(0);
    unchanged(sign(sameName, "--yes").says("none of the recovery quorum"), unsigned);
    Path elsewhere = data.resolve("elsewhere.key");
    makeKey("Asia-Kanazawa", "recovery-1", elsewhere).expect(0);
    unchanged(sign(elsewhere, "--yes").says("none of the recovery quorum"), unsigned);
    Path seat = data.resolve(KeyFiles.DIRECTORY).resolve(KOMATSU).resolve("log.key");
    unchanged(sign(seat, "--yes").says("none of the recovery quorum"), unsigned);
    unchanged(sign(data.resolve("none.key"), "--yes").says("KEY_FILE"), unsigned);

    sign(key(1), "--yes").expect(0);
    byte[] once = Files.readAllBytes(decision);
    unchanged(sign(key(1), "--yes").says("has signed", "もう"), once);
  }

  @Test
  void aNoteThatNoNodeWouldTakeIsNotSigned() throws IOException {
    writeClose("it ends").expect(0);
    String unsigned = Files.readString(decision);
    sign(key(1), "--yes").expect(0);
    String signed = Files.readString(decision);
    refused("MALFORMED", "");
    refused("MALFORMED", unsigned.replace("kind close", "kind open"));
    refused("MALFORMED", unsigned + "more\n");
    refused("MALFORMED", unsigned.stripTrailing());
    refused("MALFORMED", unsigned + "\n");
    refused("MALFORMED", unsigned + " ".repeat(40_000));
    refused("WRONG_FEDERATION", unsigned.replace(FEDERATION, "other.example"));
    refused("UNKNOWN_CHAIN", unsigned.replace("chain " + KOMATSU, "chain Asia-Nowhere"));
    refused("UNKNOWN_CHAIN", unsigned.replace("Asia-Kanazawa", "Asia-Nowhere"));
    refused("take over from itself", unsigned.replace("Asia-Kanazawa", KOMATSU));
    refused("no recovery quorum", unsigned.replace("chain " + KOMATSU, "chain Europe"));
    for (String unseen : List.of("\u001b", "\u007f", "\u009b", "\u2028", "\u202e", "\u200b")) {
      refused("not seen", unsigned.replace("it ends", "it" + unseen + " ends"));
    }
    refused("not seen", unsigned.replace("it ends", " "));
    refused("does not hold", signed.replace("it ends", "it ended"));
    refused("does not hold", signed.replace("recovery-1", "recovery-4"));
    Files.writeString(decision, signed);
    sign(key(2), "--yes").expect(0); // so it was the change alone
  }

  private void refused(String why, String note) throws IOException {
    Files.writeString(decision, note);
    unchanged(sign(key(2), "--yes").says(why), Files.readAllBytes(decision));
  }

  @Test
  void onlyWhatCanBeReadAgainIsWritten() throws IOException {
    String key = seatKey(1);
    assertEquals(2, writeClose("two\nlines").code());
    assertEquals(2, writeClose("").code());
    writeClose(" ").expect(1).says("MALFORMED");
    writeClose("turned\u202e").expect(1).says("MALFORMED");
    assertEquals(2, writeClose("あ".repeat(201)).code());
    assertEquals(2, write("--term", "1", "--reason", "neither").code());
    assertEquals(2, write("--successor", "Asia", "--reason", "no term").code());
    write("--term", "0", "--seat", key, "--reason", "no such term").expect(2).says("--term");
    write("--term", "1", "--seat", key, "--seat", key, "--reason", "twice").expect(2);
    write("--term", "1", "--seat", publicKeys.getFirst(), "--reason", "type").expect(2);
    write("--term", "9223372036854775807", "--seat", key, "--reason", "no such term").expect(2);
    write("--term", "1", "--seat", "@none.txt", "--reason", "x").expect(2).says("no file none.txt");
    write("--term", "1", "--seat", "new-1", "--reason", "no key").expect(2).says("--seat");
    write("--term", "1", "--seat", key, "--successor", "Asia", "--reason", "both").expect(2);
    write("--term", "1", "--successor", "Asia-Nowhere", "--reason", "x")
        .expect(1)
        .says("UNKNOWN_CHAIN");
    assertFalse(Files.exists(decision));

    writeClose("あ".repeat(200)).expect(0);
    byte[] first = Files.readAllBytes(decision);
    unchanged(writeClose("another").says("もうあります"), first);
    assertEquals("あ".repeat(200), Recovery.parse(Files.readString(decision)).reason());
  }
}
