package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.node.backup.Backup;
import aika.node.config.DurableFile;
import aika.node.store.SideStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The node is killed while it writes a backup. What is left is no whole backup, and is refused, or
 * one whole: never half of one backup and half of another.
 */
@Tag("slow")
@Timeout(600)
final class BackupKillIT {
  private static final int KILLS = 6;

  /** None of the first may have met a backup; the later ones do not wait. */
  private static final int KILLS_MAX = 12;

  private static final long DEADLINE_SECONDS = 120;
  private static final List<String> PARTS = List.of("keys", "register", "wallet");

  @TempDir Path directory;

  private final int offset = FreeOffset.find();

  private record Ran(int code, String err) {}

  private static Ran aika(String... arguments) {
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, err.toString());
  }

  private Path data() {
    return directory.resolve("data");
  }

  private Ran backup(Path to) {
    return aika("backup", "--data", data().toString(), "--to", to.toString());
  }

  private AikaProcess started(int round) throws InterruptedException {
    AikaProcess demo = AikaProcess.demo(data(), offset, directory.resolve("output-" + round));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!demo.output().contains("Ctrl-C")) {
      assertTrue(System.nanoTime() < end, demo::output);
      assertTrue(demo.runs(50), demo::output);
    }
    return demo;
  }

  /** How long a whole backup takes here, ms. */
  private long whole(Path to) throws Exception {
    try (AikaProcess demo = started(0)) {
      long start = System.nanoTime();
      assertEquals(0, backup(to).code, demo::output);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      assertTrue(isWhole(to));
      demo.kill();
      return millis;
    }
  }

  @Test
  void aKilledBackupIsNoneOrWhole() throws Exception {
    long seed = new SecureRandom().nextInt(1_000_000);
    System.out.println("BackupKillIT seed " + seed);
    Random random = new Random(seed);
    Path again = directory.resolve("again");
    int millis = (int) whole(again) + 1;
    int cutOff = 0;
    for (int round = 1; round <= KILLS || cutOff == 0 && round <= KILLS_MAX; round++) {
      Path fresh = directory.resolve("fresh-" + round);
      Path to = round % 2 == 0 && round <= KILLS ? again : fresh;
      boolean cut = killedWhileItWrites(round, to, round > KILLS ? 0 : random.nextInt(millis));
      boolean whole = isWhole(to);
      assertTrue(whole || to.equals(fresh), "what was whole stays so");
      cutOff += cut ? 1 : 0;
      if (!whole) {
        refusedByRestore(to);
      }
    }
    System.out.println(cutOff + " were cut off within " + millis + " ms");
    assertTrue(cutOff > 0, "no kill fell inside a backup");
    if (Files.exists(again.resolve("beside"))) { // as a kill between the two renames leaves it
      DurableFile.deleteTree(again.resolve("beside.old")); // if one had come that far before
      Files.move(again.resolve("beside"), again.resolve("beside.old"));
    }
    assertTrue(isWhole(again));
    try (AikaProcess demo = started(KILLS + 1)) {
      assertEquals(0, backup(again).code, demo::output);
      demo.stop();
    }
    assertTrue(isWhole(again));
    assertFalse(Files.exists(again.resolve("beside.old")));
  }

  /**
   * Kills the node this long after its backup was asked for; when it is a first one, after some of
   * it was written.
   *
   * @return whether a first one was cut off
   */
  private boolean killedWhileItWrites(int round, Path to, int millis) throws Exception {
    AtomicInteger code = new AtomicInteger();
    Path chains = to.resolve(Backup.CHAINS);
    boolean first = !Files.exists(to);
    try (AikaProcess demo = started(round)) {
      Thread writing = Thread.ofVirtual().start(() -> code.set(backup(to).code));
      while (first && writing.isAlive() && !Files.exists(chains)) {
        assertTrue(demo.runs(1), demo::output);
      }
      assertTrue(demo.runs(millis), demo::output);
      demo.kill();
      writing.join();
    }
    boolean cut = first && Files.exists(chains) && !isWhole(to);
    assertTrue(!cut || code.get() != 0, "it was cut off, and nobody was told");
    return cut;
  }

  /** Whether all stands beside the logs; what looks so has to be so. */
  private static boolean isWhole(Path backup) throws IOException {
    checkLogs(backup.resolve(Backup.CHAINS));
    Optional<Path> beside = Backup.beside(backup);
    if (beside.isEmpty()) {
      return false;
    }
    try (Stream<Path> parts = Files.list(beside.get())) {
      TreeSet<String> names = new TreeSet<>();
      parts.forEach(part -> names.add(String.valueOf(part.getFileName())));
      assertEquals(new TreeSet<>(PARTS), names);
    }
    for (String store : List.of("register", "wallet")) {
      SideStore.open(beside.get().resolve(store)).close();
    }
    assertTrue(Files.exists(beside.get().resolve("keys").resolve("wallet.key")));
    return true;
  }

  /** Whoever finds a checkpoint finds all that it covers. */
  private static void checkLogs(Path chains) throws IOException {
    if (!Files.isDirectory(chains)) {
      return;
    }
    try (Stream<Path> logs = Files.list(chains)) {
      for (Path log : logs.toList()) {
        Path checkpoint = log.resolve("checkpoint");
        if (Files.exists(checkpoint)) {
          SignedCheckpoint signed = SignedCheckpoint.parse(Files.readAllBytes(checkpoint));
          long size = signed.checkpoint().size();
          for (long bundle = 0; bundle * TilePath.FULL_WIDTH < size; bundle++) {
            int width = TilePath.widthAt(0, bundle, size);
            String entries = new TilePath.Entries(bundle, width).format();
            assertTrue(Files.size(log.resolve(entries)) > 0, entries);
          }
        }
      }
    }
  }

  /** Where the node's directory is lost, nothing is built from half a backup. */
  private void refusedByRestore(Path backup) throws IOException {
    Path home = Files.createTempDirectory(directory, "home");
    Files.copy(data().resolve("federation.yaml"), home.resolve("federation.yaml"));
    Ran ran =
        aika(
            "restore",
            "Asia-Komatsu",
            "--data",
            home.toString(),
            "--from",
            backup.toString(),
            "--accept-missing");
    assertEquals(1, ran.code, ran::err);
    assertTrue(ran.err.contains("is not whole") || ran.err.contains("is no backup"), ran::err);
  }
}
