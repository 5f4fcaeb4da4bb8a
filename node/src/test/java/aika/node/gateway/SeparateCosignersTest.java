package aika.node.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.FederationAudit;
import aika.core.log.Checkpoint;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Term;
import aika.node.cosign.Cosigner;
import aika.node.order.Chain;
import aika.node.sink.Stores;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Komatsu has five seats, of which its node holds one; four representatives have machines. Terms
 * are short.
 */
@Timeout(180)
final class SeparateCosignersTest {
  private static final ChainId KOMATSU = ChainId.of(World.KOMATSU);
  private static final int HELD = 1;
  private static final int SEATS = 5;

  /** So that hand-overs are on the way: nobody stands, and those who sit go on. */
  private static final int TERM_BLOCKS = 2;

  private static final StoreSettings SMALL =
      new StoreSettings(1 << 20, 1 << 20, 10_000, 1 << 20, 1 << 16);

  @TempDir Path data;

  private World world;
  private final Map<Integer, Machine> machines = new ConcurrentHashMap<>();

  @BeforeEach
  void start() {
    world = new World(data.resolve("node"), new Stores(System::currentTimeMillis), this::apart);
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Machine machine : machines.values()) {
      machine.stop();
    }
    world.close();
  }

  private Path directory(int seat) {
    return data.resolve("cosigner-" + seat);
  }

  /** Each representative takes its seat's key to its own machine before the node starts. */
  private Federation apart(Federation federation) {
    try {
      for (int seat = HELD + 1; seat <= SEATS; seat++) {
        Path key = data.resolve("node/keys/" + KOMATSU + "/seat-" + seat + ".key");
        Path own = directory(seat).resolve("keys/" + KOMATSU + "/seat-" + seat + ".key");
        Files.createDirectories(own.getParent());
        Files.move(key, own);
        Cosigner.begin(directory(seat));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return new Federation(
        federation.id(),
        federation.root(),
        federation.block(),
        federation.limits(),
        new Term(new Term.Length.Blocks(TERM_BLOCKS), SEATS),
        federation.continents(),
        federation.municipalities());
  }

  /** A representative's machine. */
  private final class Machine implements Cosigner.Watcher {
    private final Cosigner cosigner;
    private final Thread thread;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private volatile @Nullable Checkpoint last;

    Machine(int seat) {
      KeyFiles keys = new KeyFiles(directory(seat).resolve("keys"), new SecureRandom());
      String label = KOMATSU + "/seat-" + seat;
      HeldKey key = keys.seat(label, world.node.federation().id() + '/' + label);
      Ed25519 ed25519 = new Ed25519(1_024);
      FederationFile file = FederationFile.read(data.resolve("node").resolve(FederationFile.NAME));
      cosigner =
          new Cosigner(
              new Cosigner.Settings(
                  List.of(world.uri(World.KOMATSU, "")),
                  directory(seat),
                  SMALL,
                  file.directory(),
                  KOMATSU,
                  key),
              new FederationAudit.Schemes(ed25519, ed25519, new MlDsa44()),
              System::currentTimeMillis,
              this);
      thread = Thread.ofVirtual().name("cosigner-" + seat).start(this::run);
      machines.put(seat, this);
    }

    private void run() {
      try {
        cosigner.run();
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException failed) {
        failure.set(failed);
      }
    }

    @Override
    public void executed(long leaves, long of) {}

    @Override
    public void cosigned(Checkpoint checkpoint) {
      last = checkpoint;
      world.node.shard().changes().happened();
    }

    @Override
    public void waits(String why) {}

    void stop() throws InterruptedException {
      cosigner.stop();
      thread.join();
      cosigner.close();
      machines.values().remove(this);
      assertNull(failure.get());
    }
  }

  private void machines(int... seats) {
    for (int seat : seats) {
      Machine _ = new Machine(seat);
    }
  }

  private Chain komatsu() {
    return world.ledger(KOMATSU);
  }

  private void awaitAllApproved() throws InterruptedException {
    world.await(() -> komatsu().sealToApprove() == null && komatsu().head().sealed());
  }

  @Test
  void nothingIsApprovedWithoutThem() throws Exception {
    AccountId a = world.person(World.KOMATSU, "A");
    world.issue(a, "1000.00");
    AccountId b = world.person(World.KANAZAWA, "B");
    world.await(() -> world.ledger(b.chain()).approvedSize() > 0);
    machines(2, 3);
    world.await(() -> machines.get(2) != null && machines.get(2).last != null);
    world.await(() -> machines.get(3) != null && machines.get(3).last != null);
    assertNull(komatsu().approved(), "three of five approve nothing");

    machines(4);
    world.await(() -> komatsu().approvedSize() > 0);
    SignedCheckpoint approved = Objects.requireNonNull(komatsu().approved());
    List<String> names = new ArrayList<>();
    approved.note().signatures().forEach(line -> names.add(line.name()));
    assertEquals(1 + 4, names.size(), names::toString);

    machines(5);
    world.await(() -> machines.get(5) != null && machines.get(5).last != null);
    assertNotNull(komatsu().approvedAt(approved.checkpoint().size()));
    assertEquals(
        approved, komatsu().approvedAt(approved.checkpoint().size()), "the first quorum stays");
  }

  @Test
  void paymentsBetweenChainsAreExecutedByThemAndSurviveTheirRestarts() throws Exception {
    machines(2, 3, 4);
    AccountId a = world.person(World.KOMATSU, "A");
    AccountId _ = world.person(World.KANAZAWA, "B");
    world.issue(a, "1000.00");
    for (int round = 0; round < 3; round++) {
      String sent =
          world
              .post(
                  World.KOMATSU,
                  "/send",
                  """
                  {"sender": "A", "municipality": "Asia-Komatsu", "receiver": "B",
                   "receiver_municipality": "Asia-Kanazawa", "amount": 10, "again": true}
                  """)
              .expect(200)
              .text("transfer");
      world
          .post(
              World.KANAZAWA,
              "/receive",
              "{\"receiver\": \"B\", \"municipality\": \"Asia-Kanazawa\", \"transfer\": \""
                  + sent
                  + "\"}")
          .expect(200);
      awaitComplete(sent);
      int restarted = 2 + round % 3;
      Objects.requireNonNull(machines.get(restarted)).stop();
      machines(restarted);
    }
    awaitAllApproved();
    assertTrue(komatsu().head().term() > 1, "terms ended");
    assertEquals("970.00", world.balance(a).toString());
    machines(5); // from nothing, with recorded checkpoints and settlements on the way
    world.await(() -> {
      Machine fifth = machines.get(5);
      Checkpoint last = fifth == null ? null : fifth.last;
      return last != null && last.size() >= komatsu().approvedSize();
    });
    String metrics = new String(world.bytes(World.KOMATSU, "/metrics"), UTF_8);
    assertTrue(
        metrics.contains(
            "aika_seat_silent_seconds{chain=\"Asia-Komatsu\",seat=\""
                + world.node.federation().id()
                + "/Asia-Komatsu/seat-5\"} 0"),
        metrics);
  }

  private void awaitComplete(String transfer) throws Exception {
    long deadline = System.nanoTime() + 60_000_000_000L;
    String status = "";
    while (!status.equals("complete")) {
      assertTrue(System.nanoTime() < deadline, status);
      long seen = world.node.shard().changes().version();
      status = world.get(World.KOMATSU, "/transfers/" + transfer).expect(200).text("status");
      if (!status.equals("complete")) {
        boolean _ = world.node.shard().changes().await(seen, 1_000);
      }
    }
  }
}
