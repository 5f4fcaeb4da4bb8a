package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** kill -9: every answered entry is there again, in order, exactly once. */
class OrderingKillTest {
  private static final int KILLS = 8;
  private static final int IN_FLIGHT = 32;

  @TempDir Path directory;

  @Test
  @Timeout(180)
  void survivesKills() throws Exception {
    long seed = Long.getLong("aika.seed", System.nanoTime());
    System.out.println("seed " + seed + " (repeat with -Daika.seed=" + seed + ")");
    Random random = new Random(seed);
    long answered = -1;
    for (int kill = 0; kill < KILLS; kill++) {
      long heard = runAndKill(random);
      answered = Math.max(answered, heard);
      System.out.println("kill " + kill + ": answered up to " + answered);
    }
    NumberFile state = new NumberFile(directory.resolve("state"), random);
    try (Ordering ordering = Ordering.start(settings(directory), state)) {
      assertConsecutive(state.numbers());
      assertTrue(state.numbers().size() > answered, "of " + answered + ": " + state.numbers());
      assertTrue(ordering.lastApplied() >= answered);
    }
    assertTrue(answered > 0, "nothing was ever answered");
  }

  /** Returns the last number that the child called answered. */
  private long runAndKill(Random random) throws IOException, InterruptedException {
    int answersFirst = random.nextInt(400);
    long millisMore = random.nextInt(40);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString(),
                Long.toString(random.nextLong()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long last = -1;
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i < answersFirst; i++) {
        last = answered(lines.readLine(), last);
      }
      assertFalse(child.waitFor(millisMore, TimeUnit.MILLISECONDS), "the child ended by itself");
      // By its handle, which leaves what it said readable.
      child.toHandle().destroyForcibly();
      // What it had said before it died counts too.
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = answered(line, last);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    return last;
  }

  /** The number in a line; what went before in a torn one. */
  private static long answered(@Nullable String line, long before) {
    assertNotNull(line, "the child ended by itself");
    return line.endsWith(".") ? Long.parseLong(line.substring(0, line.length() - 1)) : before;
  }

  private static void assertConsecutive(List<Long> numbers) {
    assertEquals(LongStream.range(0, numbers.size()).boxed().toList(), numbers);
  }

  private static OrderingSettings settings(Path directory) {
    return new OrderingSettings(
        directory.resolve("log"),
        "komatsu",
        "1",
        List.of(new OrderingSettings.Peer("1", "localhost", 0)),
        100,
        256 * 1024,
        32 * 1024,
        IN_FLIGHT,
        1024 * 1024);
  }

  /** Submits the next numbers until it is killed; says {@code number.} when one is answered. */
  static final class Child {
    /** For answers alone: what is logged goes to stderr. */
    private static final PrintStream ANSWERS = System.out;

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      System.setOut(System.err);
      Path directory = Path.of(arguments[0]);
      Random random = new Random(Long.parseLong(arguments[1]));
      NumberFile state = new NumberFile(directory.resolve("state"), new Random(random.nextLong()));
      Ordering ordering = Ordering.start(settings(directory), state);
      assertConsecutive(state.numbers());
      for (long number = state.numbers().size(); ; number++) {
        // Waits while too much is in flight, so answers follow at the pace of the disk.
        var _ = ordering.submit(NumberFile.entry(number, random)).whenComplete(Child::say);
      }
    }

    private static void say(byte @Nullable [] answer, @Nullable Throwable thrown) {
      if (answer == null) {
        System.err.println(thrown);
        Runtime.getRuntime().halt(1);
      } else {
        ANSWERS.println(new String(answer, StandardCharsets.UTF_8) + ".");
      }
    }
  }
}
