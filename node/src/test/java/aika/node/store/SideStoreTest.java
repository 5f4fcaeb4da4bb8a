package aika.node.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SideStoreTest {
  @TempDir Path directory;

  @Test
  void aClosedStoreRefusesInsteadOfCrashing() {
    SideStore store = SideStore.open(directory.resolve("side"));
    store.close();
    store.close();
    assertThrows(StoreException.class, () -> store.get("a"));
    assertThrows(StoreException.class, () -> store.change().put("a", new byte[1]).commit());
  }

  @Test
  void aSecondOpeningIsRefused() {
    Path at = directory.resolve("side");
    try (SideStore first = SideStore.open(at)) {
      assertNull(first.get("a"));
      assertThrows(StoreException.class, () -> SideStore.open(at));
    }
  }

  @Test
  void aChangeSurvivesARestart() {
    Path at = directory.resolve("side");
    try (SideStore store = SideStore.open(at)) {
      store.change().put("a", bytes("1")).put("b/1", bytes("2")).put("b/2", bytes("3")).commit();
      store.change().delete("a").put("c", bytes("4")).commit();
    }
    try (SideStore store = SideStore.open(at)) {
      assertNull(store.get("a"));
      assertArrayEquals(bytes("4"), store.get("c"));
      assertEquals(List.of("b/1", "b/2"), keys(store.items("b/", 10)));
      assertEquals(List.of("b/1"), keys(store.items("b/", 1)));
      assertEquals(List.of(), keys(store.items("d", 10)));
    }
  }

  @Test
  void whatIsErasedIsInNoFile() throws IOException {
    Path at = directory.resolve("side");
    try (SideStore store = SideStore.open(at)) {
      store.change().put("a", bytes("Hanako-of-Komatsu")).put("b", bytes("stays-here")).commit();
      assertTrue(inAnyFile(at, "Hanako-of-Komatsu"));
      store.change().delete("a").commitErasing();
    }
    assertFalse(inAnyFile(at, "Hanako-of-Komatsu"));
    assertTrue(inAnyFile(at, "stays-here"));
  }

  @Test
  void onlyTheOwnerMayEnterTheDirectory() throws IOException {
    Path at = directory.resolve("data/side");
    Assumptions.assumeTrue(
        Files.getFileStore(directory).supportsFileAttributeView("posix"), "no permissions here");
    SideStore.open(at).close();
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(at)));
  }

  private static boolean inAnyFile(Path directory, String text) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (new String(Files.readAllBytes(file), UTF_8).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<String> keys(List<SideStore.Item> items) {
    return items.stream().map(SideStore.Item::key).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
