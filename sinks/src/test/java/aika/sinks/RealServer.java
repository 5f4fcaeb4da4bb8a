package aika.sinks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server of another project that runs for a test. It can be killed and started again on the same
 * port with the same data; closing it removes its folder.
 */
public final class RealServer implements AutoCloseable {
  private static final long START_SECONDS_MAX = 60;
  private static final long STOP_SECONDS_MAX = 20;

  /** After kill -9 an operating system may need a moment until the same port and data are free. */
  private static final int STARTS_MAX = 20;

  private static final long POLL_MILLIS = 20;

  /** How a server is started. */
  interface Command {
    List<String> of(int port, Path folder);
  }

  /** Whether it answers on its port. */
  interface Probe {
    boolean answers(int port);
  }

  private final String name;
  private final int port;
  private final Path folder;
  private final List<String> command;
  private final Probe probe;
  private @Nullable Process process;

  private RealServer(String name, int port, Path folder, List<String> command, Probe probe) {
    this.name = name;
    this.port = port;
    this.folder = folder;
    this.command = command;
    this.probe = probe;
  }

  static RealServer start(String name, Command command) {
    try {
      return start(
          name, Files.createTempDirectory("aika-" + name), command, RealServer::acceptsConnections);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * @param folder belongs to the server from now on
   */
  static RealServer start(String name, Path folder, Command command, Probe probe) {
    int port = freePort();
    RealServer server = new RealServer(name, port, folder, command.of(port, folder), probe);
    // A test that is ended from outside must not leave it running.
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    try {
      server.start();
    } catch (RuntimeException failed) {
      server.close();
      throw failed;
    }
    return server;
  }

  public int port() {
    return port;
  }

  /** {@code 127.0.0.1:PORT} */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Its temporary folder; the data are in {@code data}. */
  public Path folder() {
    return folder;
  }

  /** What it printed so far, for a failure's message. */
  public String output() {
    try {
      Path log = folder.resolve("output");
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Starts it, again after {@link #kill} or {@link #stop}; returns when it answers. */
  public synchronized void start() {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException(name + " runs already");
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
    for (int i = 0; i < STARTS_MAX && System.nanoTime() < end; i++) {
      Process started = launch();
      process = started;
      if (until(end, () -> !started.isAlive() || probe.answers(port)) && started.isAlive()) {
        return;
      }
      until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10 * POLL_MILLIS), () -> false);
    }
    throw new IllegalStateException(name + " does not start: " + output());
  }

  private Process launch() {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("output").toFile()));
    try {
      return builder.start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** kill -9; returns when it is dead. */
  public synchronized void kill() {
    Process dying = process;
    if (dying != null) {
      dying.destroyForcibly();
      if (!ended(dying)) {
        throw new IllegalStateException(name + " does not end");
      }
    }
  }

  /** Stops it as an administrator would. */
  public synchronized void stop() {
    Process stopping = process;
    if (stopping != null) {
      stopping.destroy();
      if (!ended(stopping)) {
        kill();
      }
    }
  }

  private static boolean ended(Process process) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS_MAX);
    return until(end, () -> !process.isAlive());
  }

  /** Ends it and removes its folder; again: nothing. */
  @Override
  public synchronized void close() {
    kill();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS_MAX);
    // Children of a killed server may still write for a moment.
    until(end, this::removed);
  }

  private boolean removed() {
    if (!Files.exists(folder)) {
      return true;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
      return true;
    } catch (IOException | UncheckedIOException stillInUse) {
      return false;
    }
  }

  private static boolean acceptsConnections(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Polls until it is true; false when the time is over. */
  private static boolean until(long end, BooleanSupplier there) {
    while (!there.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", interrupted);
      }
    }
    return true;
  }
}
