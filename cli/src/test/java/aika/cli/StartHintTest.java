package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StartHintTest {
  @TempDir Path machine;

  private void install(String program) throws IOException {
    Path file = machine.resolve(program);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private StartHint hint() {
    return new StartHint("/nonexistent:" + machine.resolve("bin"), machine.resolve("servers"));
  }

  @Test
  void aContainerWhereThereIsATool() throws IOException {
    install("bin/podman");
    install("bin/mongod");
    assertEquals(
        "podman run -d --name aika-mongo-10024 -p 127.0.0.1:10024:27017 mongo:8",
        hint().mongo(10_024));
    assertTrue(hint().immudb(3_322).startsWith("podman run -d --name aika-immudb-3322 "));
    install("bin/docker");
    assertTrue(hint().mongo(27_017).startsWith("docker run "));
  }

  @Test
  void elseTheInstalledServer() throws IOException {
    install("bin/mongod");
    install("bin/immudb");
    install("bin/go");
    assertEquals(
        "mkdir -p mongo-10024 && mongod --port 10024 --dbpath mongo-10024", hint().mongo(10_024));
    assertEquals("immudb --address=127.0.0.1 --port=3322 --dir=immudb-3322", hint().immudb(3_322));
  }

  @Test
  void elseOurOwn() throws IOException {
    install("bin/go");
    assertEquals("scripts/real-servers", hint().mongo(27_017));
    assertEquals("scripts/real-servers", hint().immudb(3_322));
    install("servers/ferretdb-1.24.2/ferretdb");
    assertTrue(hint().mongo(27_017).contains("ferretdb --listen=127.0.0.1:27017"));
  }

  @Test
  void elseTheUsualContainer() {
    assertTrue(hint().mongo(27_017).startsWith("docker run "));
    assertTrue(hint().immudb(3_322).startsWith("docker run "));
  }
}
