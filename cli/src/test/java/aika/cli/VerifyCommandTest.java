package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.LifeReceipt;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Order;
import aika.core.ledger.Posting;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts of a log of one leaf, with a real federation's keys. */
final class VerifyCommandTest {
  private static final long TIME = 1_795_341_600_123L;
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");
  private static final AccountId A = new AccountId(KOMATSU, "k3v9q2mw");
  private static final AccountId B = new AccountId(KANAZAWA, "p8d1x7aa");
  private static final OrderId ID = OrderId.of("019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10");

  @TempDir static Path directory;
  private static KeyFiles keys = new KeyFiles(Path.of("."), new SecureRandom());
  private static Path file = Path.of(FederationFile.NAME);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void makeFederation() {
    keys = new KeyFiles(directory.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    file = directory.resolve(FederationFile.NAME);
    FederationFile.write(file, FederationTemplate.demo().federation(keys));
  }

  private int verify(byte[] receipt) throws IOException {
    return verify(
        Files.write(directory.resolve("receipt.tlog-proof"), receipt).toString(),
        "--federation",
        file.toString());
  }

  private int verify(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "verify";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all);
  }

  private static Federation federation() {
    return FederationFile.read(file).federation();
  }

  private static byte[] receipt(ChainId id, Leaf leaf) {
    Federation federation = federation();
    byte[] bytes = LeafText.encode(leaf);
    Hash root = Merkle.leafHash(bytes);
    Checkpoint checkpoint = new Checkpoint(federation.origin(id), 1, root);
    Chain chain = federation.chain(id).orElseThrow();
    SignedCheckpoint signed =
        SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, keys.log(chain).signer());
    for (HeldKey seat : keys.seats(chain)) {
      signed =
          signed.withSignature(
              Cosignature.sign(checkpoint, seat.key().name(), TIME / 1000 + 1, seat.signer()));
    }
    return new TlogProof(Optional.of(bytes), 0, List.of(), signed).encode();
  }

  private static Leaf executed(Order order, Leaf.Cited cited, List<Posting> postings) {
    return new Leaf.Executed(TIME, TIME, cited, postings, signed(order));
  }

  private static SignedOrder signed(Order order) {
    byte[] seed = new byte[32];
    return SignedOrder.of(
        SignedNote.sign(
            order.text(), order.account().toString(), Ed25519.TYPE, Ed25519.signer(seed)));
  }

  private static Order.Header header() {
    return new Order.Header(federation().id(), ID, 1_795_341_720_000L);
  }

  private static byte[] sendReceipt() {
    Order send = new Order.Send(header(), A, B, Money.of("200.00"), 1_795_945_600_000L, null);
    return receipt(KOMATSU, new Leaf.Executed(TIME, TIME, null, List.of(), signed(send)));
  }

  private void said(StringWriter where, String... parts) {
    for (String part : parts) {
      assertTrue(where.toString().contains(part), () -> part + " in: " + where);
    }
  }

  @Test
  void saysWhoSentWhatToWhom() throws IOException {
    assertEquals(0, verify(sendReceipt()), err::toString);
    assertEquals(2, out.toString().lines().count());
    said(out, "有効：", "Valid: ", A + " sent 200.00 to " + B, "transfer Asia-Komatsu:0");
    said(out, "2026-11-22T10:00:00.123Z", "2026-11-22T10:00:01Z", "seat-1 seat-2 seat-3 seat-4");
    assertEquals("", err.toString());
  }

  @Test
  void saysWhatWasReceived() throws IOException {
    TransferId transfer = new TransferId(KOMATSU, 7);
    Order receive = new Order.Decide(header(), B, transfer, true);
    Leaf.Cited cited = new Leaf.Cited(7, 8, Hash.of(new byte[32]));
    List<Posting> postings = List.of(new Posting(B, Money.of("200.00"), Money.of("200.00")));
    assertEquals(0, verify(receipt(KANAZAWA, executed(receive, cited, postings))), err::toString);
    said(out, B + " received 200.00 (transfer " + transfer + ")", "受け取りました");
  }

  @Test
  void saysWhatAnotherLeafIs() throws IOException {
    Hash any = Hash.of(new byte[32]);
    Leaf leaf = new Leaf.Recorded(TIME, KOMATSU, 3, any, 1, any);
    assertEquals(0, verify(receipt(ChainId.of("Asia"), leaf)), err::toString);
    said(out, "a leaf of the kind record of Asia");
  }

  @Test
  void namesTheSeatWhoseSignatureIsWrong() throws IOException {
    String text = new String(sendReceipt(), StandardCharsets.UTF_8);
    int line = text.indexOf("/seat-3 ");
    int at = line + 200;
    char other = text.charAt(at) == 'A' ? 'B' : 'A';
    String changed = text.substring(0, at) + other + text.substring(at + 1);
    assertEquals(1, verify(changed.getBytes(StandardCharsets.UTF_8)));
    assertEquals(2, err.toString().lines().count());
    assertTrue(err.toString().lines().allMatch(l -> l.startsWith("aika: PROOF_INVALID: ")));
    said(err, "seat-3 is wrong");
    assertEquals("", out.toString());
  }

  @Test
  void refusesWhatIsNoReceipt() throws IOException {
    assertEquals(1, verify("hello\n".getBytes(StandardCharsets.UTF_8)));
    said(err, "PROOF_INVALID", "line 1");
  }

  @Test
  void refusesAnotherFederationsReceipt() throws IOException {
    byte[] receipt = sendReceipt();
    Path other = directory.resolve("other");
    KeyFiles otherKeys = new KeyFiles(other.resolve("keys"), new SecureRandom());
    Path otherFile = other.resolve("federation.yaml");
    FederationFile.write(otherFile, FederationTemplate.demo().federation(otherKeys));
    Path path = Files.write(directory.resolve("foreign.tlog-proof"), receipt);
    assertEquals(1, verify(path.toString(), "--federation", otherFile.toString()));
    said(err, "PROOF_INVALID", "Asia-Komatsu");
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertEquals(1, verify("missing.tlog-proof", "--federation", file.toString()));
    said(err, "missing.tlog-proof");
  }

  @Test
  void wantsTheFederationFile() {
    assertEquals(2, verify("receipt.tlog-proof"));
    said(err, "--federation", "aika verify --help");
  }

  /** The log of a chain whose first term ended after two leaves, and a send after it. */
  private record TwoTerms(TlogProof handover, TlogProof send) {
    static TwoTerms make() {
      Federation federation = federation();
      List<Signer> second = new ArrayList<>();
      List<VerifierKey> seats = new ArrayList<>();
      for (int i = 1; i <= 4; i++) {
        byte[] seed = new byte[32];
        seed[0] = (byte) i;
        Signer seat = MlDsa44.signer(seed);
        second.add(seat);
        String name = federation.origin(KOMATSU) + "/new-" + i;
        seats.add(new VerifierKey(name, Cosignature.TYPE, seat.publicKey()));
      }
      MerkleTree tree = new MerkleTree();
      byte[] elected = LeafText.encode(new Leaf.Elected(TIME, new Seats(2, seats), List.of()));
      tree.append(Merkle.leafHash(elected));
      tree.append(Merkle.leafHash(new byte[1])); // stands for the seal
      List<Signer> first =
          keys.seats(federation.chain(KOMATSU).orElseThrow()).stream()
              .map(HeldKey::signer)
              .toList();
      List<String> firstNames =
          keys.seats(federation.chain(KOMATSU).orElseThrow()).stream()
              .map(seat -> seat.key().name())
              .toList();
      TlogProof handover = proof(tree, elected, 0, first, firstNames);
      Order order = new Order.Send(header(), A, B, Money.of("200.00"), 1_795_945_600_000L, null);
      byte[] send = LeafText.encode(new Leaf.Executed(TIME, TIME, null, List.of(), signed(order)));
      tree.append(Merkle.leafHash(send));
      List<String> names = seats.stream().map(VerifierKey::name).toList();
      return new TwoTerms(handover, proof(tree, send, 2, second, names));
    }

    private static TlogProof proof(
        MerkleTree tree, byte[] leaf, long index, List<Signer> seats, List<String> names) {
      Federation federation = federation();
      Checkpoint checkpoint = new Checkpoint(federation.origin(KOMATSU), tree.size(), tree.root());
      Chain chain = federation.chain(KOMATSU).orElseThrow();
      SignedCheckpoint signed =
          SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, keys.log(chain).signer());
      for (int i = 0; i < seats.size(); i++) {
        signed =
            signed.withSignature(
                Cosignature.sign(checkpoint, names.get(i), TIME / 1000 + 1, seats.get(i)));
      }
      List<Hash> path = Proofs.inclusion(index, tree.size(), tree);
      return new TlogProof(Optional.of(leaf), index, path, signed);
    }
  }

  private String receiptOfTerm2(TwoTerms log) throws IOException {
    Path path = directory.resolve("term2.tlog-proof");
    return Files.write(path, log.send.encode()).toString();
  }

  private int verifyWith(String receipt, String terms) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return verify(receipt, "--federation", file.toString(), "--terms", terms);
  }

  @Test
  void aReceiptOfALaterTermNeedsTheTerms() throws IOException {
    TwoTerms log = TwoTerms.make();
    String receipt = receiptOfTerm2(log);
    assertEquals(1, verify(receipt, "--federation", file.toString()));
    said(err, "PROOF_INVALID", "--terms", "あとの任期");

    Path term = directory.resolve("logs").resolve("Asia-Komatsu/term/1");
    Files.createDirectories(term.getParent());
    Files.write(term, log.handover.encode());
    String logs = directory.resolve("logs").toString();
    assertEquals(0, verifyWith(receipt, logs), err::toString);
    said(out, "new-1 new-2 new-3 new-4 of term 2", "第 2 期", A + " sent 200.00 to " + B);
    assertEquals("", err.toString());

    Files.write(term, log.send.encode());
    assertEquals(1, verifyWith(receipt, logs)); // of the same size, so no hand-over before it
    byte[] changed = log.handover.encode();
    changed[200] ^= 1;
    Files.write(term, changed);
    assertEquals(1, verifyWith(receipt, logs));
    said(err, "hand-over", "代表者の交代");
  }

  @Test
  void termsComeFromAGatewayOrFromALife() throws IOException {
    TwoTerms log = TwoTerms.make();
    String receipt = receiptOfTerm2(log);
    Path life = directory.resolve("other.receipt");
    TransferId transfer = new TransferId(KOMATSU, 2);
    Map<LifeReceipt.Part, TlogProof> parts = Map.of(LifeReceipt.Part.SEND, log.send);
    Files.write(life, LifeReceipt.encode(transfer, Map.of(KOMATSU, List.of(log.handover)), parts));
    assertEquals(0, verifyWith(receipt, life.toString()), err::toString);
    said(out, "of term 2");
    assertEquals(1, verifyWith(receipt, directory.resolve("missing").toString()));
    said(err, "missing");
    assertEquals(1, verifyWith(receipt, file.toString()));
    said(err, "hand-over");

    HttpServer gateway =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext(
        "/",
        exchange -> {
          boolean there = exchange.getRequestURI().getPath().equals("/chains/Asia-Komatsu/term/1");
          byte[] body = there ? log.handover.encode() : new byte[1];
          exchange.sendResponseHeaders(there ? 200 : 404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    gateway.start();
    String url = "http://127.0.0.1:" + gateway.getAddress().getPort();
    try {
      assertEquals(0, verifyWith(receipt, url), err::toString);
      said(out, "of term 2");
    } finally {
      gateway.stop(0);
    }
    assertEquals(1, verifyWith(receipt, url));
    said(err, "cannot be read", "読めません");
  }

  /** What the receipt says of the terms is not all that is known of them. */
  @Test
  void theTermsOfALifeAreComparedWithAnotherSource() throws IOException {
    TwoTerms log = TwoTerms.make();
    Path own = directory.resolve("life.receipt");
    Map<LifeReceipt.Part, TlogProof> parts = Map.of(LifeReceipt.Part.SEND, log.send);
    TransferId transfer = new TransferId(KOMATSU, 2);
    Files.write(own, LifeReceipt.encode(transfer, Map.of(KOMATSU, List.of(log.handover)), parts));
    assertEquals(0, verify(own.toString(), "--federation", file.toString()), err::toString);
    said(out, "by new-1 new-2 new-3 new-4 of term 2", "Who sat later is not shown here");

    assertEquals(0, verifyWith(own.toString(), own.toString()), err::toString);
    said(out, "The hand-overs of " + own + " lead to these representatives");

    Path nowhere = Files.createDirectories(directory.resolve("no terms"));
    assertEquals(1, verifyWith(own.toString(), nowhere.toString()));
    said(err, "The terms cannot be read", nowhere + " has nothing of Asia-Komatsu");
    assertEquals("", out.toString());
  }
}
