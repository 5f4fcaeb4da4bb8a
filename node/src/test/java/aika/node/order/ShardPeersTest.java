package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.CosignerRules.Signed;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.note.Ed25519;
import aika.core.note.Sha256;
import aika.node.TestFederation;
import aika.node.store.PeerStore;
import aika.node.store.Seal;
import aika.node.store.SideStore;
import aika.node.store.StoreException;
import aika.node.store.StoreSettings;
import aika.node.tls.Authority;
import aika.node.tls.CertificateMaker;
import aika.node.tls.NodeTls;
import aika.node.tls.PeerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A shard of several peers: what one has answered, all have. */
@Timeout(120)
class ShardPeersTest {
  private static final long WAIT_MILLIS = 20_000;
  private static final int SEGMENT_BYTES = (1 << 20) + 2_048;

  @TempDir Path directory;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final TestFederation.Person person = federation.person(TestFederation.KOMATSU, "tanaka");
  private final List<OrderingSettings.Peer> peers = new ArrayList<>();
  private final List<Member> running = new ArrayList<>();
  private final Map<String, PeerTls> tls = new HashMap<>();
  private final Random random = new Random();
  private final Set<Integer> taken = new HashSet<>();

  private record Member(String id, Shard shard, SideStore side, Breaking breaking)
      implements AutoCloseable {
    @Override
    public void close() {
      shard.close();
      side.close();
    }

    @Nullable String told(String key) {
      byte[] value = side.get(key);
      return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }
  }

  @AfterEach
  void stop() {
    running.parallelStream().forEach(Member::close);
  }

  @Test
  void anotherPeerGoesOnWithAllThatWasAnswered() throws Exception {
    peers.addAll(freePeers("a", "b", "c"));
    peers.forEach(peer -> start(peer.id(), true));
    Member first = leader();
    first.shard.begin();
    accepted(first, federation.open(person));
    for (int i = 0; i < 20; i++) {
      accepted(first, federation.issue(person, "1.00"));
    }
    first.side.change().put("key", bytes("sealed")).put("gone", bytes("x")).commit();
    first.side.change().delete("gone").commitErasing();
    await(() -> first.shard.chain(TestFederation.KOMATSU).lastSeal() != null);
    SignedCheckpoint approved = approve(first);

    running.remove(first);
    first.close();
    Member second = leader();
    second.shard.begin();
    assertEquals("sealed", second.told("key"));
    assertEquals(null, second.told("gone"));
    assertArrayEquals(
        approved.encode(),
        Objects.requireNonNull(second.shard.chain(TestFederation.KOMATSU).approved()).encode());
    accepted(second, federation.issue(person, "5.00"));
    second.side.change().put("key", bytes("newer")).commit();

    Member again = start(first.id(), true);
    alike(running);
    await(() -> "newer".equals(again.told("key")));
    for (Member member : running) {
      Key<Row.Account> key = new Key.OfAccount(person.account());
      Row.Account account = member.shard.chain(TestFederation.KOMATSU).get(key);
      assertEquals("25.00", Objects.requireNonNull(account).balance().toString());
    }
  }

  /** One that only leads may still be asking whether its clock is right. */
  @Test
  void theOthersKnowWhenTheOneThatLeadsHasBegun() throws Exception {
    peers.addAll(freePeers("a", "b", "c"));
    peers.forEach(peer -> start(peer.id(), true));
    Member first = leader();
    List<Shard> others =
        running.stream().filter(one -> !one.equals(first)).map(Member::shard).toList();
    await(() -> others.stream().allMatch(one -> one.leader().equals(Optional.of(first.id()))));
    assertTrue(others.stream().noneMatch(Shard::isOrderedByAnother));
    first.shard.begin();
    await(() -> others.stream().allMatch(Shard::isOrderedByAnother));
    assertFalse(first.shard.isOrderedByAnother());

    Member again = running.stream().filter(one -> !one.equals(first)).findFirst().orElseThrow();
    running.remove(again);
    again.close();
    Member restarted = start(again.id(), false); // and nothing is ordered meanwhile
    await(restarted.shard::isOrderedByAnother);

    running.remove(first);
    first.close();
    Member second = leader();
    assertTrue(running.stream().map(Member::shard).noneMatch(Shard::isOrderedByAnother));
    second.shard.begin();
    await(() -> running.stream().filter(one -> one.shard.isOrderedByAnother()).count() == 1);
  }

