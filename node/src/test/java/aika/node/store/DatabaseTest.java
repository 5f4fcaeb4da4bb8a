package aika.node.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.LRUCache;

/** The end of a database: native code would not survive a use after it. */
class DatabaseTest {
  private static final String FAMILY = "things";
  private static final byte[] ALL = new byte[0];
  private static final long MIB = 1024 * 1024;

  @TempDir Path data;

  private final LRUCache cache = Database.cache(MIB);

  private Database open() {
    return Database.open(data, List.of(FAMILY), cache, MIB);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void put(Database database, String... keys) {
    Database.Batch batch = database.batch();
    for (String key : keys) {
      batch.put(FAMILY, bytes(key), bytes("of " + key));
    }
    batch.write();
  }

  @TestFactory
  Stream<DynamicTest> everyUseAfterCloseIsRefused() {
    Database database = open();
    put(database, "a");
    Database.Batch filled = database.batch().put(FAMILY, bytes("b"), bytes("late"));
    database.close();
    Map<String, Executable> uses =
        Map.of(
            "get", () -> database.get(FAMILY, bytes("a")),
            "atOrAfter", () -> database.atOrAfter(FAMILY, ALL, ALL),
            "atOrBefore", () -> database.atOrBefore(FAMILY, bytes("z"), ALL),
            "scan", () -> database.scan(FAMILY, ALL, ALL, (key, value) -> true),
            "sync", database::sync,
            "put", () -> put(database, "c"),
            "write", filled::write,
            "writeSynced", filled::writeSynced);
    return uses.entrySet().stream()
        .map(use -> DynamicTest.dynamicTest(use.getKey(), () -> refused(use.getValue())));
  }

  private void refused(Executable use) {
    StoreException refused = assertThrows(StoreException.class, use);
    assertEquals(data + " is closed", refused.getMessage());
  }

  @Test
  void whatWasRefusedIsNotThereAfterwards() {
    Database database = open();
    put(database, "a");
    Database.Batch late = database.batch().put(FAMILY, bytes("b"), bytes("late"));
    database.sync();
    database.close();
    assertThrows(StoreException.class, late::write);
    try (Database again = open()) {
      assertArrayEquals(bytes("of a"), again.get(FAMILY, bytes("a")));
      assertEquals(List.of("a"), keys(again));
    }
  }

  private static List<String> keys(Database database) {
    List<String> keys = new ArrayList<>();
    database.scan(
        FAMILY, ALL, ALL, (key, value) -> keys.add(new String(key, StandardCharsets.UTF_8)));
    return keys;
  }

  @Test
  void aRangeEndsBeforeItsEnd() {
    try (Database database = open()) {
      put(database, "a", "b", "c", "d");
      assertEquals(List.of("b", "c"), range(database, "b", "d", 9));
      assertEquals(List.of("b"), range(database, "b", "d", 1));
      assertEquals(List.of(), range(database, "e", "z", 9));
    }
    Database closed = open();
    closed.close();
    assertThrows(StoreException.class, () -> range(closed, "a", "z", 9));
  }

  private static List<String> range(Database database, String from, String to, int most) {
    List<String> keys = new ArrayList<>();
    database.range(
        FAMILY,
        bytes(from),
        bytes(to),
        (key, value) -> {
          keys.add(new String(key, StandardCharsets.UTF_8));
          return keys.size() < most;
        });
    return keys;
  }

  @Test
  void closingTwiceIsClosingOnce() {
    Database database = open();
    database.close();
    database.close();
    assertThrows(StoreException.class, () -> database.get(FAMILY, bytes("a")));
  }

  @Test
  void closeWaitsForAReadThatRuns() throws InterruptedException {
    Database database = open();
    put(database, "a", "b", "c");
    Thread closer = Thread.ofPlatform().unstarted(database::close);
    List<String> seen = new ArrayList<>();
    database.scan(
        FAMILY,
        ALL,
        ALL,
        (key, value) -> {
          if (seen.isEmpty()) {
            closer.start();
            awaitWaiting(closer);
          }
          // the reader goes on, also into the database itself, while the other waits
          assertArrayEquals(value, database.get(FAMILY, key));
          return seen.add(new String(key, StandardCharsets.UTF_8));
        });
    assertEquals(List.of("a", "b", "c"), seen);
    assertTrue(closer.join(Duration.ofSeconds(30)), "close still waits");
    assertThrows(StoreException.class, () -> database.get(FAMILY, bytes("a")));
  }

  private static void awaitWaiting(Thread thread) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (thread.getState() != Thread.State.WAITING) {
      assertTrue(thread.isAlive(), "closed under a reader");
      assertTrue(System.nanoTime() < deadline, "neither waiting nor closed");
      Thread.onSpinWait();
    }
  }

  @Test
  void theLaterChangeOfAKeyCounts() {
    try (Database database = open()) {
      database
          .batch()
          .put(FAMILY, bytes("b"), bytes("first"))
          .put(FAMILY, bytes("a"), bytes("gone"))
          .delete(FAMILY, bytes("a"))
          .delete(FAMILY, bytes("c"))
          .put(FAMILY, bytes("c"), bytes("back"))
          .put(FAMILY, bytes("b"), bytes("second"))
          .write();

      assertArrayEquals(bytes("second"), database.get(FAMILY, bytes("b")));
      assertNull(database.get(FAMILY, bytes("a")));
      assertArrayEquals(bytes("back"), database.get(FAMILY, bytes("c")));
    }
  }

  /** Keys in no order, and more than one family. */
  @Test
  void changesOfAnyLengthArriveUnharmed() {
    try (Database database = open()) {
      Map<String, byte[]> written = new TreeMap<>();
      Database.Batch batch = database.batch();
      for (int length : new int[] {16_384, 0, 3_000_000, 1, 128}) {
        String key = "k".repeat(Math.max(1, length % 20_000)) + length;
        byte[] value = new byte[length];
        new Random(length).nextBytes(value);
        written.put(key, value);
        batch.put(FAMILY, bytes(key), value).put("default", bytes(key), bytes("other"));
      }
      batch.write();

      written.forEach((key, value) -> {
        assertArrayEquals(value, database.get(FAMILY, bytes(key)));
        assertArrayEquals(bytes("other"), database.get("default", bytes(key)));
      });
    }
  }

  @Test
  void anEmptyBatchChangesNothing() {
    try (Database database = open()) {
      database.batch().write();
      database.batch().writeSynced();
      assertNull(database.atOrAfter(FAMILY, ALL, ALL));
    }
  }
}
