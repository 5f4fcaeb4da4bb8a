package aika.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.mirror.Addresses;
import aika.node.mirror.Standing;
import aika.node.order.MedianClock;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** [SEAL-54] A clock that went to another year while the node was stopped writes no leaf. */
@Timeout(120)
final class BeginningTest {
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final long START = 1_795_341_600_123L;
  private static final long YEAR = 31_536_000_000L;

  @TempDir Path data;

  private final AtomicLong clock = new AtomicLong(START);
  private final Ed25519 ed25519 = new Ed25519(16);
  private KeyFiles keys;
  private FederationFile file;
  private Shard shard;

  @BeforeEach
  void begunOnce() {
    newFederation();
    shard = open();
    begin(false); // the chain is new, so whatever its clock says
    assertEquals(START, newest());
    shard.close();
    shard = open();
  }

  private void newFederation() {
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    file =
        FederationFile.write(
            data.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
  }

  private Shard open() {
    return Shard.open(
        new ShardSettings(
            file.federation().id(),
            data.resolve("shard"),
            List.of(KOMATSU),
            5,
            10_000,
            StoreSettings.standard(),
            ShardSettings.Log.STANDARD),
        file.directory(),
        ed25519,
        clock::get);
  }

  private long newest() {
    return shard.chain(KOMATSU).head().time();
  }

  private void begin(boolean clockIsRight) {
    begin(clockIsRight, Map.of(ChainId.of("Asia"), URI.create("http://asia.example:1024")));
  }

  private void begin(boolean clockIsRight, Map<ChainId, URI> neighbours) {
    begin(clockIsRight, neighbours, _ -> {});
  }

  private void begin(
      boolean clockIsRight, Map<ChainId, URI> neighbours, Consumer<Beginning> before) {
    try (Standing alone =
        new Standing(
            file.directory(),
            ed25519,
            shard.chains(),
            new Addresses(Map.of(), Map.of()),
            chain -> false,
            shard.clock(),
            null)) {
      NodeSettings settings =
          new NodeSettings(
                  data, "127.0.0.1", 0, StoreSettings.standard(), Set.of(KOMATSU), neighbours)
              .withClock(clockIsRight);
      Beginning beginning = new Beginning(shard, alone, keys, file, settings, Optional.empty());
      before.accept(beginning);
      beginning.begin();
    }
  }

  private void unconfirmed() {
    long size = shard.chain(KOMATSU).size();
    NodeException refused = assertThrows(NodeException.class, () -> begin(false));
    assertEquals(Reason.CLOCK_UNCONFIRMED, refused.refusal().reason());
    assertEquals(size, shard.chain(KOMATSU).size());
  }

  @AfterEach
  void close() {
    shard.close();
  }

  @Test
  void aWeekAfterTheNewestLeafNobodyNeedsToConfirm() {
    clock.set(newest() + MedianClock.UNCONFIRMED_MILLIS_MAX);
    begin(false);
  }

  @Test
  void laterAnotherMachineHasToAgree() {
    clock.set(newest() + MedianClock.UNCONFIRMED_MILLIS_MAX + 1);
    unconfirmed();
    shard.clock().heard("neighbour", "machine", START);
    unconfirmed(); // one other, of another time: nobody knows which is wrong
    clock.set(START + YEAR);
    unconfirmed();
    shard.clock().heard("neighbour", "machine", START + YEAR);
    begin(false);
  }

  @Test
  void orItsOperatorSaysThatItIsRight() {
    clock.set(START + YEAR);
    unconfirmed();
    begin(true);
    assertTrue(shard.leads());
  }

  @Test
  void whoNamesNoOtherMachineHasNobodyToAsk() {
    clock.set(START + YEAR);
    begin(
        false,
        Map.of(
            KOMATSU,
            URI.create("https://komatsu.example:20001"),
            ChainId.of("Asia"),
            URI.create("https://localhost:19024")));
    assertTrue(shard.leads());
  }

  /** Nobody speaks against it, but nobody wants it any more. */
  @Test
  void whatIsStoppedBeforeItHasBegunDoesNotBegin() {
    shard.close();
    data = data.resolve("new");
    newFederation();
    shard = open();
    NodeException refused =
        assertThrows(NodeException.class, () -> begin(false, Map.of(), Beginning::stopWaiting));
    assertEquals("it was stopped before it had begun", refused.refusal().detail());
    assertEquals(0, shard.chain(KOMATSU).size());
    begin(false, Map.of()); // nothing else was against it
    assertTrue(shard.chain(KOMATSU).size() > 0);
  }

  @Test
  void whatTheOthersAgreeOnCountsAllTheSame() {
    clock.set(START + YEAR);
    shard.clock().heard("one", "machine 1", START);
    shard.clock().heard("two", "machine 2", START);
    NodeException refused = assertThrows(NodeException.class, () -> begin(true));
    Refusal why = refused.refusal();
    assertEquals(Reason.CLOCK_DIFFERS, why.reason());
  }
}
