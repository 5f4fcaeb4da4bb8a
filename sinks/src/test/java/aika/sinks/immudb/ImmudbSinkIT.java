package aika.sinks.immudb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.OutcomeKind;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.sinks.Follower;
import aika.sinks.MadeUpChains;
import aika.sinks.Progress;
import aika.sinks.RealServer;
import aika.sinks.RealServers;
import aika.sinks.Sink;
import aika.sinks.SinkException;
import aika.sinks.SinkStatus;
import aika.sinks.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sink on a real immudb: what it writes, what it survives, and what it refuses. */
@Timeout(180)
final class ImmudbSinkIT {
  @TempDir Path folder;

  private final MadeUpChains chains = MadeUpChains.random(20_261_126, 150);

  private ImmudbSettings settings(RealServer server) {
    return TestSettings.of(server, chains.chains(), folder.resolve("state"));
  }

  /** Opens it and writes whatever is approved. */
  private static void fill(Sink sink) {
    sink.open();
    for (ChainId chain : sink.chains()) {
      Progress at = sink.progress(chain);
      while (!at.equals(sink.goal(chain))) {
        at = sink.advance(chain);
      }
    }
  }

  private void writeAll(ImmudbSettings settings) {
    try (ImmudbSink sink = new ImmudbSink(settings, chains)) {
      fill(sink);
    }
  }

  private Verification verify(ImmudbSettings settings) {
    try (ImmudbSink sink = new ImmudbSink(settings, chains)) {
      sink.open();
      return sink.verify(Verification.Watcher.NOBODY);
    }
  }

  private static void assertClean(Verification found) {
    assertEquals(List.of(), found.examples());
    assertTrue(found.isClean());
    assertTrue(found.compared() > 0);
  }

  private static void assertTampered(org.junit.jupiter.api.function.Executable what) {
    SinkException failed = assertThrows(SinkException.class, what);
    assertEquals(SinkException.Kind.TAMPERED, failed.kind(), failed.getMessage());
  }

  /** Every key with its value, as transaction after transaction wrote them. */
  private Map<String, String> content(ImmudbSettings settings) {
    Map<String, String> all = new TreeMap<>();
    try (ImmudbClient client = new ImmudbClient(settings, false)) {
      client.open();
      for (long id = 1; id <= client.state().transaction(); id++) {
        for (Item item : client.read(id).items()) {
          all.put(item.key(), new String(item.value(), StandardCharsets.UTF_8));
        }
      }
    }
    return all;
  }

  private static long transactions(ImmudbSettings settings, Path otherState) {
    try (ImmudbClient client = new ImmudbClient(TestSettings.state(settings, otherState), true)) {
      client.open();
      return client.state().transaction();
    }
  }

  private static void until(BooleanSupplier there) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not happen");
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void blocksLeavesAndTransfersCanBeReadByTheirKeys() {
    TransferId transfer = chains.send(MadeUpChains.A, MadeUpChains.B, "12.00");
    chains.askCancel(transfer);
    chains.askCancel(transfer);
    chains.decide(transfer, OutcomeKind.RECEIVED);
    chains.settle(transfer);
    chains.closeAll();
    try (RealServer server = RealServers.immudb();
        ImmudbArchive archive = new ImmudbArchive(settings(server))) {
      writeAll(settings(server));
      archive.open();
      ChainId chain = MadeUpChains.KOMATSU;
      for (long i = 0; i < chains.size(chain); i += 17) {
        ImmudbArchive.Found leaf = archive.get(chain + "/" + i).getFirst();
        assertArrayEquals(chains.entry(chain, i).bytes(), leaf.value());
        assertEquals(1, leaf.revision());
      }
      ImmudbArchive.Found block = archive.get(chain + "#2").getFirst();
      assertTrue(block.text().startsWith("aika/archived-block/v1\nchain Asia-Komatsu\nheight 2\n"));
      assertEquals("aika/Asia-Komatsu/block/000000000002", block.key());
      List<ImmudbArchive.Found> all = archive.get(transfer.toString());
      assertEquals(
          List.of("sent", "received", "settled", "cancel-asked", "cancel-asked"),
          all.subList(0, 5).stream().map(one -> one.key().split("/", -1)[3]).toList());
      assertEquals(10, all.size());
      assertEquals(List.of(), archive.get("Asia-Komatsu:999999"));
      assertTrue(archive.proof().transaction() > 0);
      assertClean(verify(settings(server)));
    }
  }

