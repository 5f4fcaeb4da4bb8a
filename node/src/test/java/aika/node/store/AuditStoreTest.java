package aika.node.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.AuditBook;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an audit keeps is there again, whole or not at all. */
final class AuditStoreTest {
  private static final long MEMORY = 16L * 1024 * 1024;
  private static final Hash FILE = Merkle.leafHash(new byte[] {1});
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");
  private static final AccountId A = new AccountId(KOMATSU, "k3v9q2mw");

  @TempDir Path directory;

  private AuditStore open() {
    return open(FILE, List.of());
  }

  private AuditStore open(Hash file, List<Hash> earlier) {
    Directory federation = new Directory("test", file, earlier, Policy.standard(), Map.of());
    return AuditStore.open(directory.resolve("state"), federation, MEMORY);
  }

  private static Entry none(long index) {
    throw new AssertionError("leaf " + index + " was asked for");
  }

  private static AuditBook book(AuditStore store, ChainId chain) {
    return store.of(chain, AuditStoreTest::none);
  }

  private static Row.Account account(String balance) {
    return new Row.Account(A, new byte[32], Money.of(balance), 0);
  }

  private static String balance(AuditBook book) {
    Row.Account row = book.get(new Key.OfAccount(A));
    return row == null ? "none" : row.balance().toString();
  }

  private static Row.Latest latest(ChainId origin, long size) {
    return new Row.Latest(origin, size, FILE, 3, 1, 0);
  }

  private static List<String> latest(AuditBook book) {
    List<String> found = new ArrayList<>();
    book.latest(row -> found.add(row.origin() + " " + row.size()));
    return found.stream().sorted().toList();
  }

  @Test
  void whatWasKeptIsThereAgainAndNothingElse() {
    byte[] mark = {1, 2, 3};
    try (AuditStore store = open()) {
      AuditBook book = book(store, KOMATSU);
      assertNull(book.kept());
      assertNull(book.seen());
      book.see(new byte[] {9});
      book.write(List.of(account("10.00"), latest(KANAZAWA, 5)));
      book.keep(mark);
      book.write(List.of(account("20.00"), latest(ChainId.of("Europe-Paris"), 7)));
      assertEquals("20.00", balance(book));
      assertEquals(List.of("Asia-Kanazawa 5", "Europe-Paris 7"), latest(book));
    }
    try (AuditStore store = open()) {
      AuditBook book = book(store, KOMATSU);
      assertArrayEquals(mark, book.kept());
      assertArrayEquals(new byte[] {9}, book.seen());
      assertEquals("10.00", balance(book));
      assertEquals(List.of("Asia-Kanazawa 5"), latest(book));
      assertNull(book(store, KANAZAWA).kept());
      assertEquals("none", balance(book(store, KANAZAWA)));
    }
  }

  @Test
  void withoutAMarkTheNextAuditBeginsAnew() {
    try (AuditStore store = open()) {
      AuditBook book = book(store, KOMATSU);
      book.write(List.of(account("10.00")));
      book.keep(new byte[] {1});
      book.keep(null);
      assertNull(book.kept());
    }
    try (AuditStore store = open()) {
      AuditBook book = book(store, KOMATSU);
      assertNull(book.kept());
      book.clear();
      assertEquals("none", balance(book));
    }
  }

  @Test
  void moreRowsThanFitIntoMemoryAreReadFromDisk() {
    int accounts = 30_000; // 16 MiB hold 20,000
    try (AuditStore store = open()) {
      AuditBook book = book(store, KOMATSU);
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < accounts; i++) {
        AccountId id = new AccountId(KOMATSU, "r%07d".formatted(i));
        rows.add(new Row.Account(id, new byte[32], Money.ofMinor(i), 0));
      }
      book.write(rows);
      book.keep(new byte[] {1});
      for (int i = 0; i < accounts; i++) {
        AccountId id = new AccountId(KOMATSU, "r%07d".formatted(i));
        Row.Account row = book.get(new Key.OfAccount(id));
        assertNotNull(row);
        assertEquals(i, row.balance().minor());
      }
    }
  }

  @Test
  void anotherFederationFileIsRefused() {
    open().close();
    Hash other = Merkle.leafHash(new byte[] {2});
    StoreException refused =
        assertThrows(StoreException.class, () -> open(other, List.of()).close());
    assertTrue(String.valueOf(refused.getMessage()).contains("federation file"));
    open().close();
    open(other, List.of(FILE)).close(); // one that continues it
    assertThrows(StoreException.class, () -> open().close(), "there is no way back");
  }

  @Test
  void aSecondAuditAtTheSameTimeIsRefused() {
    try (AuditStore store = open()) {
      assertNotNull(store);
      assertThrows(StoreException.class, this::open);
    }
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    try (AuditStore store = open()) {
      AuditBook book = book(store, KOMATSU);
      book.write(List.of(account("10.00")));
      book.keep(new byte[] {1, 2, 3});
    }
    List<Path> tables;
    try (Stream<Path> files = Files.list(directory.resolve("state"))) {
      tables = files.filter(file -> file.toString().endsWith(".sst")).toList();
    }
    assertFalse(tables.isEmpty());
    for (Path table : tables) {
      byte[] good = Files.readAllBytes(table);
      byte[] bad = good.clone();
      bad[10] ^= 1;
      Files.write(table, bad);
      assertThrows(StoreException.class, this::open, table::toString);
      Files.write(table, good);
    }
    open().close();
  }
}