  /** So that one that may order comes to lead where the others may not. */
  @Test
  void whoHandsOverLetsEachHaveItsTurn() throws Exception {
    peers.addAll(freePeers("a", "b", "c"));
    peers.forEach(peer -> start(peer.id(), true));
    Set<String> led = new HashSet<>();
    for (int i = 0; i < peers.size(); i++) {
      Member now = leader();
      led.add(now.id());
      await(() ->
          now.shard.peers().stream().allMatch(peer -> peer.self() || peer.behind().orElse(1) == 0));
      assertTrue(now.shard.handOver());
      await(() -> !now.shard.leads());
    }
    assertEquals(Set.of("a", "b", "c"), led);
  }

  @Test
  void whoDoesNotLeadTakesNothing() throws Exception {
    peers.addAll(freePeers("a", "b", "c"));
    peers.forEach(peer -> start(peer.id(), true));
    Member first = leader();
    first.shard.begin();
    for (Member member : running) {
      if (!member.equals(first)) {
        assertFalse(member.shard.leads());
        assertThrows(
            OutcomeUnknownException.class,
            () -> member.shard.submit(federation.open(person), null));
        assertThrows(
            OutcomeUnknownException.class,
            () -> member.side.change().put("lost", bytes("x")).commit());
        assertEquals(null, member.told("lost"));
      }
    }
    accepted(first, federation.open(person));
    assertTrue(first.shard.handOver());
    await(() -> running.stream().anyMatch(m -> !m.equals(first) && m.shard.leads()));
    await(() -> !first.shard.leads());
    assertThrows(
        OutcomeUnknownException.class,
        () -> first.shard.submit(federation.issue(person, "1.00"), null));
  }

  /** Makes this peer lead, whoever does. */
  private void lead(Member wanted) throws InterruptedException {
    await(() -> {
      if (wanted.shard.leads()) {
        return true;
      }
      running.stream()
          .filter(m -> m.shard.leads())
          .findFirst()
          .ifPresent(m -> m.shard.handOver(wanted.id));
      return false;
    });
  }

  /** What was read in an earlier term may have been changed by who led in between. */
  @Test
  void whatWasDecidedInAnEarlierTermIsNotTaken() throws Exception {
    peers.addAll(freePeers("a", "b", "c"));
    peers.forEach(peer -> start(peer.id(), true));
    Member first = leader();
    first.shard.begin();
    accepted(first, federation.open(person));
    long term = first.shard.leadingTerm();
    SideStore then = first.side.in(term);
    then.change().put("key", bytes("first")).commit();
    Member second = running.get(first.equals(running.getFirst()) ? 1 : 0);
    lead(second);
    second.shard.begin();
    second.side.in(second.shard.leadingTerm()).change().put("key", bytes("second")).commit();
    lead(first);
    assertTrue(first.shard.leadingTerm() > term);
    first.shard.begin();
    SideStore.Change late = then.change().put("key", bytes("late"));
    OutcomeUnknownException refused = assertThrows(OutcomeUnknownException.class, late::commit);
    assertTrue(String.valueOf(refused.getMessage()).contains("not taken"), refused.getMessage());
    first.side.in(first.shard.leadingTerm()).change().put("after", bytes("x")).commit();
    for (Member member : running) {
      await(() -> "x".equals(member.told("after")));
      assertEquals("second", member.told("key"));
    }
  }

  /** Ratis sends entries to a joiner before it is one of the peers. */
  @Test
  void aJoinerThatIsStartedAgainWaitsStill() throws Exception {
    peers.addAll(freePeers("1"));
    Member alone = start("1", true);
    await(alone.shard::leads);
    alone.shard.begin();
    accepted(alone, federation.open(person));
    join(alone, "2");
    join(alone, "3");
    peers.addAll(freePeers("4", "5")); // the fifth never comes, so the fourth cannot be added
    copy(alone, "4");
    Member joiner = start("4", false);
    long copied = joiner.shard.applied();
    Thread adding =
        Thread.ofPlatform()
            .start(() -> assertThrows(OrderingException.class, () -> alone.shard.setPeers(peers)));
    accepted(alone, federation.issue(person, "1.00"));
    await(() -> joiner.shard.applied() > copied || !adding.isAlive());
    assertTrue(joiner.shard.applied() > copied, "it got no entry");
    running.remove(joiner);
    joiner.close();
    adding.join();
    Member again = start("4", false);
    assertTrue(again.shard.peers().stream().noneMatch(PeerState::self));
    accepted(alone, federation.issue(person, "1.00"));
    running.stream().filter(m -> !m.equals(again)).toList().forEach(Member::close);
    running.removeIf(m -> !m.equals(again));
    long until = System.currentTimeMillis() + 3_000; // three times the longest silence
    while (System.currentTimeMillis() < until) {
      assertTrue(again.shard.peers().stream().noneMatch(PeerState::self));
      assertFalse(again.shard.isCandidate());
      assertFalse(again.shard.leads());
      Thread.sleep(50);
    }
  }

