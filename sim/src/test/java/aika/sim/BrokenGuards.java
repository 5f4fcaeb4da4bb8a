package aika.sim;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Breaks one guard of the core's source at a time and runs the core's tests, then the simulator,
 * against it in a JVM of its own, until one of them notices. The list is {@code guards.txt}.
 */
final class BrokenGuards {
  /** What takes longer hangs, which is noticed too. */
  private static final long SECONDS_MAX = 900;

  private static final Path CORE = Path.of("..", "core").toAbsolutePath().normalize();

  private final Map<Path, String> sources = new HashMap<>();

  /**
   * A guard and how it is broken.
   *
   * @param file name of the source file, or empty for whichever has the text
   * @param found simple names of the test classes to ask first
   */
  record Guard(String name, String file, String was, String now, List<String> found) {}

  /**
   * What became of a broken guard.
   *
   * @param by the test that noticed; empty when none did
   */
  record Result(Guard guard, String by, double seconds) {}

  BrokenGuards() throws IOException {
    try (Stream<Path> files = Files.walk(CORE.resolve("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        sources.put(file, Files.readString(file));
      }
    }
  }

  /** The list. */
  static List<Guard> all() {
    List<Guard> guards = new ArrayList<>();
    try (InputStream in = BrokenGuards.class.getResourceAsStream("guards.txt")) {
      if (in == null) {
        throw new IllegalStateException("guards.txt is missing");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String block : text.replaceAll("(?m)^#.*\n", "").strip().split("\n\n+", -1)) {
        guards.add(guard(block));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return guards;
  }

  private static Guard guard(String block) {
    Map<String, String> lines = new HashMap<>();
    for (String line : block.split("\n", -1)) {
      String[] parts = line.split(" +", 2);
      if (lines.put(parts[0], parts.length == 1 ? "" : parts[1]) != null) {
        throw new IllegalStateException("a second " + parts[0] + " in:\n" + block);
      }
    }
    String name = lines.remove("guard");
    String was = lines.remove("was");
    String now = lines.remove("now");
    String found = lines.remove("found");
    String file = lines.containsKey("in") ? lines.remove("in") : "";
    if (name == null || was == null || now == null || found == null || !lines.isEmpty()) {
      throw new IllegalStateException("not guard, was, now and found:\n" + block);
    }
    return new Guard(name, file, was, now, List.of(found.split(" ")));
  }

  /** A source file with the guard broken. */
  record Mutant(Path file, String source) {}

  /**
   * The source without this guard.
   *
   * @throws IllegalStateException when the text does not stand in it exactly once
   */
  Mutant broken(Guard guard) {
    List<Mutant> found = new ArrayList<>();
    for (Map.Entry<Path, String> source : sources.entrySet()) {
      if (guard.file.isEmpty() || source.getKey().endsWith(guard.file)) {
        for (String changed : replaced(source.getValue(), guard.was, guard.now)) {
          found.add(new Mutant(source.getKey(), changed));
        }
      }
    }
    if (found.size() != 1) {
      throw new IllegalStateException(
          guard.name + ": stands " + found.size() + " times in the core: " + guard.was);
    }
    return found.getFirst();
  }

  /** The text with each occurrence replaced, one at a time; white space does not count. */
  private static List<String> replaced(String text, String was, String now) {
    int[] places = new int[text.length()];
    StringBuilder bare = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isWhitespace(text.charAt(i))) {
        places[bare.length()] = i;
        bare.append(text.charAt(i));
      }
    }
    String wanted = was.replaceAll("\\s", "");
    List<String> results = new ArrayList<>();
    for (int at = bare.indexOf(wanted); at >= 0; at = bare.indexOf(wanted, at + 1)) {
      String before = text.substring(0, places[at]);
      String after = text.substring(places[at + wanted.length() - 1] + 1);
      results.add(before + ' ' + now + ' ' + after);
    }
    return results;
  }

  /** Breaks each and prints who notices; true when each is noticed. */
  boolean run(List<Guard> guards, PrintStream out) throws IOException, InterruptedException {
    for (Guard guard : guards) {
      broken(guard); // before anything is run
    }
    out.println("The core's guards, broken one at a time: " + guards.size());
    Result unbroken = test(new Guard("nothing broken", "", "", "", List.of()), null);
    if (!unbroken.by.isEmpty()) {
      out.println("With nothing broken, this fails: " + unbroken.by);
      return false;
    }
    out.printf("With nothing broken, no test fails (%.1f s).%n", unbroken.seconds);
    List<Result> survived = new ArrayList<>();
    double seconds = unbroken.seconds;
    int done = 0;
    for (Guard guard : guards) {
      Result result = result(guard);
      done++;
      seconds += result.seconds;
      String by = result.by.isEmpty() ? "NOBODY" : result.by;
      out.printf("%3d/%d %5.1f s  %s: %s%n", done, guards.size(), result.seconds, guard.name, by);
      out.flush();
      if (result.by.isEmpty()) {
        survived.add(result);
      }
    }
    out.printf("%d of %d noticed, in %.0f s%n", done - survived.size(), done, seconds);
    survived.forEach(result -> out.println("nobody noticed: " + result.guard.name));
    return survived.isEmpty();
  }

  /** Breaks one guard and finds who notices. */
  Result result(Guard guard) throws IOException, InterruptedException {
    return test(guard, broken(guard));
  }

  private static Result test(Guard guard, @Nullable Mutant mutant)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Path classes = Files.createTempDirectory("aika-guard");
    Path said = Files.createTempFile("aika-guard", ".txt");
    try {
      if (mutant != null) {
        compile(mutant, classes);
      }
      int exit = runTests(classes, guard.found, said);
      List<String> lines = Files.readAllLines(said);
      String last = lines.isEmpty() ? "" : lines.getLast();
      String by =
          switch (exit) {
            case 0 -> "";
            case GuardRun.NOTICED -> last;
            case -1 -> "does not end within " + SECONDS_MAX + " s";
            default -> throw new IllegalStateException("tests end with " + exit + ": " + lines);
          };
      return new Result(guard, by, (System.nanoTime() - start) / 1e9);
    } finally {
      Files.delete(said);
      try (Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void compile(Mutant mutant, Path classes) throws IOException {
    Path source = classes.resolve(String.valueOf(mutant.file.getFileName()));
    Files.writeString(source, mutant.source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", classPath(classes));
      if (!compiler
          .getTask(null, files, null, options, null, files.getJavaFileObjects(source))
          .call()) {
        throw new IllegalStateException("does not compile: " + mutant.file);
      }
    }
  }

  private static String classPath(Path first) {
    return String.join(
        File.pathSeparator,
        first.toString(),
        CORE.resolve("target/classes").toString(),
        CORE.resolve("target/test-classes").toString(),
        System.getProperty("java.class.path", ""));
  }

  private static int runTests(Path classes, List<String> first, Path said)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(classPath(classes));
    command.add(GuardRun.class.getName());
    command.add(CORE.resolve("target/test-classes").toString());
    command.addAll(first);
    Process process =
        new ProcessBuilder(command)
            .directory(CORE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      return process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
