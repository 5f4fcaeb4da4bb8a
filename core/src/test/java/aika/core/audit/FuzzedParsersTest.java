package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.CosignerRules;
import aika.core.approval.DivergedException;
import aika.core.approval.Execution;
import aika.core.approval.LifeReceipt;
import aika.core.approval.Origins;
import aika.core.approval.Receipt;
import aika.core.approval.Replica;
import aika.core.follow.FollowedFederation;
import aika.core.ledger.Action;
import aika.core.ledger.ActionWire;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Recovery;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.ledger.SignedRecovery;
import aika.core.ledger.TestKeys;
import aika.core.ledger.Wire;
import aika.core.log.AddCheckpoint;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.EntryBundle;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.core.note.CanonicalBase64;
import aika.core.note.Ed25519;
import aika.core.note.Fuzz;
import aika.core.note.MlDsa44;
import aika.core.note.NoteSignature;
import aika.core.note.SignatureScheme;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.core.transfer.RandomOrders;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import aika.core.transfer.WorkedExample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every parser of the core reads changed texts; the texts are those of the worked example. */
final class FuzzedParsersTest {
  private static final WorkedExample EXAMPLE = new WorkedExample(TestFederation.Signing.CHEAP);
  private static final TestFederation FED = EXAMPLE.federation();
  private static final FederationAudit.Schemes CHEAP =
      new FederationAudit.Schemes(TestKeys.CHEAP, TestKeys.CHEAP, TestKeys.CHEAP);

  private static List<byte[]> leaves() {
    List<byte[]> leaves = new ArrayList<>();
    FED.chains().forEach(chain -> chain.entries().stream().map(Entry::bytes).forEach(leaves::add));
    return leaves;
  }

  /** Two leaves of every kind that random orders and the vectors of the specification have. */
  private static List<byte[]> ofEveryKind() {
    List<byte[]> all = new ArrayList<>(leaves());
    RandomOrders random = new RandomOrders(20261127, TestFederation.Between.CARRIED, 1);
    for (int i = 0; i < 1_500; i++) {
      random.step();
    }
    random
        .federation()
        .chains()
        .forEach(chain -> chain.entries().stream().map(Entry::bytes).forEach(all::add));
    all.addAll(vectors());
    Map<String, List<byte[]>> byKind = new TreeMap<>();
    for (byte[] bytes : all) {
      Leaf leaf = LeafText.parse(bytes);
      String kind =
          leaf.getClass().getSimpleName()
              + (leaf instanceof Leaf.Executed executed ? executed.order().order().kind() : "");
      List<byte[]> some = byKind.computeIfAbsent(kind, any -> new ArrayList<>());
      if (some.size() < 2) {
        some.add(bytes);
      }
    }
    assertTrue(byKind.size() > 22, byKind.keySet()::toString);
    return byKind.values().stream().flatMap(List::stream).toList();
  }