  @Test
  void aBlockOfAThousandLeavesIsWrittenInTwoTransactions() {
    MadeUpChains world = MadeUpChains.world();
    world.close(MadeUpChains.KOMATSU);
    for (int i = 0; i < 1_000; i++) {
      world.send(MadeUpChains.A, MadeUpChains.B, "1.00");
    }
    world.close(MadeUpChains.KOMATSU);
    List<ChainId> komatsu = List.of(MadeUpChains.KOMATSU);
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = TestSettings.of(server, komatsu, folder.resolve("state"));
      try (ImmudbSink sink = new ImmudbSink(settings, world);
          ImmudbClient client = new ImmudbClient(settings, false)) {
        fill(sink);
        client.open();
        assertEquals(4, client.state().transaction());
        // Whoever crashed between the two writes both again.
        client.write(client.read(3).items());
        assertClean(sink.verify(Verification.Watcher.NOBODY));
      }
    }
  }

  @Test
  void aRestartGoesOnAndWritesNothingTwice() {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = settings(server);
      writeAll(settings);
      long before = transactions(settings, folder.resolve("other"));
      writeAll(settings);
      assertEquals(before, transactions(settings, folder.resolve("other")));
      chains.send(MadeUpChains.A, MadeUpChains.B, "3.00");
      chains.close(MadeUpChains.KOMATSU);
      writeAll(settings);
      assertEquals(before + 2, transactions(settings, folder.resolve("other")));
      assertClean(verify(settings));
    }
  }

  @Test
  void aCrashBetweenATransactionAndTheStateFileLosesNothing() throws IOException {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = settings(server);
      writeAll(settings);
      Path old = folder.resolve("old");
      Files.copy(settings.state(), old);
      chains.send(MadeUpChains.A, MadeUpChains.B, "3.00");
      chains.close(MadeUpChains.KOMATSU);
      writeAll(settings);
      Files.copy(old, settings.state(), StandardCopyOption.REPLACE_EXISTING);
      writeAll(settings);
      assertClean(verify(settings));
      // Without the file the server is believed, then compared.
      Files.delete(settings.state());
      writeAll(settings);
      assertClean(verify(settings));
    }
  }

  @Test
  void itFollowsThroughKillsOfTheServer() throws InterruptedException {
    try (RealServer server = RealServers.immudb();
        Follower follower =
            new Follower(new ImmudbSink(settings(server), chains), System::currentTimeMillis)) {
      follower.start();
      for (int round = 0; round < 3; round++) {
        long lag = follower.status().lag();
        until(() -> follower.status().lag() < lag || follower.status().lag() == 0);
        server.kill();
        for (int i = 0; i < 20; i++) {
          chains.send(MadeUpChains.A, MadeUpChains.B, "3.00");
          chains.close(MadeUpChains.KOMATSU);
        }
        follower.wake();
        // a call that was cut within its answer has merely failed; the next one says what it is
        until(() -> follower.status().kind() == SinkException.Kind.UNREACHABLE);
        assertEquals(SinkStatus.State.WAITING, follower.status().state());
        server.start();
      }
      until(() -> follower.status().lag() == 0);
      assertClean(verify(settings(server)));
    }
  }

  @Test
  void aServerWithAnOlderCopyOfItsDataIsRefused() {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = settings(server);
      writeAll(settings);
      server.stop();
      Path data = server.folder().resolve("data");
      Disk.copy(data, folder.resolve("copy"));
      server.start();
      chains.send(MadeUpChains.A, MadeUpChains.B, "3.00");
      chains.close(MadeUpChains.KOMATSU);
      writeAll(settings);
      server.stop();
      Disk.delete(data);
      Disk.copy(folder.resolve("copy"), data);
      server.start();
      long before = transactions(settings, folder.resolve("other"));
      chains.close(MadeUpChains.KOMATSU);
      try (ImmudbSink sink = new ImmudbSink(settings, chains)) {
        sink.open();
        assertTampered(() -> sink.progress(MadeUpChains.KOMATSU));
        assertTampered(() -> sink.advance(MadeUpChains.KOMATSU));
        assertTampered(() -> sink.verify(Verification.Watcher.NOBODY));
        assertEquals(before, transactions(settings, folder.resolve("other")));
      }
      // The old copy went its own way meanwhile and is as long as ours was: still refused.
      writeAll(TestSettings.state(settings, folder.resolve("third")));
      try (ImmudbSink sink = new ImmudbSink(settings, chains)) {
        sink.open();
        assertTampered(() -> sink.progress(MadeUpChains.KOMATSU));
      }
    }
  }

  @Test
  void anEmptyServerIsRefusedUntilTheArchiveIsRebuilt() {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = settings(server);
      writeAll(settings);
      Map<String, String> live = content(settings);
      server.stop();
      Disk.delete(server.folder().resolve("data"));
      server.start();
      try (ImmudbSink sink = new ImmudbSink(settings, chains)) {
        sink.open();
        assertTampered(() -> sink.progress(MadeUpChains.KOMATSU));
        sink.rebuild();
        fill(sink);
        assertEquals(live, content(settings));
        assertClean(sink.verify(Verification.Watcher.NOBODY));
      }
    }
  }

  @Test
  void aDamagedStateFileIsSetAsideForARebuild() throws IOException {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = settings(server);
      writeAll(settings);
      Files.writeString(settings.state(), "damaged");
      ImmudbSink sink = new ImmudbSink(settings, chains);
      assertThrows(SinkException.class, sink::open);
      try (Follower follower = new Follower(sink, System::currentTimeMillis)) {
        Path aside = folder.resolve("state.damaged-1");
        assertEquals(List.of(aside), follower.rebuild());
        assertEquals("damaged", Files.readString(aside));
        server.stop();
        server.start();
        fill(sink);
        assertClean(sink.verify(Verification.Watcher.NOBODY));
      }
    }
  }

  @Test
  void aProvedValueThatTheLogDoesNotHaveIsFoundWhenItIsRead() {
    try (RealServer server = RealServers.immudb();
        ImmudbArchive archive = new ImmudbArchive(settings(server))) {
      writeAll(settings(server));
      String leaf = Keys.leaf(MadeUpChains.KOMATSU, 0);
      try (ImmudbClient somebody =
          new ImmudbClient(TestSettings.state(settings(server), folder.resolve("other")), true)) {
        somebody.open();
        somebody.write(List.of(Item.of(leaf, "another leaf")));
      }
      archive.open();
      ImmudbArchive.compare(archive.get("Asia-Komatsu/1"), chains);
      List<ImmudbArchive.Found> found = archive.get("Asia-Komatsu/0");
      assertEquals("another leaf", found.getFirst().text());
      assertTampered(() -> ImmudbArchive.compare(found, chains));
    }
  }

  @Test
  void aRebuiltArchiveEqualsTheLiveOne() {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = settings(server);
      writeAll(settings);
      Map<String, String> live = content(settings);
      try (ImmudbSink sink = new ImmudbSink(settings, chains)) {
        sink.open();
        sink.rebuild();
        assertFalse(Files.exists(settings.state()));
        SinkException waits = assertThrows(SinkException.class, sink::open);
        assertTrue(
            String.valueOf(waits.getMessage()).contains("restart immudb"), waits::getMessage);
        server.stop();
        server.start();
        fill(sink);
        assertClean(sink.verify(Verification.Watcher.NOBODY));
      }
      assertEquals(live, content(settings));
    }
  }

  @Test
  void verifyFindsWhatIsWrongMissingOrTooMuch() {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = settings(server);
      writeAll(settings);
      try (ImmudbClient somebody =
          new ImmudbClient(TestSettings.state(settings, folder.resolve("other")), true)) {
        somebody.open();
        String leaf = Keys.leaf(MadeUpChains.KOMATSU, 0);
        somebody.write(List.of(Item.of("somebody/else", "is not looked at")));
        somebody.write(List.of(Item.of(leaf, "another leaf")));
        somebody.write(List.of(Item.of("aika/transfer/Asia-Komatsu:1/received", leaf)));
        somebody.write(List.of(Item.of("aika/nothing", "known")));
      }
      Verification found = verify(settings);
      assertTrue(found.faults() >= 3, found::toString);
      assertEquals(List.of(), missing(found));
      // Below the newest block everything must be there.
      MadeUpChains more = MadeUpChains.random(1, 10);
      try (ImmudbClient somebody =
          new ImmudbClient(TestSettings.state(settings, folder.resolve("other")), true)) {
        somebody.open();
        somebody.write(List.of(Item.of(Keys.block(MadeUpChains.KOMATSU, 999), "far ahead")));
        assertFalse(more.chains().isEmpty());
      }
      try (ImmudbSink sink = new ImmudbSink(settings, chains)) {
        sink.open();
        assertTampered(() -> sink.progress(MadeUpChains.KOMATSU));
      }
    }
  }

  private static List<String> missing(Verification found) {
    return found.examples().stream().filter(one -> one.contains("not there as a whole")).toList();
  }

  @Test
  void aGapBelowTheNewestBlockIsFound() {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = settings(server);
      // Only the second block of Komatsu.
      try (ImmudbClient somebody =
          new ImmudbClient(TestSettings.state(settings, folder.resolve("other")), true)) {
        somebody.open();
        long first = blocks(MadeUpChains.KOMATSU).get(1);
        for (List<Item> part :
            BlockParts.of(
                chains,
                java.util.Objects.requireNonNull(chains.block(MadeUpChains.KOMATSU, first)),
                java.util.Objects.requireNonNull(chains.approval(MadeUpChains.KOMATSU, first)))) {
          somebody.write(part);
        }
      }
      writeAll(settings);
      Verification found = verify(settings);
      assertEquals(1, found.faults(), found::toString);
      assertEquals(List.of("block 1 of Asia-Komatsu is not there as a whole"), missing(found));
    }
  }

  private List<Long> blocks(ChainId chain) {
    List<Long> firsts = new ArrayList<>();
    for (long i = 0; i < chains.size(chain); i++) {
      if (chains.entry(chain, i).leaf() instanceof aika.core.ledger.Leaf.Sealed sealed) {
        firsts.add(sealed.first());
      }
    }
    return firsts;
  }

  @Test
  void aValueThatIsChangedOnTheDiskIsFound() throws IOException {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = settings(server);
      writeAll(settings);
      server.stop();
      assertTrue(Disk.flip(server.folder().resolve("data/aika"), "aika/leaf/v1") > 0);
      server.start();
      Verification found = verify(settings);
      assertTrue(found.faults() > 0, found::toString);
      assertTrue(found.examples().getFirst().contains("transaction"), found::toString);
    }
  }

  @Test
  void theSameLeavesAsRowsOfATable() {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings settings = TestSettings.withTable(settings(server));
      writeAll(settings);
      assertClean(verify(settings));
      try (ImmudbClient client = new ImmudbClient(settings, false)) {
        client.open();
        assertEquals(
            chains.approvedSize(MadeUpChains.KOMATSU),
            client
                .query("SELECT COUNT(*) FROM aika_leaves WHERE chain = 'Asia-Komatsu'", List.of())
                .getFirst()
                .getValues(0)
                .getN());
        client.execute(
            "DELETE FROM aika_leaves WHERE chain = 'Asia-Komatsu' AND leaf = 3", List.of());
      }
      Verification found = verify(settings);
      assertEquals(1, found.faults(), found::toString);
    }
  }
}
