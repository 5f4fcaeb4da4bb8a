package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher itself, with a JDK and a Maven that only say how they were called. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
final class LauncherTest {
  private static final long SECONDS_MAX = 30;

  @TempDir Path root;
  private Path out;

  @BeforeEach
  void aProjectThatWasBuiltBefore() throws IOException {
    out = root.resolve("cli/target");
    Files.copy(Path.of("..", "aika"), file("aika"));
    script("jdk/bin/java", "printf '%s\\n' \"$@\"");
    script("jdk/bin/javac", "exit 1");
    Files.writeString(file("jdk/release"), "JAVA_VERSION=\"25\"\n");
    script("bin/mvn", "ls cli/target cli/target/lib >built\n: >cli/target/aika.jar");
    for (String source : new String[] {"pom.xml", "cli/pom.xml", "cli/src/launch/aika.args"}) {
      Files.writeString(file(source), "");
    }
    Files.createDirectories(root.resolve(".mvn"));
    Files.createDirectories(root.resolve("cli/src/main"));
    for (String old :
        new String[] {"aika.jsa", "demo.jsa", "node.jsa", "lib/core-1.jar", "lib/other-1.jar"}) {
      Files.writeString(file("cli/target/" + old), "old");
    }
  }

  private Path file(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return file;
  }

  private void script(String path, String lines) throws IOException {
    Files.writeString(file(path), "#!/bin/sh\n" + lines + "\n");
    Files.setPosixFilePermissions(file(path), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String aika(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", root.resolve("aika").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("AIKA_JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().merge("PATH", root.resolve("bin") + ":", (path, bin) -> bin + path);
    Path said = root.resolve("said");
    Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertTrue(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS));
    String text = Files.readString(said, UTF_8);
    assertEquals(0, process.exitValue(), text);
    return text;
  }

  @Test
  void aBuildRemovesTheArchivesOfClassesThatJavaWouldRefuse() throws Exception {
    assertTrue(aika("verify", "x").contains("/aika.jsa\n"));
    String whenBuilt = Files.readString(root.resolve("built"));
    assertFalse(whenBuilt.contains(".jsa"), whenBuilt);
    assertFalse(whenBuilt.contains("core-1.jar"), whenBuilt);
    assertTrue(whenBuilt.contains("other-1.jar"), whenBuilt);

    // up to date, so that what Java has written since then stays
    Files.delete(root.resolve("built"));
    Files.writeString(out.resolve("aika.jsa"), "new");
    Files.writeString(out.resolve("demo.jsa"), "new");
    assertTrue(aika("demo", "--help").contains("/aika.jsa\n"));
    assertTrue(aika("demo").contains("/demo.jsa\n"));
    assertTrue(aika("node", "--help").contains("/aika.jsa\n"));
    assertTrue(aika("node", "Asia").contains("/node.jsa\n"));
    assertFalse(Files.exists(root.resolve("built")));
    assertEquals("new", Files.readString(out.resolve("aika.jsa")));
    assertEquals("new", Files.readString(out.resolve("demo.jsa")));
  }

  @Test
  void whoeverMayNotWriteWhereTheProgramIsOnlyReadsAnArchive() throws Exception {
    String create = "-XX:-AutoCreateSharedArchive\n";
    String own = aika("verify", "x");
    assertFalse(own.contains(create), own);
    Files.writeString(out.resolve("aika.jsa"), "from the build");
    Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeFalse(Files.isWritable(out), "root may write anywhere");
      String read = aika("verify", "x");
      assertTrue(read.contains("/aika.jsa\n") && read.contains(create), read);
      String none = aika("node", "Asia");
      assertTrue(!none.contains(".jsa") && none.contains(create), none);
    } finally {
      Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
