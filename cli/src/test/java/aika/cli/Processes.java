package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The nodes of a test in processes of their own, by names that the test gives them. */
final class Processes implements AutoCloseable {
  private static final long POLL_MILLIS = 20;

  /** After SIGTERM. */
  private static final int STOPPED = 143;

  private final Path outputs;
  private final Duration patience;
  private final Map<String, AikaProcess> running = new LinkedHashMap<>();
  private int starts;

  /**
   * @param outputs where there is room for what they print
   * @param patience with whatever is awaited
   */
  Processes(Path outputs, Duration patience) {
    this.outputs = outputs;
    this.patience = patience;
  }

  /** Starts {@code aika node} with this argument. */
  void start(String name, String node, Path home, int portOffset) {
    running.put(
        name,
        AikaProcess.start(
            outputs.resolve("output-" + starts++),
            "node",
            node,
            "--data",
            home.toString(),
            "--port-offset",
            String.valueOf(portOffset)));
  }

  Set<String> names() {
    return Set.copyOf(running.keySet());
  }

  String output(String name) {
    return Objects.requireNonNull(running.get(name)).output();
  }

  void awaitReady(String name) {
    await(() -> output(name).contains("ready; "));
  }

  /** As kill -9 does. */
  void kill(String name) throws InterruptedException {
    Objects.requireNonNull(running.remove(name)).kill();
  }

  /** As an operator stops it, which it does in order. */
  void stop(String name) throws InterruptedException {
    AikaProcess process = Objects.requireNonNull(running.remove(name));
    assertEquals(STOPPED, process.stop(), process::output);
  }

  /** Fails when it lasts too long, and when a process ends meanwhile. */
  void await(BooleanSupplier condition) {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> "timed out: " + outputs());
      for (AikaProcess process : running.values()) {
        try {
          assertTrue(process.runs(POLL_MILLIS), process::output);
        } catch (InterruptedException stopped) {
          throw new AssertionError(stopped);
        }
      }
    }
  }

  List<String> outputs() {
    return running.values().stream().map(AikaProcess::output).toList();
  }

  @Override
  public void close() {
    running.values().forEach(AikaProcess::close);
  }
}