  private void join(Member leader, String id) throws IOException {
    OrderingSettings.Peer next = freePeers(id).getFirst();
    copy(leader, id);
    peers.add(next);
    start(id, false);
    leader.shard.setPeers(peers);
  }

  /** It would show another history when it leads. */
  @Test
  void whoHasExecutedDifferentlyLeavesTheOthers() throws Exception {
    peers.addAll(freePeers("a", "b", "c"));
    start("a", true);
    start("b", true);
    Member leader = leader();
    leader.shard.begin();
    accepted(leader, federation.open(person));
    Directory same = federation.directory;
    Policy policy = same.policy();
    Directory differing =
        new Directory(
            same.federation(),
            same.fileHash(),
            same.earlierFiles(),
            new Policy(
                policy.blockEntries() - 1,
                policy.openHoldsMax(),
                policy.validMillisMax(),
                policy.crossChainMin(),
                policy.exposureMax(),
                policy.exposureSumMax()),
            same.chains());
    Member other = start("c", true, differing);
    await(() -> other.shard.chain(TestFederation.KOMATSU).size() > 0);
    await(() -> leader.shard.chain(TestFederation.KOMATSU).lastSeal() != null);
    assertFalse(other.shard.hasLeft());
    approve(leader);
    await(other.shard::hasLeft);
    String why = String.valueOf(other.shard.failure());
    assertTrue(why.contains("not what this peer has executed"), why);
    accepted(leader, federation.issue(person, "1.00"));
  }

  @Test
  void whoHasAnotherFederationFileExecutesNothing() throws Exception {
    peers.addAll(freePeers("a", "b", "c"));
    start("a", true);
    start("b", true);
    Member leader = leader();
    leader.shard.begin();
    accepted(leader, federation.open(person));
    Directory file = federation.directory;
    Hash another = Hash.of(Sha256.of(bytes("another")));
    Directory foreign =
        new Directory(file.federation(), another, List.of(), file.policy(), file.chains());
    Member other = start("c", true, foreign);
    await(other.shard::hasLeft);
    String why = String.valueOf(other.shard.failure());
    assertTrue(why.contains(file.fileHash().base64()), why);
    assertEquals(0, other.shard.chain(TestFederation.KOMATSU).size());

    running.remove(other);
    other.close();
    Directory later =
        new Directory(
            file.federation(), another, List.of(file.fileHash()), file.policy(), file.chains());
    start("c", true, later);
    alike(running);
  }

  @Test
  void aPeerStartsNeitherAloneNorAsAnother() throws Exception {
    peers.addAll(freePeers("1", "2"));
    peers.forEach(peer -> start(peer.id(), true));
    Member leader = leader();
    leader.shard.begin();
    accepted(leader, federation.open(person));
    await(() -> running.stream().allMatch(m -> m.shard.chain(TestFederation.KOMATSU).size() > 1));
    running.forEach(Member::close);
    running.clear();
    OrderingException refused =
        assertThrows(
            OrderingException.class,
            () ->
                Shard.open(
                    settings("1", null),
                    federation.directory,
                    new Ed25519(100),
                    System::currentTimeMillis));
    Path shard = directory.resolve("1").resolve("shard");
    assertTrue(refused.getMessage().contains("peers.yaml"), refused.getMessage());
    assertTrue(refused.getMessage().contains("2|127.0.0.1"), refused.getMessage());

    OrderingSettings other =
        new OrderingSettings(
            shard.resolve("raft"), "test", "2", peers, 20, SEGMENT_BYTES, 1 << 20, 32, 32 << 20);
    refused = assertThrows(OrderingException.class, () -> PeerName.check(shard, other));
    assertTrue(refused.getMessage().contains("is of peer 1, not 2"), refused.getMessage());
    OrderingSettings lost =
        new OrderingSettings(
            shard.resolve("lost"), "test", "1", peers, 20, SEGMENT_BYTES, 1 << 20, 32, 32 << 20);
    refused = assertThrows(OrderingException.class, () -> PeerName.check(shard, lost));
    assertTrue(refused.getMessage().contains("under a new name only"), refused.getMessage());
  }

