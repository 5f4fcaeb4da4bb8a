package aika.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The packaged {@code aika}, with the options that it is delivered with, in a process of its own
 * whose output goes to a file.
 */
final class AikaProcess implements AutoCloseable {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path JAR = TARGET.resolve("aika.jar");

  /** It never lives long. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xms128m", "-Xmx256m");

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
    command.add("@" + TARGET.resolve("aika.args"));
    command.addAll(SHORT_LIVED);
    command.addAll(classes(arguments[0]));
    command.addAll(List.of("-jar", JAR.toString()));
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
   * What the first demo or node that ends in order has loaded is there for all later ones, of all
   * tests: a start then takes a third less processor time.
   */
  private static List<String> classes(String command) {
    Path archive = TARGET.resolve("tested.jsa");
    try {
      if (Files.exists(archive) && isOlder(archive, JAR)) { // it would never be written again
        Files.deleteIfExists(archive);
      }
    } catch (NoSuchFileException gone) {
      // another one was faster
    } catch (IOException failed) {
      throw new AssertionError(archive.toString(), failed);
    }
    List<String> options = new ArrayList<>(List.of("-XX:SharedArchiveFile=" + archive));
    if (!command.equals("demo") && !command.equals("node")) { // it has loaded too little
      options.add("-XX:-AutoCreateSharedArchive");
    }
    return options;
  }

  private static boolean isOlder(Path one, Path other) throws IOException {
    return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other)) < 0;
  }

  /**
   * Lets it run for so long.
   *
   * @return false when it has ended before
   */
  boolean runs(long millis) throws InterruptedException {
    return !process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Its exit code, once it has ended by itself. */
  int end() throws InterruptedException {
    return process.waitFor();
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
