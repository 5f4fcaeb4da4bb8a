package aika.node.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.EntryBundle;
import aika.core.log.Hash;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.log.TilePath;
import aika.core.money.ChainId;
import aika.core.transfer.Protocol;
import aika.core.transfer.Siblings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A continental chain's log, written in parts and read back, against a tree in memory. */
class ChainLogTest {
  private static final ChainId ASIA = ChainId.of("Asia");

  @TempDir Path data;

  private final MerkleTree tree = new MerkleTree();
  private final List<Entry> entries = new ArrayList<>();
  private final List<List<Row>> rows = new ArrayList<>();

  private static StoreSettings small(long flushBytes) {
    return new StoreSettings(1 << 20, 1 << 20, 100, 20_000, flushBytes);
  }

  /** Makes the leaves of a chain: genesis, then a record and now and then a seal. */
  private void execute(int count) {
    Directory directory = Samples.directory();
    Protocol protocol = new Protocol(ASIA, directory, Siblings.NONE);
    MemoryState state = new MemoryState();
    MerkleTree other = new MerkleTree();
    for (int i = 0; i < count; i++) {
      Row.Head head = state.head();
      Action action;
      if (head == null) {
        action = new Action.Genesis(directory.fileHash());
      } else if (head.blockLeaves() >= 100) {
        action = new Action.Seal(head.height() + 1);
      } else {
        other.append(Hash.of(new byte[32]));
        long size = other.size();
        List<Hash> proof = size == 1 ? List.of() : Proofs.consistency(size - 1, size, other);
        action =
            new Action.RecordCheckpoint(
                Samples.KOMATSU,
                1,
                new Checkpoint(directory.origin(Samples.KOMATSU), size, other.root()),
                proof);
      }
      Applied applied = protocol.apply(state, new Command(1_000L * i, action));
      Applied.Accepted accepted = (Applied.Accepted) applied;
      state.write(accepted.writes());
      entries.add(accepted.first());
      rows.add(accepted.writes());
      tree.append(accepted.first().hash());
    }
  }

  @Test
  void readsBackAcrossPartsAndRestarts() {
    int count = 70_000;
    execute(count);
    int[] restarts = {0, 1, 255, 256, 257, 511, 40_000, 65_535, 65_537, count};
    for (int part = 1; part < restarts.length; part++) {
      try (ShardStore store = ShardStore.open(data, small(200_000))) {
        ChainLog log = store.log(ASIA);
        assertEquals(restarts[part - 1], log.size());
        assertEquals(restarts[part - 1] - 1L, store.appliedIndex());
        for (int i = restarts[part - 1]; i < restarts[part]; i++) {
          log.append(List.of(entries.get(i)), rows.get(i));
          store.applied(i);
        }
        check(log, restarts[part]);
        store.checkpoint().join();
        check(log, restarts[part]);
      }
    }
  }

  private void check(ChainLog log, int size) {
    assertEquals(size, log.size());
    assertEquals(tree.root(size), Proofs.root(size, log));
    for (int i = 0; i < size; i += Math.max(1, size / 50)) {
      assertArrayEquals(entries.get(i).bytes(), log.entry(i).bytes());
      assertEquals(entries.get(i).hash(), log.entry(i).hash());
      assertEquals(Proofs.inclusion(i, size, tree), Proofs.inclusion(i, size, log));
      Seal seal = log.sealAfter(i);
      if (seal != null) {
        assertEquals(tree.root(seal.size()), seal.root());
        assertEquals(seal, log.sealAt(seal.size()));
      }
    }
  }

  @Test
  void whatWasNotWrittenIsNotThereAfterACrash() {
    execute(300);
    try (ShardStore store = ShardStore.open(data, small(Long.MAX_VALUE))) {
      ChainLog log = store.log(ASIA);
      for (int i = 0; i < 300; i++) {
        log.append(List.of(entries.get(i)), rows.get(i));
        store.applied(i);
        if (i == 200) {
          store.checkpoint().join();
        }
      }
    } // closing does not write the rest: the replicated log has it
    try (ShardStore store = ShardStore.open(data, small(Long.MAX_VALUE))) {
      assertEquals(200, store.appliedIndex());
      assertEquals(201, store.log(ASIA).size());
      Row.Head head = store.log(ASIA).get(new Key.OfHead());
      assertNotNull(head);
      assertEquals(201, head.size());
    }
  }

  @Test
  void servesTilesOfThePublishedTreeOnly() {
    execute(1_000);
    try (ShardStore store = ShardStore.open(data, small(200_000))) {
      ChainLog log = store.log(ASIA);
      for (int i = 0; i < 1_000; i++) {
        log.append(List.of(entries.get(i)), rows.get(i));
        store.applied(i);
      }
      byte[] full = log.file(TilePath.parse("tile/0/002"), 900);
      assertNotNull(full);
      assertEquals(256 * 32, full.length);
      assertEquals(tree.node(0, 512), Hash.of(full, 0));
      byte[] partial = log.file(TilePath.parse("tile/0/003.p/132"), 900);
      assertNotNull(partial);
      assertEquals(tree.node(0, 899), Hash.of(partial, 131 * 32));
      assertNull(log.file(TilePath.parse("tile/0/003.p/133"), 900));
      assertNull(log.file(TilePath.parse("tile/0/003"), 900));
      assertNull(log.file(TilePath.parse("tile/0/004.p/1"), 900));
      byte[] upper = log.file(TilePath.parse("tile/1/000.p/3"), 900);
      assertNotNull(upper);
      assertEquals(tree.node(8, 2), Hash.of(upper, 2 * 32));
      byte[] bundle = log.file(TilePath.parse("tile/entries/003.p/132"), 900);
      assertNotNull(bundle);
      assertArrayEquals(entries.get(899).bytes(), EntryBundle.parse(bundle, 132).get(131));
      assertNull(log.file(TilePath.parse("tile/63/000.p/1"), 900));
      assertThrows(StoreException.class, () -> log.entry(1_000));
      assertThrows(StoreException.class, () -> log.append(List.of(entries.get(5)), rows.get(5)));
    }
  }

  @Test
  void keepsChainsApart() {
    execute(50);
    try (ShardStore store = ShardStore.open(data, small(1))) {
      store.log(ASIA).append(List.of(entries.get(0)), rows.get(0));
      store.applied(0);
      assertEquals(0, store.log(ChainId.of("Europe")).size());
      assertNull(store.row(ChainId.of("Europe"), new Key.OfHead()));
    }
  }
}