  /** A disk that is broken, say. */
  private static final class Breaking implements PeerStore {
    private final SideStore store;
    private volatile boolean broken;

    Breaking(SideStore store) {
      this.store = store;
    }

    @Override
    public void orderBy(Order order) {
      store.orderBy(order);
    }

    @Override
    public void take(byte[] change) {
      if (broken) {
        throw new StoreException("broken");
      }
      store.take(change);
    }

    @Override
    public void sync() {
      store.sync();
    }
  }

  @Test
  void aPeerThatCanExecuteNothingMoreLetsAnotherLead() throws Exception {
    peers.addAll(freePeers("a", "b", "c"));
    peers.forEach(peer -> start(peer.id(), true));
    Member first = leader();
    first.shard.begin();
    accepted(first, federation.open(person));
    assertFalse(first.shard.hasLeft());
    first.breaking.broken = true;
    assertThrows(
        OutcomeUnknownException.class,
        () -> first.side.change().put("key", bytes("value")).commit());
    assertFalse(first.shard.leads());
    await(first.shard::hasLeft); // nobody need ask it to
    Member second = leader();
    second.shard.begin();
    assertEquals("value", second.told("key"));
    accepted(second, federation.issue(person, "1.00"));
  }

  @Test
  void oneBecomesThreeAndADeadOneIsReplaced() throws Exception {
    peers.addAll(freePeers("1"));
    Member alone = start("1", true);
    await(alone.shard::leads);
    alone.shard.begin();
    accepted(alone, federation.open(person));
    for (int i = 0; i < 200; i++) { // more than the log keeps
      accepted(alone, federation.issue(person, "1.00"));
      alone.side.change().put("key" + i % 10, bytes("value" + i)).commit();
    }
    for (OrderingSettings.Peer next : freePeers("2", "3")) {
      copy(alone, next.id());
      accepted(alone, federation.issue(person, "1.00")); // after the copy
      peers.add(next);
      start(next.id(), false);
      alone.shard.setPeers(peers);
    }
    assertEquals(3, alone.shard.peers().size());
    alike(running);

    Member dead = running.get(2);
    running.remove(dead);
    dead.close();
    accepted(alone, federation.issue(person, "1.00"));
    peers.remove(2);
    alone.shard.setPeers(peers);
    OrderingSettings.Peer fresh = freePeers("4").getFirst();
    copy(alone, "4");
    peers.add(fresh);
    start("4", false);
    alone.shard.setPeers(peers);
    accepted(alone, federation.issue(person, "1.00"));

    running.remove(alone);
    alone.close();
    Member next = leader();
    next.shard.begin();
    accepted(next, federation.issue(person, "1.00"));
    alike(running);
    assertEquals("value199", next.told("key9"));
  }

  /** In the log of who was alone its own address is none. */
  @Test
  void whoWasAloneIsReachedByEveryLeader() throws Exception {
    try (Member alone = open("1", null, federation.directory)) {
      alone.shard.begin();
      accepted(alone, federation.open(person));
    }
    peers.addAll(freePeers("1"));
    Member first = start("1", false);
    await(first.shard::leads);
    first.shard.begin();
    join(first, "2");
    join(first, "3");
    for (Member each : List.copyOf(running)) {
      lead(each);
      each.shard.begin();
      accepted(each, federation.issue(person, "1.00"));
      alike(running);
    }
  }

  private void copy(Member from, String to) throws IOException {
    from.shard.copyInto(directory.resolve(to).resolve("shard"));
    from.side.copyInto(directory.resolve(to).resolve("side"));
  }

  private SignedCheckpoint approve(Member member) {
    Chain chain = member.shard.chain(TestFederation.KOMATSU);
    Seal seal = Objects.requireNonNull(chain.lastSeal());
    Checkpoint checkpoint =
        new Checkpoint(
            federation.directory.origin(TestFederation.KOMATSU), seal.size(), seal.root());
    SignedCheckpoint signed =
        SignedCheckpoint.sign(
            checkpoint,
            Ed25519.TYPE,
            Objects.requireNonNull(federation.logKeys.get(TestFederation.KOMATSU)).signer());
    member
        .shard
        .approvals()
        .round()
        .signed("seat", "origin", new Signed(seal.size(), Hash.of(new byte[Hash.BYTES])))
        .approved(TestFederation.KOMATSU, signed)
        .write();
    return signed;
  }