  private static List<byte[]> vectors() {
    List<byte[]> leaves = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("../docs/spec/vectors/good"))) {
      for (Path file : files.filter(path -> path.toString().contains("tile/entries")).toList()) {
        if (Files.isRegularFile(file)) {
          int width = Integer.parseInt(file.getFileName().toString());
          leaves.addAll(EntryBundle.parse(Files.readAllBytes(file), width));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return leaves;
  }

  private static List<SignedOrder> orders() {
    List<SignedOrder> orders = new ArrayList<>();
    for (byte[] leaf : ofEveryKind()) {
      if (LeafText.parse(leaf) instanceof Leaf.Executed executed) {
        orders.add(executed.order());
      }
    }
    return orders;
  }

  private static List<SignedCheckpoint> checkpoints() {
    List<SignedCheckpoint> checkpoints = new ArrayList<>();
    FED.chains().forEach(chain -> checkpoints.add(checkpoint(chain)));
    return checkpoints;
  }

  private static SignedCheckpoint checkpoint(TestChain chain) {
    byte[] file = PublishedFiles.of(FED, chain).file("checkpoint");
    return SignedCheckpoint.parse(Objects.requireNonNull(file));
  }

  private static List<byte[]> addCheckpoints() {
    TestChain komatsu = FED.chain(KOMATSU);
    SignedCheckpoint checkpoint = checkpoint(komatsu);
    long size = checkpoint.checkpoint().size();
    return List.of(
        new AddCheckpoint(0, List.of(), checkpoint).encode(),
        new AddCheckpoint(7, Proofs.consistency(7, size, komatsu.tree()), checkpoint).encode(),
        new AddCheckpoint(size, List.of(), checkpoint).encode());
  }

  private static List<byte[]> receipts() {
    List<byte[]> receipts = new ArrayList<>();
    TestChain komatsu = FED.chain(KOMATSU);
    SignedCheckpoint checkpoint = checkpoint(komatsu);
    long size = checkpoint.checkpoint().size();
    for (int index = 0; index < size; index++) {
      List<Hash> path = Proofs.inclusion(index, size, komatsu.tree());
      byte[] leaf = komatsu.entries().get(index).bytes();
      receipts.add(new TlogProof(Optional.of(leaf), index, path, checkpoint).encode());
      receipts.add(new TlogProof(Optional.empty(), index, path, checkpoint).encode());
    }
    return receipts;
  }

  @Test
  void notes() {
    List<byte[]> notes = new ArrayList<>();
    orders().forEach(order -> notes.add(order.bytes()));
    checkpoints().forEach(checkpoint -> notes.add(checkpoint.encode()));
    Fuzz.of("note", notes).run(bytes -> SignedNote.parse(bytes).encode());
  }

  @Test
  void conflictProofs() {
    TestChain komatsu = FED.chain(KOMATSU);
    SignedCheckpoint newest = checkpoint(komatsu);
    Checkpoint tree = newest.checkpoint();
    Hash another = Hash.of(new byte[Hash.BYTES]);
    Signer log = FED.signer(tree.origin());
    SignedCheckpoint same =
        SignedCheckpoint.sign(
            new Checkpoint(tree.origin(), tree.size(), another), Ed25519.TYPE, log);
    SignedCheckpoint smaller =
        SignedCheckpoint.sign(new Checkpoint(tree.origin(), 7, another), Ed25519.TYPE, log);
    List<byte[]> proofs =
        List.of(
            ConflictProof.of(newest, same).encode(),
            ConflictProof.of(smaller, newest, komatsu.tree()).encode());
    Fuzz.of("conflict proof", proofs).run(bytes -> ConflictProof.parse(bytes).encode());
  }

  @Test
  void recoveries() {
    String federation = FED.directory().federation();
    List<VerifierKey> seats = FED.directory().entry(KOMATSU).seats().keys();
    List<byte[]> notes =
        List.of(
            FED.sign(new Recovery.Seat(federation, KOMATSU, 1, seats, "lost keys")).bytes(),
            FED.sign(new Recovery.Close(federation, KOMATSU, 1, KANAZAWA, "merged")).bytes());
    Fuzz.of("recovery", notes)
        .run(bytes -> {
          SignedRecovery read = SignedRecovery.parse(bytes);
          return new SignedNote(read.recovery().text(), read.note().signatures()).encode();
        });
  }

  @Test
  void cosignatures() {
    SignedCheckpoint signed = checkpoint(FED.chain(KOMATSU));
    VerifierKey seat = FED.directory().entry(KOMATSU).seats().keys().getFirst();
    byte[] lines = NoteSignature.encodeLines(signed.note().signatures());
    Fuzz.of("cosignatures", List.of(lines))
        .run(bytes -> {
          List<NoteSignature> signatures = NoteSignature.parseLines(bytes);
          for (NoteSignature line : signatures) {
            if (Cosignature.verify(signed.checkpoint(), seat, TestKeys.CHEAP, line)) {
              assertTrue(Cosignature.timestampSeconds(line) > 0);
            }
          }
          return NoteSignature.encodeLines(signatures);
        });
  }

  @Test
  void verifierKeys() {
    List<byte[]> keys = new ArrayList<>();
    FED.directory()
        .entry(KOMATSU)
        .seats()
        .keys()
        .forEach(key -> keys.add(key.format().getBytes(UTF_8)));
    Fuzz.of("verifier key", keys).runTexts(text -> VerifierKey.parse(text).format());
  }

  @Test
  void checkpointTexts() {
    Fuzz.of(
            "checkpoint",
            checkpoints().stream().map(c -> c.checkpoint().text().getBytes(UTF_8)).toList())
        .runTexts(text -> Checkpoint.parse(text).text());
  }

  @Test
  void signedCheckpoints() {
    Fuzz.of("signed checkpoint", checkpoints().stream().map(SignedCheckpoint::encode).toList())
        .run(bytes -> {
          SignedCheckpoint signed = SignedCheckpoint.parse(bytes);
          FED.directory().entry(KOMATSU).seats().approvedAt(signed, TestKeys.CHEAP);
          return signed.encode();
        });
  }

  @Test
  void addCheckpointBodies() {
    Execution nothing =
        new Execution() {
          @Override
          public @Nullable Sealed sealed(ChainId chain, long size) {
            return null;
          }

          @Override
          public boolean handedOver(ChainId chain, long handover) {
            return false;
          }
        };
    CosignerRules rules = new CosignerRules(FED.directory(), TestKeys.CHEAP, nothing);
    Fuzz.of("add-checkpoint", addCheckpoints())
        .run(bytes -> {
          AddCheckpoint request = AddCheckpoint.parse(bytes);
          assertFalse(
              rules.check(request, CosignerRules.Signed.NOTHING, TestFederation.START)
                  instanceof CosignerRules.Verdict.Sign);
          return request.encode();
        });
  }

  @Test
  void proofs() {
    Fuzz.of("tlog-proof", receipts()).run(bytes -> TlogProof.parse(bytes).encode());
  }

  @Test
  void receiptsAreAlwaysAnswered() {
    Fuzz.of("receipt", receipts())
        .run(bytes -> {
          assertNotNull(Receipt.check(bytes, FED.directory(), TestKeys.CHEAP, TestKeys.CHEAP));
          return null;
        });
  }

  @Test
  void tilePaths() {
    Fuzz.of(
            "tile path",
            "tile/0/000",
            "tile/3/x001/x234/067",
            "tile/0/x001/234.p/255",
            "tile/63/000.p/1",
            "tile/entries/x001/x234/067",
            "tile/entries/000.p/12")
        .runTexts(text -> TilePath.parse(text).format());
  }

  @Test
  void entryBundles() {
    List<byte[]> bundles = new ArrayList<>();
    for (int width : new int[] {1, 3, 256}) {
      List<byte[]> entries = new ArrayList<>();
      for (int i = 1; i < width; i++) {
        entries.add(leaves().get(i % 5));
      }
      entries.addFirst(new byte[] {(byte) width}); // says how many there are
      bundles.add(EntryBundle.encode(entries));
    }
    Fuzz.of("entry bundle", bundles)
        .run(bytes -> {
          int width = bytes.length < 3 ? 1 : (bytes[2] - 1 & 0xff) + 1;
          List<byte[]> entries = EntryBundle.parse(bytes, width);
          assertEquals(width, entries.size());
          return EntryBundle.encode(entries);
        });
  }

  @Test
  void frontiers() {
    List<byte[]> frontiers = new ArrayList<>();
    for (long size : new long[] {0, 1, 6, 11}) {
      frontiers.add(Frontier.of(size, FED.chain(KOMATSU).tree()).encode());
    }
    Fuzz.of("frontier", frontiers).run(bytes -> Frontier.decode(bytes).encode());
  }

  @Test
  void orderTexts() {
    Fuzz.of("order text", orders().stream().map(o -> o.order().text().getBytes(UTF_8)).toList())
        .runTexts(text -> Order.parse(text).text());
  }

  @Test
  void signedOrders() {
    Fuzz.of("signed order", orders().stream().map(SignedOrder::bytes).toList())
        .run(bytes -> {
          SignedOrder signed = SignedOrder.parse(bytes);
          assertEquals(signed.note().text(), signed.order().text());
          return SignedOrder.of(signed.note()).bytes();
        });
  }

  @Test
  void leafTexts() {
    Fuzz.of("leaf", ofEveryKind()).run(bytes -> LeafText.encode(LeafText.parse(bytes)));
  }

  @Test
  void orderedActions() {
    TestChain komatsu = FED.chain(KOMATSU);
    Action.Proof proof = komatsu.proof(3, komatsu.tree().size());
    Action.Citation citation = new Action.Citation(3, 9, proof);
    TransferId transfer = new TransferId(KOMATSU, 3);
    List<Action> actions =
        List.of(
            new Action.Genesis(Hash.of(new byte[Hash.BYTES])),
            new Action.Submit(orders().getFirst(), new byte[32], 5, citation),
            new Action.Conclude(transfer, OutcomeKind.EXPIRED, citation),
            new Action.RecordCheckpoint(KOMATSU, 1, checkpoint(komatsu).checkpoint(), proof.path()),
            new Action.Settle(KANAZAWA, 9, List.of(new Action.Item(3, 4, proof))),
            new Action.Seal(7));
    Fuzz.of("ordered action", actions.stream().map(FuzzedParsersTest::wire).toList())
        .run(bytes -> {
          Wire.Reader in = new Wire.Reader(bytes);
          Action action = ActionWire.read(in);
          return in.hasMore() ? null : wire(action);
        });
  }

  private static byte[] wire(Action action) {
    Wire out = new Wire(64);
    ActionWire.write(out, action);
    return out.toBytes();
  }

  @Test
  void names() {
    Fuzz.of("chain", "Asia", "Asia-Komatsu", "a-b_c").runTexts(text -> ChainId.of(text).value());
    Fuzz.of("account", "Asia-Komatsu/k3v9q2mw", "a-b/0000")
        .runTexts(text -> AccountId.of(text).toString());
    Fuzz.of("posted account", "A-b/~issued", "A-b/~clearing.Asia-Komatsu", "A-b/~holds", "A-b/aaaa")
        .runTexts(text -> AccountId.posted(text).toString());
    Fuzz.of("transfer", "Asia-Komatsu:1234", "A-b:0")
        .runTexts(text -> TransferId.of(text).toString());
    Fuzz.of("order id", "019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10")
        .runTexts(text -> OrderId.of(text).toString());
  }

  @Test
  void numbers() {
    Fuzz.of("amount", "200.00", "-0.50", "0.00", "92233720368547758.07")
        .runTexts(text -> Money.of(text).toString());
    Fuzz.of("amount of people", "200", "200.5", "-0.50")
        .runTexts(text -> {
          Money amount = Money.lenient(text);
          assertEquals(amount, Money.of(amount.toString()));
          return null;
        });
    Fuzz.of("decimal", "0", "9223372036854775807")
        .runTexts(text -> Long.toString(Decimal.parse(text)));
    Fuzz.of("seconds", "2026-11-22T10:00:01Z", "2028-02-29T23:59:59Z")
        .runTexts(text -> Timestamp.seconds(Timestamp.parseSeconds(text)));
    Fuzz.of("millis", "2026-11-22T10:00:01.123Z")
        .runTexts(text -> Timestamp.millis(Timestamp.parseMillis(text)));
  }

  @Test
  void base64() {
    Fuzz.of("base64", "", "AA==", "AAA=", "AAAA", "+/+/")
        .runTexts(text -> CanonicalBase64.encode(CanonicalBase64.decode(text)));
    Fuzz.of("hash", "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=")
        .runTexts(text -> Hash.parse(text).base64());
  }

  /** A signature that was changed, and whatever stands in its place, is just not valid. */
  @Test
  void signatures() {
    Signer one = TestKeys.ed25519("fuzz");
    verifies("Ed25519", new Ed25519(16), one, Ed25519.PUBLIC_KEY_BYTES, 5_000);
    Signer two = TestKeys.mlDsa44("fuzz");
    verifies("ML-DSA-44", new MlDsa44(), two, MlDsa44.PUBLIC_KEY_BYTES, 500);
  }

  private static void verifies(
      String what, SignatureScheme scheme, Signer signer, int keyBytes, int cases) {
    byte[] message = {1, 2, 3};
    byte[] signed = both(signer.publicKey(), signer.sign(message));
    Fuzz.of(what, List.of(signed))
        .cases(cases)
        .run(bytes -> {
          int end = Math.min(keyBytes, bytes.length);
          byte[] signature = Arrays.copyOfRange(bytes, end, bytes.length);
          boolean valid = scheme.verify(Arrays.copyOf(bytes, end), message, signature);
          assertEquals(Arrays.equals(bytes, signed), valid);
          return null;
        });
  }

  private static byte[] both(byte[] key, byte[] signature) {
    byte[] both = Arrays.copyOf(key, key.length + signature.length);
    System.arraycopy(signature, 0, both, key.length, signature.length);
    return both;
  }

  /** What is not what execution writes is refused, and the replica stays where it was. */
  @Test
  void leavesOfAReplica() {
    List<byte[]> leaves = PublishedFiles.leaves(FED.chain(KOMATSU));
    Map<ChainId, LogReader> logs = new HashMap<>();
    FED.chains().forEach(chain -> logs.put(chain.id(), reader(chain)));
    Origins origins = new Evidence(logs, found -> {});
    for (int size : new int[] {0, 2, 4, leaves.size() - 2}) {
      AtomicReference<Replica> last = new AtomicReference<>();
      Fuzz.of("leaf " + size + " of a replica", leaves.subList(size, size + 1))
          .refusingWith(DivergedException.class)
          .run(bytes -> {
            Replica replica = last.get();
            if (replica == null || replica.size() != size) {
              replica = new Replica(KOMATSU, FED.directory(), TestKeys.CHEAP, origins);
              leaves.subList(0, size).forEach(replica::execute);
              last.set(replica);
            }
            replica.execute(bytes);
            assertEquals(size + 1, replica.size());
            return null;
          });
    }
  }

  private static LogReader reader(TestChain chain) {
    PublishedFiles files = PublishedFiles.of(FED, chain);
    return new LogReader(
        FED.directory().entry(chain.id()),
        files,
        TestKeys.CHEAP,
        TestKeys.CHEAP,
        new LogReader.Room(64, 256),
        null,
        seen -> {});
  }

  /** Komatsu's first term is over, and who sat in the second was replaced by its quorum. */
  private static TestFederation withTerms() {
    TestFederation fed = TestFederation.with(Policy.standard().with(new Policy.Term(4, 1, 0)));
    FollowedFederation followed = new FollowedFederation(fed);
    AccountId a = fed.open(KOMATSU, "aaaa", "10.00");
    AccountId b = fed.open(KANAZAWA, "bbbb");
    TransferId transfer = fed.send(a, b, "5.00");
    followed.record(KANAZAWA, KOMATSU);
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = fed.directory().origin(KOMATSU) + "/rescue" + i;
      seats.add(TestKeys.cosigner(name, fed.seatSigner(name)));
    }
    TestChain komatsu = fed.chain(KOMATSU);
    Recovery.Seat lost =
        new Recovery.Seat(
            TestFederation.ID, KOMATSU, komatsu.head().term(), seats, "they lost their keys");
    komatsu.accepted(fed.now(), new Action.Recover(fed.sign(lost)));
    fed.receive(b, transfer);
    followed.record(KOMATSU, KANAZAWA);
    fed.settle(KANAZAWA, transfer);
    followed.record(KANAZAWA, KOMATSU);
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    return fed;
  }

  private static Map<ChainId, PublishedFiles> published(TestFederation fed) {
    Map<ChainId, PublishedFiles> published = new HashMap<>();
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
    return published;
  }

  /** Files that lie are findings, never the end of the audit. */
  @Test
  void filesOfAnAudit() {
    TestFederation fed = withTerms();
    Map<ChainId, PublishedFiles> published = published(fed);
    Map<String, byte[]> komatsu = Objects.requireNonNull(published.get(KOMATSU)).files;
    Set<String> paths = new TreeSet<>(komatsu.keySet());
    assertTrue(paths.containsAll(Set.of("term/1", "term/2")), paths::toString);
    assertTrue(paths.remove("term/3")); // ends with the checkpoint itself, and counts with the next
    for (String path : paths) {
      byte[] honest = Objects.requireNonNull(komatsu.get(path));
      Fuzz.of("audited " + path, List.of(honest))
          .cases(150)
          .run(bytes -> {
            komatsu.put(path, bytes);
            AuditReport report =
                new FederationAudit(
                        fed.directory(),
                        CHEAP,
                        chain -> Objects.requireNonNull(published.get(chain)))
                    .run(chains -> chains.forEach(Runnable::run), more -> {});
            assertTrue(!report.findings().isEmpty() || saysTheSame(fed, path, honest, bytes));
            return null;
          });
      komatsu.put(path, honest);
    }
  }

  /** Of signatures some may be missing, or of other keys: the log's and a quorum's are enough. */
  private static boolean saysTheSame(
      TestFederation fed, String path, byte[] honest, byte[] changed) {
    if (path.equals("checkpoint")) {
      return isApproved(fed, SignedCheckpoint.parse(honest), SignedCheckpoint.parse(changed));
    }
    if (path.startsWith("term/")) {
      TlogProof before = TlogProof.parse(honest);
      TlogProof now = TlogProof.parse(changed);
      return Arrays.equals(before.extra().orElseThrow(), now.extra().orElse(null))
          && before.index() == now.index()
          && before.proof().equals(now.proof())
          && isApproved(fed, before.checkpoint(), now.checkpoint());
    }
    return Arrays.equals(honest, changed);
  }

  private static boolean isApproved(
      TestFederation fed, SignedCheckpoint honest, SignedCheckpoint changed) {
    TestChain komatsu = fed.chain(KOMATSU);
    boolean quorum = false;
    for (long term = 1; term <= komatsu.head().term(); term++) {
      Seats seats = Objects.requireNonNull(komatsu.state().get(new Key.OfTerm(term))).seats();
      quorum |=
          seats.approvedAt(honest, TestKeys.CHEAP).isPresent()
              && seats.approvedAt(changed, TestKeys.CHEAP).isPresent();
    }
    return quorum
        && changed.checkpoint().equals(honest.checkpoint())
        && changed.isSignedByLog(fed.directory().entry(KOMATSU).logKey(), TestKeys.CHEAP);
  }

  @Test
  void livesAreAlwaysAnswered() {
    TestFederation fed = withTerms();
    Map<ChainId, PublishedFiles> published = published(fed);
    TransferId sent = new TransferId(KOMATSU, 3);
    byte[] life =
        new LifeFinder(
                fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)))
            .find(sent)
            .orElseThrow();
    Fuzz.of("life", List.of(life))
        .cases(1_000)
        .run(bytes -> {
          LifeReceipt.Result result =
              LifeReceipt.check(bytes, fed.directory(), TestKeys.CHEAP, TestKeys.CHEAP);
          if (result instanceof LifeReceipt.Result.Proven proven) {
            assertEquals(Money.of("5.00"), proven.life().offer().amount());
          }
          return null;
        });
    Fuzz.of("hand-overs of a life", List.of(life))
        .cases(1_000)
        .run(bytes -> {
          assertNotNull(LifeReceipt.handovers(bytes, KOMATSU));
          return null;
        });
  }

  /** Wherever one is kept, and in a list of lists. */
  @Test
  void listsOfGivenUpHistories() {
    String name = "0123456789abcdef".repeat(4);
    Fuzz.of("list of given-up histories", name + "\n", name + "@0\n" + name + "@1@99\nno name\n")
        .cases(1_500)
        .run(bytes -> {
          PublishedLog place = path -> path.equals(GivenUpFiles.LIST) ? bytes : new byte[0];
          PublishedLog joined = GivenUpFiles.joined(place, List.of(place, place));
          byte[] list = joined.file(GivenUpFiles.LIST);
          for (String placed : list == null ? List.<String>of() : GivenUpFiles.placedNames(list)) {
            assertNotNull(joined.file(GivenUpFiles.path(placed, "checkpoint")));
          }
          for (String placed : GivenUpFiles.placedNames(bytes)) {
            byte[] _ = joined.file(GivenUpFiles.path(placed, "checkpoint"));
          }
          return null;
        });
  }
}
