package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OrderingTest {
  private static final int ENTRY_BYTES_MAX = 8 * 1024;

  @TempDir Path directory;

  private final Recorder recorder = new Recorder();

  private OrderingSettings settings() {
    return settings("1");
  }

  private OrderingSettings settings(String peer) {
    return new OrderingSettings(
        directory,
        "komatsu",
        peer,
        List.of(new OrderingSettings.Peer("1", "localhost", 0)),
        50,
        64 * 1024,
        ENTRY_BYTES_MAX,
        16,
        4 * ENTRY_BYTES_MAX);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(CompletableFuture<byte[]> answer) {
    return new String(answer.join(), StandardCharsets.UTF_8);
  }

  private static OrderingException refusal(CompletableFuture<byte[]> answer) {
    CompletionException thrown = assertThrows(CompletionException.class, answer::join);
    return assertInstanceOf(OrderingException.class, thrown.getCause());
  }

  @Test
  void refusesWhatIsEmptyOrTooLarge() {
    try (Ordering ordering = Ordering.start(settings(), recorder)) {
      for (int length : new int[] {0, ENTRY_BYTES_MAX + 1}) {
        OrderingException refusal = refusal(ordering.submit(new byte[length]));
        assertFalse(refusal.maybeOrdered());
        assertTrue(String.valueOf(refusal.getMessage()).contains("this one " + length));
      }
      assertEquals("0", text(ordering.submit(new byte[ENTRY_BYTES_MAX])));
      assertTrue(ordering.failure().isEmpty());
    }
  }

  @Test
  void refusesSettingsThatContradictEachOther() {
    assertThrows(IllegalArgumentException.class, () -> settings("2"));
    assertThrows(IllegalArgumentException.class, () -> OrderingSettings.alone(directory, " "));
    assertThrows(
        IllegalArgumentException.class, () -> new OrderingSettings.Peer("1", "localhost", 65_536));
  }

  @Test
  void keepsTheOrderOfEachThread() throws Exception {
    int threads = 4;
    int each = 300;
    List<List<CompletableFuture<byte[]>>> answers = new ArrayList<>();
    try (Ordering ordering = Ordering.start(settings(), recorder)) {
      assertTrue(ordering.leading());
      List<Thread> submitters = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        String name = "thread-" + t + ":";
        List<CompletableFuture<byte[]>> mine = new ArrayList<>();
        answers.add(mine);
        submitters.add(
            Thread.startVirtualThread(() ->
                IntStream.range(0, each).forEach(i -> mine.add(ordering.submit(bytes(name + i))))));
      }
      for (Thread submitter : submitters) {
        submitter.join();
      }
      for (int t = 0; t < threads; t++) {
        String name = "thread-" + t + ":";
        assertEquals(
            IntStream.range(0, each).mapToObj(i -> name + i).toList(),
            answeredWith(answers.get(t)),
            "applied in the order of submits, and answered accordingly");
      }
    }
    assertEquals(threads * each, recorder.texts().size());
  }

  private List<String> answeredWith(List<CompletableFuture<byte[]>> answers) {
    List<Integer> positions = answers.stream().map(a -> Integer.valueOf(text(a))).toList();
    List<String> applied = recorder.texts();
    assertEquals(positions.stream().sorted().toList(), positions);
    return positions.stream().map(applied::get).toList();
  }

  /** Whoever got a copy comes with it later, also when another is made meanwhile. */
  @Test
  void theLogIsKeptFromTheFirstOfTwoCopiesOn() {
    try (Ordering ordering = Ordering.start(settings(), recorder)) {
      submitMany(ordering);
      ordering.hold(Duration.ofHours(1));
      long copied = ordering.lastApplied();
      submitMany(ordering);
      ordering.hold(Duration.ofHours(1));
      submitMany(ordering);
      assertTrue(ordering.termOf(copied + 1) > 0);
    }
  }

  /** Several files of log, and checkpoints. */
  private static void submitMany(Ordering ordering) {
    byte[] entry = new byte[1_024];
    IntStream.range(0, 300).forEach(i -> ordering.submit(entry).join());
  }

  @Test
  void replaysAfterARestartOnlyWhatIsNotDurable() throws IOException {
    try (Ordering ordering = Ordering.start(settings(), recorder)) {
      for (int i = 0; i < 20; i++) {
        ordering.submit(bytes("first " + i)).join();
      }
    }
    Recorder second = recorder.crashed();
    assertEquals(20, second.texts().size(), "closing makes everything durable");
    Ordering ordering = Ordering.start(settings(), second);
    for (int i = 0; i < 10; i++) {
      ordering.submit(bytes("second " + i)).join();
      if (i == 3) {
        second.makeDurable();
      }
    }
    long last = ordering.lastApplied();
    Recorder third = second.crashed();
    assertEquals(24, third.texts().size());
    ordering.close();
    // As if killed before the checkpoint that closing made.
    Files.delete(files("checkpoint").getFirst());
    try (Ordering again = Ordering.start(settings(), third)) {
      assertEquals(second.texts(), third.texts());
      assertEquals(last, again.lastApplied());
      assertEquals("30", text(again.submit(bytes("third"))));
    }
  }

  @Test
  void deletesTheLogBehindACheckpoint() throws IOException {
    int entries = 200;
    try (Ordering ordering = Ordering.start(settings(), recorder)) {
      for (int i = 0; i < entries; i++) {
        ordering.submit(new byte[4 * 1024]).join();
      }
    }
    List<Path> left = files("log_");
    long bytes = 0;
    for (Path file : left) {
      bytes += Files.size(file);
    }
    assertTrue(bytes < 3 * 64 * 1024, "of 800 KiB in segments of 64 KiB remain: " + left);

    Recorder old = new Recorder();
    String refusal = startRefused(old);
    assertTrue(refusal.contains("restore a newer state"), refusal);
    assertTrue(old.texts().isEmpty());
  }

  @Test
  void refusesAStateWhoseLogIsMissing() throws IOException {
    try (Ordering ordering = Ordering.start(settings(), recorder)) {
      ordering.submit(bytes("x")).join();
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(directory)) {
          Files.delete(path);
        }
      }
    }
    String refusal = startRefused(recorder.crashed());
    assertTrue(refusal.contains("there is no log"), refusal);
  }

  @Test
  void refusesADirectoryInUse() {
    try (Ordering ordering = Ordering.start(settings(), recorder)) {
      String refusal = startRefused(new Recorder());
      assertTrue(refusal.contains("is in use"), refusal);
      assertEquals("0", text(ordering.submit(bytes("still well"))));
    }
  }

  private String startRefused(Replicated replicated) {
    return String.valueOf(
        assertThrows(OrderingException.class, () -> Ordering.start(settings(), replicated))
            .getMessage());
  }

  @Test
  void stopsWhenAnEntryCannotBeApplied() {
    recorder.poison("bad");
    Ordering ordering = Ordering.start(settings(), recorder);
    ordering.submit(bytes("good")).join();
    recorder.shutGate();
    CompletableFuture<byte[]> bad = ordering.submit(bytes("bad"));
    CompletableFuture<byte[]> behind = ordering.submit(bytes("behind"));
    recorder.openGate();
    assertTrue(refusal(bad).maybeOrdered());
    assertTrue(refusal(behind).maybeOrdered());
    assertFalse(refusal(ordering.submit(bytes("later"))).maybeOrdered());
    assertTrue(
        String.valueOf(ordering.failure().orElseThrow().getMessage()).contains("cannot apply bad"));
    assertFalse(ordering.leading());
    ordering.close();
    assertEquals(List.of("good"), recorder.texts());

    recorder.makeDurable();
    Recorder stillBad = recorder.crashed();
    stillBad.poison("bad");
    String refusal = startRefused(stillBad);
    assertTrue(refusal.contains("cannot apply bad"), refusal);

    Recorder repaired = recorder.crashed();
    try (Ordering again = Ordering.start(settings(), repaired)) {
      assertEquals(List.of("good", "bad", "behind"), repaired.texts());
      assertTrue(again.leading());
    }
  }

  @Test
  void makesSubmittersWaitAndLetsThemBeInterrupted() throws Exception {
    Ordering ordering = Ordering.start(settings(), recorder);
    recorder.shutGate();
    List<CompletableFuture<byte[]>> taken = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      taken.add(ordering.submit(new byte[ENTRY_BYTES_MAX]));
    }
    AtomicReference<String> interrupted = new AtomicReference<>("");
    Thread impatient = submitter(ordering, interrupted);
    awaitWaiting(impatient);
    impatient.interrupt();
    impatient.join();
    assertTrue(interrupted.get().contains("interrupted"), interrupted.get());

    AtomicReference<String> refused = new AtomicReference<>("");
    Thread late = submitter(ordering, refused);
    awaitWaiting(late);
    Thread closer = Thread.startVirtualThread(ordering::close);
    awaitWaiting(closer);
    recorder.openGate();
    closer.join();
    late.join();
    assertTrue(refused.get().contains("closed"), refused.get());
    assertEquals(List.of("0", "1", "2", "3"), taken.stream().map(OrderingTest::text).toList());
    assertEquals(4, recorder.crashed().texts().size());
    assertFalse(refusal(ordering.submit(bytes("x"))).maybeOrdered());
    assertTrue(ordering.failure().isEmpty());
  }

  private static Thread submitter(Ordering ordering, AtomicReference<String> refused) {
    return Thread.startVirtualThread(() -> {
      OrderingException refusal = refusal(ordering.submit(new byte[ENTRY_BYTES_MAX]));
      assertFalse(refusal.maybeOrdered());
      refused.set(String.valueOf(refusal.getMessage()));
    });
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      assertTrue(thread.isAlive());
      Thread.onSpinWait();
    }
  }

  @Test
  void doesNotWaitForThoseWhoHearTheAnswers() {
    try (Ordering ordering = Ordering.start(settings(), recorder)) {
      CountDownLatch release = new CountDownLatch(1);
      recorder.shutGate();
      CompletableFuture<Void> slow =
          ordering.submit(bytes("first")).thenAccept(answer -> await(release));
      recorder.openGate();
      // More than fits in flight: there is room when one is applied, not when its answer is heard.
      List<CompletableFuture<byte[]>> later =
          IntStream.range(0, 40).mapToObj(i -> ordering.submit(bytes("later " + i))).toList();
      release.countDown();
      slow.join();
      later.forEach(CompletableFuture::join);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Path> files(String prefix) {
    try (Stream<Path> tree = Files.walk(directory)) {
      return tree.filter(f -> String.valueOf(f.getFileName()).startsWith(prefix)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
