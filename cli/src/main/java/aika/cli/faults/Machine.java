package aika.cli.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A machine of the laboratory and the node that runs on it, in a process that can be killed. */
final class Machine implements AutoCloseable {
  /** The class that is {@code aika}. */
  static final String MAIN = "aika.cli.Main";

  /** Small, so that a federation fits on one computer. */
  private static final List<String> OPTIONS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xmx160m");

  private static final List<Path> FAKETIME =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/faketime/libfaketimeMT.so.1"));

  private static final long START_NANOS_MAX = TimeUnit.SECONDS.toNanos(120);

  /** As long as the runbook says, and a little more for the process to be gone. */
  private static final long STOP_SECONDS_MAX = 35;

  /** What a process ends with that was told to end. */
  private static final int STOPPED = 143;

  private static final long POLL_MILLIS = 50;

  private final String name;
  private final String node;
  private final int number;
  private final Network network;
  private final Path data;
  private final Path output;
  private final Path clock;
  private final Path sync;
  private @Nullable Process process;
  private long shownFrom;
  private boolean wrongClock;
  private @Nullable Path slowSync;

  /**
   * @param name of the machine
   * @param node with whose name it is started
   * @param data with the federation file and the keys
   * @param said where there is room for what it prints
   */
  Machine(String name, String node, int number, Network network, Path data, Path said) {
    this.name = name;
    this.node = node;
    this.number = number;
    this.network = network;
    this.data = data;
    output = said.resolve(name + ".output");
    clock = said.resolve(name + ".clock");
    sync = said.resolve(name + ".sync");
  }

  String name() {
    return name;
  }

  String node() {
    return node;
  }

  Path data() {
    return data;
  }

  String address() {
    return network.address(number);
  }

  int number() {
    return number;
  }

  /** What only this node has: its data and no key. */
  Path own() {
    return data.resolve("nodes").resolve(node);
  }

  /** From its next start on this machine's clock can be set; that makes it slower. */
  void giveClock() {
    wrongClock = true;
  }

  /**
   * From its next start on this machine's disk can be made slow.
   *
   * @param library that makes it
   */
  void giveSlowDisk(Path library) {
    slowSync = library;
    setSync(0);
  }

  void start() throws InterruptedException {
    begin();
    awaitReady();
  }

  void begin() {
    List<String> arguments = List.of("node", node, "--host", address());
    try {
      shownFrom = Files.exists(output) ? Files.size(output) : 0;
      List<String> command = new ArrayList<>(arguments);
      command.addAll(List.of("--data", data.toString()));
      ProcessBuilder builder =
          new ProcessBuilder(network.on(number, java(command))).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
      List<Path> before = new ArrayList<>();
      if (slowSync != null) {
        before.add(slowSync);
        builder.environment().put("AIKA_SLOW_SYNC", sync.toString());
      }
      if (wrongClock) {
        setClock(0);
        before.add(faketime().orElseThrow());
        builder.environment().put("FAKETIME_TIMESTAMP_FILE", clock.toString());
        builder.environment().put("FAKETIME_CACHE_DURATION", "1");
        builder.environment().put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        // Otherwise it takes Java's waits, which are monotonic, for others, and they end at once.
        builder.environment().put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
      }
      if (!before.isEmpty()) {
        String all = String.join(":", before.stream().map(Path::toString).toList());
        builder.environment().put("LD_PRELOAD", all);
      }
      process = builder.start();
    } catch (IOException failed) {
      throw new LabException("java cannot be started: " + failed.getMessage(), failed);
    }
  }

  /**
   * Runs another {@code aika} on this machine to its end.
   *
   * @return what it printed
   */
  String aika(String... arguments) {
    return Network.run(network.on(number, java(List.of(arguments))));
  }

  /** The command that runs {@code aika} with these arguments, as this process does. */
  static List<String> java(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(arguments);
    return command;
  }

  /** The library by which a process's clock can be set; empty where it is not installed. */
  static Optional<Path> faketime() {
    return FAKETIME.stream().filter(Files::exists).findFirst();
  }

  /** Sets this machine's clock so far ahead of the true time, or behind it. */
  void setClock(long seconds) {
    tell(clock, "%+d\n".formatted(seconds));
  }

  /** How much longer each sync of this machine to its disk lasts. */
  void setSync(long millis) {
    tell(sync, millis + "\n");
  }

  /** The process reads the file at any moment. */
  private static void tell(Path file, String text) {
    try {
      Path next = Files.writeString(file.resolveSibling(file.getFileName() + "-next"), text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new LabException(file + ": " + failed.getMessage(), failed);
    }
  }

  void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + START_NANOS_MAX;
    while (!said().contains("ready; ")) {
      if (!runs()) {
        throw new LabException(name + " ended while it started: " + said());
      }
      if (System.nanoTime() > deadline) {
        throw new LabException(name + " is not ready in time: " + said());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  boolean runs() {
    Process now = process;
    return now != null && now.isAlive();
  }

  /** What it printed since it was started last. */
  String said() {
    try (SeekableByteChannel channel = Files.newByteChannel(output, StandardOpenOption.READ)) {
      channel.position(Math.min(shownFrom, channel.size()));
      ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - channel.position()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // the rest
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
    } catch (IOException failed) {
      throw new LabException(output + ": " + failed.getMessage(), failed);
    }
  }

  /**
   * As an operator stops a node.
   *
   * @throws LabException when it does not end, or not in order
   */
  void stop() throws InterruptedException {
    Process now = process;
    if (now == null || !now.isAlive()) {
      throw new LabException(name + " had ended by itself: " + said());
    }
    now.destroy();
    if (!now.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new LabException(
          "%s was told to stop and still runs %d s later".formatted(name, STOP_SECONDS_MAX));
    }
    if (now.exitValue() != STOPPED || !said().contains("stopped")) {
      throw new LabException(
          "%s did not stop in order: exit code %d, %s".formatted(name, now.exitValue(), said()));
    }
  }

  /** As kill -9 does; an interrupt does not keep it from that. */
  void kill() {
    Process now = process;
    if (now != null) {
      Process _ = now.destroyForcibly().onExit().join();
    }
  }

  /** Neither works nor ends. */
  void freeze() {
    signal("-STOP");
  }

  void thaw() {
    signal("-CONT");
  }

  private void signal(String what) {
    Process now = process;
    if (now != null && now.isAlive()) {
      Network.run(List.of("kill", what, String.valueOf(now.pid())));
    }
  }

  @Override
  public void close() {
    kill();
  }
}