  /** All have the same leaves and roots, in the end. */
  private static void alike(List<Member> members) throws InterruptedException {
    Chain newest = members.getFirst().shard.chain(TestFederation.KOMATSU);
    for (Member member : members) {
      Chain chain = member.shard.chain(TestFederation.KOMATSU);
      await(() -> chain.size() == newest.size());
      long size = Math.min(chain.size(), newest.size()); // a block may be sealed meanwhile
      for (long i = 0; i < size; i++) {
        assertEquals(newest.entry(i).hash(), chain.entry(i).hash(), member.id + " leaf " + i);
      }
      await(() -> newest.lastSeal() != null); // a block's time may not have come yet
      Seal seal = Objects.requireNonNull(newest.lastSeal());
      await(() -> chain.size() >= seal.size());
      assertEquals(seal, chain.sealAt(seal.size()));
    }
  }

  private static void accepted(Member leader, SignedOrder order) {
    assertInstanceOf(Answer.Accepted.class, leader.shard.submit(order, null));
  }

  private Member leader() throws InterruptedException {
    await(() -> running.stream().anyMatch(member -> member.shard.leads()));
    return running.stream().filter(member -> member.shard.leads()).findFirst().orElseThrow();
  }

  @Test
  void whoHasNoCertificateOfTheNodeIsNoPeer() throws Exception {
    Authority authority = new Authority(directory.resolve("ca"));
    Set<String> own = Set.of(CertificateMaker.identity("demo.aika.example", "Asia-Komatsu"));
    peers.addAll(freePeers("a", "b", "c"));
    for (String id : List.of("a", "b", "c")) {
      String chain = id.equals("c") ? "Asia-Kanazawa" : "Asia-Komatsu"; // also of the same CA
      Path files = directory.resolve("tls-" + id);
      authority.sign(chain, files);
      tls.put(id, NodeTls.open(files, System::currentTimeMillis).orElseThrow().peers(own));
      start(id, true);
    }
    Member leader = leader();
    assertTrue(!leader.id.equals("c"));
    leader.shard.begin();
    accepted(leader, federation.open(person));
    Member other = running.get(leader.id.equals("a") ? 1 : 0);
    Member stranger = running.get(2);
    alike(List.of(leader, other));
    assertEquals(0, stranger.shard.chain(TestFederation.KOMATSU).size());
    assertFalse(stranger.shard.leads());
  }

  private Member start(String id, boolean mayBegin) {
    return start(id, mayBegin, federation.directory);
  }

  private Member start(String id, boolean mayBegin, Directory chains) {
    Member member = open(id, new ShardSettings.PeerGroup(id, peers, mayBegin, tls.get(id)), chains);
    running.add(member);
    return member;
  }

  private Member open(String id, ShardSettings.@Nullable PeerGroup group, Directory chains) {
    SideStore side = SideStore.open(directory.resolve(id).resolve("side"));
    Breaking breaking = new Breaking(side);
    Shard shard =
        Shard.open(
            settings(id, group),
            chains,
            new Ed25519(100),
            System::currentTimeMillis,
            Map.of("side", breaking));
    return new Member(id, shard, side, breaking);
  }

  private ShardSettings settings(String id, ShardSettings.@Nullable PeerGroup group) {
    return new ShardSettings(
        "test",
        directory.resolve(id).resolve("shard"),
        List.of(TestFederation.KOMATSU),
        50,
        100_000,
        new StoreSettings(1 << 20, 1 << 20, 1_000, 100_000, 8 * 1024),
        new ShardSettings.Log(20, SEGMENT_BYTES),
        group);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.currentTimeMillis() + WAIT_MILLIS;
    while (!condition.getAsBoolean()) {
      assertTrue(System.currentTimeMillis() < deadline, "it takes too long");
      Thread.sleep(10);
    }
  }

  /** Above those that a system gives to whoever connects: a peer that is called would lose it. */
  private List<OrderingSettings.Peer> freePeers(String... ids) {
    List<OrderingSettings.Peer> free = new ArrayList<>();
    for (String id : ids) {
      int port = 0;
      while (port == 0) {
        int next = 61_000 + random.nextInt(4_000);
        try (ServerSocket _ = new ServerSocket(next, 1, InetAddress.getLoopbackAddress())) {
          port = taken.add(next) ? next : 0;
        } catch (IOException inUse) {
          port = 0;
        }
      }
      free.add(new OrderingSettings.Peer(id, "127.0.0.1", port));
    }
    return free;
  }
}
