package aika.node.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.FederationAudit;
import aika.core.audit.GivenUpFiles;
import aika.core.audit.PublishedLog;
import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Policy;
import aika.core.ledger.Recovery;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedRecovery;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.EntryBundle;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.core.note.NoteSignature;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.TestFederation;
import aika.node.approve.Approver;
import aika.node.config.DurableFile;
import aika.node.config.HeldKey;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.Approvals;
import aika.node.store.ShardStore;
import aika.node.store.StoreSettings;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A copy of a chain with short terms, from sources that break, forge and withhold. */
@Timeout(120)
final class MirrorTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final int TERM_BLOCKS = 3;
  private static final int PEOPLE = 12;

  private static final long TIME = 1_800_000_000_000L;

  @TempDir Path data;

  private final TestFederation federation =
      new TestFederation(Policy.standard().with(new Policy.Term(4, TERM_BLOCKS, 0)));
  private final Ed25519 ed25519 = new Ed25519(64);
  private Shard shard;
  private Approver approver;
  private Chain original;
  private MirrorStore store;
  private Mirror mirror;

  @BeforeEach
  void start() throws InterruptedException {
    shard =
        Shard.start(
            new ShardSettings(
                "test",
                data.resolve("shard"),
                List.of(KOMATSU),
                5,
                10_000,
                StoreSettings.standard(),
                ShardSettings.Log.STANDARD),
            federation.directory,
            ed25519,
            System::currentTimeMillis);
    approver =
        new Approver(
            shard,
            federation.directory,
            federation.logKeys,
            Objects.requireNonNull(federation.seats.get(KOMATSU)),
            ed25519,
            System::currentTimeMillis);
    approver.start();
    original = shard.chain(KOMATSU);
    for (int i = 0; i < PEOPLE; i++) {
      open("person" + i + "00");
    }
    assertTrue(original.head().term() > 3, "several terms");
    openMirror();
  }

  @AfterEach
  void stop() {
    store.close();
    approver.close();
    shard.close();
  }

  /** A resident more, in an approved block. */
  private void open(String local) throws InterruptedException {
    assertNotNull(shard.submit(federation.open(federation.person(KOMATSU, local)), null));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    long size = original.size();
    for (long seen = shard.changes().version();
        original.approvedSize() < size;
        seen = shard.changes().version()) {
      assertTrue(System.nanoTime() < deadline, "not approved");
      shard.changes().await(seen, 100);
    }
  }

  private void openMirror() {
    store =
        MirrorStore.open(data.resolve("mirror"), StoreSettings.standard(), new KeptHistories(data));
    mirror = new Mirror(store, federation.directory, KOMATSU, ed25519, new MlDsa44());
  }

  private byte @Nullable [] published(String path) {
    if (path.equals("checkpoint")) {
      return newest().encode();
    }
    if (path.startsWith("term/")) {
      TlogProof handover = original.handover(Long.parseLong(path.substring("term/".length())));
      return handover == null ? null : handover.encode();
    }
    return original.file(TilePath.parse(path));
  }

  private SignedCheckpoint newest() {
    return Objects.requireNonNull(original.approved());
  }

  /** [NBR-19] All that was published of it is kept, for those who execute what rests on it. */
  private void assertKept() {
    KeptHistories kept = new KeptHistories(data);
    String name = GivenUpFiles.name(newest().checkpoint());
    byte[] list = Objects.requireNonNull(kept.file(KOMATSU, GivenUpFiles.LIST));
    assertEquals(List.of(name), GivenUpFiles.names(list));
    List<String> files = new ArrayList<>(List.of("checkpoint", "term/1", "term/2", "term/3"));
    long size = original.approvedSize();
    for (long i = 0; TilePath.widthAt(0, i, size) > 0; i++) {
      files.add(new TilePath.Entries(i, TilePath.widthAt(0, i, size)).format());
      files.add(new TilePath.Hashes(0, i, TilePath.widthAt(0, i, size)).format());
    }
    for (String file : files) {
      assertArrayEquals(published(file), kept.file(KOMATSU, GivenUpFiles.path(name, file)), file);
    }
  }

  private boolean pull(PublishedLog from) {
    return mirror.pull(from, newest());
  }

  private void assertSame() {
    Chain copy = mirror.chain();
    assertEquals(original.approvedSize(), copy.approvedSize());
    for (long i = 0; i < copy.approvedSize(); i++) {
      assertEquals(original.entry(i).hash(), copy.entry(i).hash());
    }
    for (long term = 1; term < original.head().term(); term++) {
      assertEquals(original.termEnd(term), copy.termEnd(term), "end of term " + term);
    }
  }

  @Test
  void hasEverythingAndGoesOnAfterARestart() throws InterruptedException {
    assertTrue(pull(this::published));
    assertSame();
    store.close();
    openMirror();
    assertSame();
    open("later000");
    assertTrue(pull(this::published));
    assertSame();
  }

  /** The source is away at the first question, then at the second, and so on. */
  @Test
  void aSourceThatBreaksAtAnyQuestionLosesNothing() {
    boolean whole = false;
    for (int after = 0; !whole; after++) {
      int[] left = {after};
      try {
        whole =
            pull(path -> {
              if (left[0]-- == 0) {
                throw new UnreadableLogException("away", new IOException("away"));
              }
              return published(path);
            });
        whole = mirror.chain().approvedSize() == original.approvedSize();
      } catch (UnreadableLogException away) {
        assertTrue(mirror.chain().approvedSize() < original.approvedSize());
      }
    }
    assertSame();
  }

  @Test
  void leavesThatACrashTookAwayAreOnlyReplacedByWhatWasApproved() throws IOException {
    assertTrue(pull(this::published));
    store.close();
    try (Stream<Path> files = Files.walk(data.resolve("mirror/leaves"))) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file); // approvals are synced at once, leaves are not
      }
    }
    openMirror();
    assertEquals(0, mirror.chain().approvedSize());

    // a shorter tree of one's own, which nobody signed
    List<byte[]> forged = new ArrayList<>();
    Frontier frontier = new Frontier();
    for (long i = 0; i < 4; i++) {
      forged.add(original.entry(4 - i).bytes());
      frontier.append(Merkle.leafHash(forged.getLast()));
    }
    String origin = federation.directory.origin(KOMATSU);
    SignedCheckpoint unsigned =
        SignedCheckpoint.sign(
            new Checkpoint(origin, 4, frontier.root()), Ed25519.TYPE, Ed25519.signer(new byte[32]));
    PublishedLog forger =
        path -> path.startsWith("tile/entries/") ? EntryBundle.encode(forged) : null;
    assertThrows(RuntimeException.class, () -> mirror.pull(forger, unsigned));
    assertEquals(0, mirror.chain().size());
    assertNull(mirror.chain().approvedAt(4));

    assertTrue(pull(this::published));
    assertSame();
    // nothing is learnt from it either when all is here again
    assertEquals(false, mirror.pull(forger, unsigned));
    assertNull(mirror.chain().approvedAt(4));
    assertSame();
  }

  @Test
  void anotherLeafOrCheckpointIsRefused() {
    MirrorException leaf =
        assertThrows(
            MirrorException.class,
            () ->
                pull(path -> {
                  byte[] file = published(path);
                  if (file != null && path.startsWith("tile/entries/")) {
                    file[file.length - 2] ^= 1;
                  }
                  return file;
                }));
    assertNotNull(leaf.getMessage());
    assertTrue(mirror.chain().approvedSize() < original.approvedSize());

    SignedCheckpoint newest = newest();
    Checkpoint longer =
        new Checkpoint(
            newest.checkpoint().origin(),
            newest.checkpoint().size() + 1,
            newest.checkpoint().root());
    SignedCheckpoint byLogOnly =
        SignedCheckpoint.sign(
            longer, Ed25519.TYPE, Objects.requireNonNull(federation.logKeys.get(KOMATSU)).signer());
    MirrorException quorum =
        assertThrows(MirrorException.class, () -> mirror.pull(this::published, byLogOnly));
    assertTrue(quorum.toString().contains("no quorum"), quorum::toString);
    boolean _ = pull(this::published); // nothing more when a term ends with the newest block
    assertSame();
  }

  // ------------------------------------------------------------------ another history

  private static final long BRANCHES_IN_TERM = 2;

  private List<HeldKey> newSeats() {
    List<HeldKey> held = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      Signer signer = MlDsa44.signer(MlDsa44.generate(new SecureRandom()));
      String name = "test.example/Asia-Komatsu/rescue-" + i;
      held.add(new HeldKey(new VerifierKey(name, Cosignature.TYPE, signer.publicKey()), signer));
    }
    return held;
  }

  /** What the quorum writes to seat these in the place of the second term. */
  private Leaf recovered(List<HeldKey> seats, int signers) {
    List<VerifierKey> keys = seats.stream().map(HeldKey::key).toList();
    Recovery seat =
        new Recovery.Seat(
            federation.directory.federation(), KOMATSU, BRANCHES_IN_TERM, keys, "two histories");
    HeldKey first = Objects.requireNonNull(federation.recovery.get(KOMATSU)).getFirst();
    SignedNote note =
        SignedNote.sign(seat.text(), first.key().name(), Ed25519.TYPE, first.signer());
    for (HeldKey more :
        Objects.requireNonNull(federation.recovery.get(KOMATSU)).subList(1, signers)) {
      note = note.signedBy(more.key().name(), Ed25519.TYPE, more.signer());
    }
    return new Leaf.Recovered(TIME, SignedRecovery.parse(note.encode()));
  }

  /** The first leaves of the original, then this one and a seal, approved by these. */
  private PublishedLog branch(long common, Leaf last, List<HeldKey> seats) {
    List<byte[]> leaves = new ArrayList<>();
    for (long i = 0; i < common; i++) {
      leaves.add(original.entry(i).bytes());
    }
    leaves.add(LeafText.encode(last));
    leaves.add(original.entry(original.size() - 1).bytes());
    MerkleTree tree = new MerkleTree();
    ByteBuffer tile = ByteBuffer.allocate(leaves.size() * Hash.BYTES);
    for (byte[] leaf : leaves) {
      tree.append(Merkle.leafHash(leaf));
      tile.put(Merkle.leafHash(leaf).bytes());
    }
    long size = tree.size();
    Checkpoint checkpoint = new Checkpoint(federation.directory.origin(KOMATSU), size, tree.root());
    List<NoteSignature> lines = new ArrayList<>();
    for (HeldKey seat : seats) {
      lines.add(Cosignature.sign(checkpoint, seat.key().name(), TIME / 1_000, seat.signer()));
    }
    Signer log = Objects.requireNonNull(federation.logKeys.get(KOMATSU)).signer();
    SignedCheckpoint signed =
        SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, log).withSignatures(lines);
    byte[] proof =
        new TlogProof(
                Optional.of(LeafText.encode(last)),
                common,
                Proofs.inclusion(common, size, tree),
                signed)
            .encode();
    Map<String, byte[]> files =
        Map.of(
            "term/" + BRANCHES_IN_TERM,
            proof,
            new TilePath.Hashes(0, 0, (int) size).format(),
            tile.array());
    return path -> path.equals("term/1") ? published(path) : files.get(path);
  }

  private long begin() {
    return Objects.requireNonNull(original.handover(1)).checkpoint().checkpoint().size();
  }

  private int quorum() {
    return Objects.requireNonNull(federation.recovery.get(KOMATSU)).size() / 2 + 1;
  }

  /** [NBR-5] */
  @Test
  void onlyTheQuorumsDecisionForAnotherHistoryGivesTheCopyUp() {
    assertTrue(pull(this::published));
    List<HeldKey> seats = newSeats();
    Leaf decision = recovered(seats, quorum());
    TlogProof chosen = mirror.chosenInstead(branch(begin(), decision, seats));
    assertEquals(
        BRANCHES_IN_TERM + 1,
        Objects.requireNonNull(Mirror.decided(Objects.requireNonNull(chosen))).set().term());

    assertThrows(
        MalformedException.class,
        () -> mirror.chosenInstead(branch(begin(), recovered(seats, 1), seats)));
    assertThrows(
        MalformedException.class,
        () -> mirror.chosenInstead(branch(begin(), decision, newSeats())));
    List<VerifierKey> keys = seats.stream().map(HeldKey::key).toList();
    Leaf elected = new Leaf.Elected(TIME, new Seats(BRANCHES_IN_TERM + 1, keys), List.of());
    assertNull(mirror.chosenInstead(branch(begin(), elected, seats)));
    assertNull(mirror.chosenInstead(path -> null));
    assertNull(mirror.chosenInstead(this::published), "the same history");
  }

  /** More of the same history is no other one, whoever decided. */
  @Test
  void whatContinuesTheCopyDoesNotGiveItUp() {
    long all = newest().checkpoint().size();
    SignedCheckpoint early = Objects.requireNonNull(original.handover(1)).checkpoint();
    mirror.pull(this::published, early);
    List<HeldKey> seats = newSeats();
    assertTrue(mirror.readable() < all);
    assertNull(mirror.chosenInstead(branch(mirror.readable(), recovered(seats, quorum()), seats)));
  }

  /** The quorum has decided for another history; the next start drops the copy. */
  private GivenUpCopies giveUp() {
    List<HeldKey> seats = newSeats();
    TlogProof decision = mirror.chosenInstead(branch(begin(), recovered(seats, quorum()), seats));
    GivenUpCopies givenUp = new GivenUpCopies(data.resolve("mirror"));
    givenUp.add(KOMATSU, Objects.requireNonNull(decision));
    return givenUp;
  }

  private void assertDropped(GivenUpCopies givenUp) {
    assertEquals(0, mirror.chain().size());
    assertNull(mirror.chain().approved());
    assertNull(mirror.chain().handover(1));
    assertEquals(Set.of(), givenUp.chains());
    assertNotNull(givenUp.chosen(KOMATSU));
  }

  @Test
  void whatWasGivenUpIsDroppedAtTheNextStart() {
    assertTrue(pull(this::published));
    GivenUpCopies givenUp = giveUp();
    assertSame();
    store.close();
    openMirror();
    assertDropped(givenUp);
    assertKept();

    // whoever still shows the old history gives nothing, also after another start
    assertThrows(MirrorException.class, () -> pull(this::published));
    store.close();
    openMirror();
    assertThrows(MirrorException.class, () -> pull(this::published));
    assertEquals(0, mirror.chain().size());

    givenUp.reached(KOMATSU);
    store.close();
    openMirror();
    assertTrue(pull(this::published));
    assertSame();
    store.close();
    openMirror();
    assertSame();
  }

  // ---- histories that are kept [NBR-19]

  /**
   * What a crash leaves on the disk behind each step of keeping a history and dropping its copy.
   */
  @Test
  void aCrashBetweenKeepingAndDroppingChangesNothing() throws IOException {
    assertTrue(pull(this::published));
    GivenUpCopies givenUp = giveUp();
    store.close();
    Path copy = data.resolve("mirror");
    Path given = data.resolve("before");
    DurableFile.copyTree(copy, given);
    openMirror();
    assertDropped(givenUp);
    Path kept = data.resolve(KeptHistories.DIRECTORY);
    Path files = kept.resolve(KOMATSU.value());
    Path history =
        files.resolve(GivenUpFiles.DIRECTORY).resolve(GivenUpFiles.name(newest().checkpoint()));
    Step unlisted = () -> Files.delete(files.resolve(GivenUpFiles.LIST));
    Step inPart =
        () -> {
          unlisted.leave();
          DurableFile.deleteTree(history.resolve("term"));
          DurableFile.deleteTree(history.resolve("tile/0"));
          Files.delete(history.resolve("checkpoint"));
          Files.write(history.resolve(".checkpoint1.part"), new byte[1]);
        };
    Step withoutLeaves =
        () -> {
          try (ShardStore leaves =
              ShardStore.open(copy.resolve("leaves"), StoreSettings.standard())) {
            leaves.drop(KOMATSU);
          }
        };
    Step withoutBoth =
        () -> {
          withoutLeaves.leave();
          try (Approvals approvals = Approvals.open(copy.resolve("approvals"))) {
            approvals.drop(KOMATSU);
          }
        };
    Logger logger = (Logger) LoggerFactory.getLogger(KeptHistories.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    for (Step step : List.of(inPart, unlisted, () -> {}, withoutLeaves, withoutBoth)) {
      store.close();
      DurableFile.deleteTree(copy);
      DurableFile.copyTree(given, copy);
      step.leave();
      openMirror();
      assertDropped(givenUp);
      assertKept();
    }
    logger.detachAppender(lines);
    assertEquals(
        List.of(), lines.list.stream().filter(line -> line.getLevel() == Level.ERROR).toList());

    givenUp.reached(KOMATSU);
    store.close();
    openMirror();
    assertTrue(pull(this::published));
    assertSame();
    assertKept();
  }

  /** Ends as a crash does. */
  @FunctionalInterface
  private interface Step {
    void leave() throws IOException;
  }

  private KeptHistories kept(String name) {
    return new KeptHistories(data.resolve(name));
  }

  private void keep(KeptHistories into, PublishedLog log) {
    FederationAudit.Schemes schemes = new FederationAudit.Schemes(ed25519, ed25519, new MlDsa44());
    into.keep(KOMATSU, log, federation.directory, schemes, StoreSettings.standard());
  }

  private static List<String> names(KeptHistories kept) {
    byte[] list = kept.file(KOMATSU, GivenUpFiles.LIST);
    return list == null ? List.of() : GivenUpFiles.names(list);
  }

  @Test
  void whatAnotherNodeKeepsIsTakenOverWhenItHolds() throws IOException {
    KeptHistories taken = kept("taken");
    for (String lost : List.of("checkpoint", "tile/entries/", "term/1")) {
      PublishedLog lies =
          path -> {
            byte[] file = published(path);
            return path.startsWith(lost) && file != null ? new byte[file.length] : file;
          };
      assertThrows(UnreadableLogException.class, () -> keep(taken, lies), lost);
      assertEquals(List.of(), names(taken));
    }
    keep(taken, this::published);
    assertEquals(List.of(GivenUpFiles.name(newest().checkpoint())), names(taken));
    byte[] first = taken.file(KOMATSU, GivenUpFiles.path(names(taken).getFirst(), "term/1"));
    assertArrayEquals(published("term/1"), first);

    // what a disk has damaged is replaced
    Path file =
        data.resolve("taken/given-up")
            .resolve(KOMATSU.value())
            .resolve(GivenUpFiles.path(names(taken).getFirst(), "term/1"));
    Files.write(file, new byte[100]);
    keep(taken, this::published);
    assertArrayEquals(published("term/1"), Files.readAllBytes(file));
  }

  @Test
  void copiesOfWhatIsKeptAddToEachOther() throws Exception {
    KeptHistories one = kept("one");
    KeptHistories other = kept("other");
    keep(one, this::published);
    String first = names(one).getFirst();
    open("another1");
    keep(other, this::published);
    String second = names(other).getFirst();
    Path logs = data.resolve("logs");
    one.copyInto(logs);
    other.copyInto(logs);
    one.copyInto(logs);
    Path files = logs.resolve(KOMATSU.value());
    assertEquals(
        Set.of(first, second),
        Set.copyOf(GivenUpFiles.names(Files.readAllBytes(files.resolve(GivenUpFiles.LIST)))));
    for (String name : List.of(first, second)) {
      assertTrue(Files.exists(files.resolve(GivenUpFiles.path(name, "checkpoint"))));
    }
  }

  /** At the limit and one past it. */
  @Test
  void soManyAreKeptAndNoMore() throws Exception {
    KeptHistories kept = kept("full");
    keep(kept, this::published);
    String first = names(kept).getFirst();
    List<String> names = new ArrayList<>(List.of(first));
    for (int i = 2; i < GivenUpFiles.MAX; i++) {
      names.add("%064x".formatted(i));
    }
    Path list = data.resolve("full/given-up").resolve(KOMATSU.value()).resolve(GivenUpFiles.LIST);
    Files.write(list, GivenUpFiles.list(names));
    open("another2");
    keep(kept, this::published);
    assertEquals(GivenUpFiles.MAX, names(kept).size());
    List<String> full = names(kept);
    open("another3");
    keep(kept, this::published);
    assertEquals(full, names(kept));
  }

  /** A crash before that; what is left of it is better than nothing. */
  @Test
  void ofACopyThatACrashCutShortTheRestIsKept() throws Exception {
    SignedCheckpoint early = Objects.requireNonNull(original.handover(2)).checkpoint();
    assertTrue(mirror.pull(this::published, early));
    store.close();
    Path saved = data.resolve("saved");
    Files.move(data.resolve("mirror/leaves"), saved);
    openMirror();
    assertTrue(pull(this::published));
    GivenUpCopies _ = giveUp();
    store.close();
    DurableFile.deleteTree(data.resolve("mirror/leaves"));
    Files.move(saved, data.resolve("mirror/leaves"));
    openMirror();
    assertEquals(0, mirror.chain().size());
    assertEquals(List.of(GivenUpFiles.name(early.checkpoint())), names(new KeptHistories(data)));
  }
}
