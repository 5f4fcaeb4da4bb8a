package aika.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.node.approve.Approved;
import aika.node.operate.OperatorFile;
import aika.node.order.Chain;
import aika.node.register.PersonName;
import aika.node.register.Register;
import aika.node.sink.Shelf;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.SinkException;
import aika.sinks.SinkStatus;
import aika.sinks.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with two stores in memory: what they read of it, and what becomes of it without them. */
@Timeout(120)
final class SinksOfANodeTest {
  private static final ChainId KOMATSU = ChainId.of(World.KOMATSU);

  @TempDir Path data;
  private final List<Shelf> shelves = new ArrayList<>();
  private @Nullable World started;

  @BeforeEach
  void start() {
    started =
        new World(
            data,
            (file, source, names) -> {
              shelves.add(new Shelf("mongo Asia", source, names));
              shelves.add(new Shelf("immudb", source, names));
              return List.copyOf(shelves);
            });
  }

  @AfterEach
  void stop() {
    if (started != null) {
      started.close();
    }
  }

  private World world() {
    return Objects.requireNonNull(started);
  }

  private SinkStatus status(int shelf) {
    return world().node.sinks().statuses().get(shelf);
  }

  @Test
  void followsLiveAndReadsWhatTheChainsHold() throws Exception {
    AccountId a = world().person(World.KOMATSU, "A");
    world().issue(a, "100.00");
    Chain chain = world().ledger(KOMATSU);
    world().await(() -> chain.size() > 3 && chain.size() == chain.approvedSize());
    world().await(() -> status(0).lag() == 0 && status(1).lag() == 0);
    Source source = shelves.getFirst().source;
    assertEquals(15, source.chains().size());
    assertEquals(chain.size(), source.size(KOMATSU));
    for (long i = 0; i < chain.size(); i++) {
      assertEquals(chain.entry(i).hash(), source.entry(KOMATSU, i).hash());
      Block block = Objects.requireNonNull(source.block(KOMATSU, i));
      assertTrue(block.first() <= i && i < block.size());
      assertEquals(
          Objects.requireNonNull(chain.sealAfter(i)).root(), Objects.requireNonNull(block).root());
      Approval approval = Objects.requireNonNull(source.approval(KOMATSU, i));
      SignedCheckpoint stored = Objects.requireNonNull(chain.approvalOf(i));
      assertEquals(stored.encode().length, approval.checkpoint().encode().length);
      assertEquals(stored.checkpoint(), approval.checkpoint().checkpoint());
      assertEquals(Approved.of(stored).time(), approval.time());
      assertTrue(approval.seats().size() >= 4, approval.seats()::toString);
    }
    assertEquals(
        source.height(KOMATSU),
        Objects.requireNonNull(source.block(KOMATSU, chain.size() - 1)).height());
    assertEquals(null, source.approval(KOMATSU, chain.size()));
    assertEquals(null, source.block(KOMATSU, chain.size()));
  }

  @Test
  void aStoreThatIsDownCostsLagAndNotHealth() throws Exception {
    world().await(() -> status(0).lag() == 0 && status(1).lag() == 0);
    shelves.getFirst().down(SinkException.Kind.UNREACHABLE);
    AccountId a = world().person(World.KOMATSU, "A");
    world().issue(a, "100.00");
    world().await(() -> status(0).state() == SinkStatus.State.WAITING && status(1).lag() == 0);
    World.Reply health = world().get(World.ASIA, "/health").expect(200);
    assertEquals("up", health.text("status"));
    assertEquals("waiting", health.text("sinks", "mongo Asia", "status"));
    assertEquals("UNREACHABLE", health.text("sinks", "mongo Asia", "failure"));
    assertFalse(health.toString().contains("host.example"), health.toString());
    assertTrue(Long.parseLong(health.text("sinks", "mongo Asia", "lag")) > 0);
    assertEquals("following", health.text("sinks", "immudb", "status"));
    // approvals that are still on their way may let it lag again for a moment
    world().await(() -> metrics().contains("aika_sink_lag{sink=\"immudb\"} 0"));
    assertNotNull(health.at("chains", World.KOMATSU, "outcomes_lag"));
    assertNotNull(health.at("chains", World.KOMATSU, "anchors_lag"));
    String metrics = metrics();
    assertTrue(metrics.contains("aika_sink_up{sink=\"mongo Asia\"} 0"), metrics);
    assertTrue(metrics.contains("aika_sink_up{sink=\"immudb\"} 1"), metrics);

    shelves.getFirst().down(null);
    world().await(() -> metrics().contains("aika_sink_lag{sink=\"mongo Asia\"} 0"));
  }

  private String metrics() {
    try {
      return new String(world().bytes(World.ASIA, "/metrics"), StandardCharsets.UTF_8);
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void anErasedOrChangedNameIsForgottenEverywhere() throws Exception {
    AccountId a = world().person(World.KOMATSU, "A");
    Register register = Objects.requireNonNull(world().node.registers().get(KOMATSU));
    shelves.forEach(shelf -> shelf.show(a));
    assertEquals("A", shelves.getFirst().shown(a));
    shelves.getLast().down(SinkException.Kind.REFUSED);
    assertTrue(register.erase(PersonName.of("A")));
    world().await(() -> shelves.getFirst().hasForgotten(a));
    assertEquals(null, shelves.getFirst().shown(a));
    assertFalse(shelves.getLast().hasForgotten(a));
    shelves.getLast().down(null);
    world().await(() -> shelves.getLast().hasForgotten(a));
    shelves.getFirst().show(a);
    assertEquals(null, shelves.getFirst().shown(a), "the register has no name to show any more");

    AccountId b = world().person(World.KANAZAWA, "B");
    Register other = Objects.requireNonNull(world().node.registers().get(b.chain()));
    other.displayAs(b, "Bea");
    shelves.getFirst().show(b);
    assertEquals("Bea", shelves.getFirst().shown(b));
    other.displayAs(b, null);
    world().await(() -> shelves.getFirst().hasForgotten(b));
  }

  @Test
  void aStoreThatHangsHoldsTheNodeUpForSomeSecondsOnly() throws Exception {
    world().await(() -> status(0).lag() == 0 && status(1).lag() == 0);
    shelves.getFirst().hang();
    world().person(World.KOMATSU, "A");
    world().await(() -> status(1).lag() == 0);
    long begun = System.nanoTime();
    world().close();
    started = null;
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    assertTrue(seconds < 30, "closing took " + seconds + " s");
    assertTrue(shelves.getLast().isClosed());
    Source source = shelves.getFirst().source;
    assertThrows(IllegalStateException.class, () -> source.size(KOMATSU));
    assertEquals(Optional.empty(), OperatorFile.read(data));
  }
}
