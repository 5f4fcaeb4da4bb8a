package aika.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is looked at without a federation, with made-up machines. */
final class MachineChecksTest {
  private static final long GIB = 1L << 30;

  @TempDir Path directory;

  private static Result only(Check check) {
    List<Result> results = check.results();
    assertEquals(1, results.size(), results::toString);
    return results.getFirst();
  }

  @Test
  void javaIsNewEnoughOrNot() {
    assertInstanceOf(Result.Ok.class, only(new JdkCheck(Runtime.Version.parse("25.0.1"))));
    assertInstanceOf(Result.Wrong.class, only(new JdkCheck(Runtime.Version.parse("24.0.2"))));
  }

  private static Result disk(long usable, long total, boolean readOnly) {
    return only(new DiskCheck(Path.of("any"), path -> new Disk.State(usable, total, readOnly)));
  }

  @Test
  void freeSpaceHasThreeGrades() {
    assertInstanceOf(Result.Ok.class, disk(50 * GIB, 100 * GIB, false));
    assertInstanceOf(Result.Ok.class, disk(10 * GIB, 100 * GIB, false));
    assertInstanceOf(Result.Attention.class, disk(10 * GIB - 2 * GIB, 100 * GIB, false));
    assertInstanceOf(Result.Attention.class, disk(5 * GIB - 1, 10 * GIB, false));
    assertInstanceOf(Result.Attention.class, disk(GIB, 2 * GIB, false));
    assertInstanceOf(Result.Wrong.class, disk(GIB - 1, 2 * GIB, false));
    assertInstanceOf(Result.Wrong.class, disk(0, 0, false));
    assertInstanceOf(Result.Wrong.class, disk(50 * GIB, 100 * GIB, true));
  }

  @Test
  void aDiskThatTellsNothingIsSkipped() {
    Check check =
        new DiskCheck(
            Path.of("any"),
            path -> {
              throw new IOException("stale handle");
            });
    assertTrue(only(check).found().en().contains("stale handle"));
    assertInstanceOf(Result.Skipped.class, only(check));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void theDirectoryIsThereAndItsOwnersOnly() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    assertInstanceOf(Result.Ok.class, only(new DirectoryCheck(directory)));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
    Result open = only(new DirectoryCheck(directory));
    assertInstanceOf(Result.Attention.class, open);
    assertEquals(List.of("chmod 700 " + directory), open.next().orElseThrow().commands());
    Result missing = only(new DirectoryCheck(directory.resolve("none")));
    assertInstanceOf(Result.Wrong.class, missing);
    assertTrue(!Files.exists(directory.resolve("none")), "it made the directory");
  }

  private List<Result> limits(String available, String files) throws IOException {
    Files.createDirectories(directory.resolve("self"));
    Files.writeString(
        directory.resolve("meminfo"),
        "MemTotal:       24576000 kB\nMemFree:  100 kB\nMemAvailable:   " + available + " kB\n");
    Files.writeString(
        directory.resolve("self/limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             95000                95000                processes
        Max open files            1024                 %s               files
        """
            .formatted(files));
    return new LimitsCheck(directory).results();
  }

  @Test
  void memoryAndFilesAreEnoughOrNot() throws IOException {
    for (Result result : limits("2000000", "524288")) {
      assertInstanceOf(Result.Ok.class, result);
    }
    List<Result> small = limits("500000", "1024");
    assertEquals(2, small.size());
    for (Result result : small) {
      assertInstanceOf(Result.Attention.class, result);
    }
    assertTrue(small.getLast().found().en().contains("1024"), small::toString);
    Result unlimited = limits("2000000", "unlimited").getLast();
    assertInstanceOf(Result.Ok.class, unlimited);
    assertTrue(unlimited.found().en().contains("unlimited"), unlimited::toString);
  }

  @Test
  void anotherSystemIsSkipped() {
    assertInstanceOf(Result.Skipped.class, only(new LimitsCheck(directory.resolve("no proc"))));
  }
}
