package aika.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real {@code aika} in a process of its own, whose output goes to a file. */
final class AikaProcess implements AutoCloseable {
  private final Process process;
  private final Path output;

  private AikaProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static AikaProcess demo(Path data, int portOffset, Path output) {
    return start(
        output, "demo", "--data", data.toString(), "--port-offset", String.valueOf(portOffset));
  }

  static AikaProcess start(Path output, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:TieredStopAtLevel=1"); // it never lives long
    command.add("-XX:+UseSerialGC");
    command.add("-Xms128m");
    command.add("-Xmx256m");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "aika.cli.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    try {
      return new AikaProcess(builder.start(), output);
    } catch (IOException failed) {
      throw new AssertionError("java cannot be started", failed);
    }
  }

  /**
   * Lets it run for so long.
   *
   * @return false when it has ended before
   */
  boolean runs(long millis) throws InterruptedException {
    return !process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** As kill -9 does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** As Ctrl-C does; answers with the exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
