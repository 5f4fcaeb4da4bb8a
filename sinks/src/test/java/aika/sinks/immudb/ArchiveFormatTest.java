package aika.sinks.immudb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.OutcomeKind;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.MadeUpChains;
import aika.sinks.Secret;
import aika.sinks.SinkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, values and how they are shared among transactions; and the state file. */
final class ArchiveFormatTest {
  private final MadeUpChains chains = MadeUpChains.world();

  private Block block(ChainId chain, long leaf) {
    return Objects.requireNonNull(chains.block(chain, leaf));
  }

  private Approval approval(Block block) {
    return Objects.requireNonNull(chains.approval(block.chain(), block.size() - 1));
  }

  private List<List<Item>> parts(Block block) {
    return BlockParts.of(chains, block, approval(block));
  }

  @Test
  void aBlockIsItsLeavesItsEventsAndAtLastItself() {
    chains.close(MadeUpChains.KOMATSU);
    long first = chains.size(MadeUpChains.KOMATSU);
    TransferId transfer = chains.send(MadeUpChains.A, MadeUpChains.A, "5.00");
    chains.decide(transfer, OutcomeKind.EXPIRED);
    chains.settle(transfer);
    chains.close(MadeUpChains.KOMATSU);
    List<List<Item>> parts = parts(block(MadeUpChains.KOMATSU, first));
    assertEquals(1, parts.size());
    assertEquals(
        List.of(
            "aika/Asia-Komatsu/leaf/0000000000000005",
            "aika/transfer/Asia-Komatsu:5/sent",
            "aika/Asia-Komatsu/leaf/0000000000000006",
            "aika/transfer/Asia-Komatsu:5/expired",
            "aika/Asia-Komatsu/leaf/0000000000000007",
            "aika/transfer/Asia-Komatsu:5/settled",
            "aika/Asia-Komatsu/leaf/0000000000000008",
            "aika/Asia-Komatsu/block/000000000003"),
        parts.getFirst().stream().map(Item::key).toList());
    assertArrayEquals(
        chains.entry(MadeUpChains.KOMATSU, first).bytes(), parts.getFirst().get(0).value());
    assertEquals(
        Item.of("aika/transfer/Asia-Komatsu:5/sent", "aika/Asia-Komatsu/leaf/0000000000000005"),
        parts.getFirst().get(1));
  }

  @Test
  void aLargeBlockIsSplitWithoutLosingOrRepeatingAKey() {
    chains.close(MadeUpChains.KOMATSU);
    long first = chains.size(MadeUpChains.KOMATSU);
    for (int i = 0; i < 1_000; i++) {
      chains.send(MadeUpChains.A, MadeUpChains.B, "1.00");
    }
    chains.close(MadeUpChains.KOMATSU);
    Block block = block(MadeUpChains.KOMATSU, first);
    List<List<Item>> parts = parts(block);
    assertEquals(List.of(1_024, 978), parts.stream().map(List::size).toList());
    Set<String> keys = new HashSet<>();
    for (List<Item> part : parts) {
      for (Item item : part) {
        assertTrue(keys.add(item.key()), item.key());
      }
    }
    assertEquals(Keys.block(MadeUpChains.KOMATSU, 3), parts.getLast().getLast().key());
    assertEquals(parts, parts(block));
  }

  @Test
  void aBlocksValueSaysWhatItIsAndWhoApprovedIt() {
    chains.close(MadeUpChains.KOMATSU);
    Block block = block(MadeUpChains.KOMATSU, 2);
    byte[] value = ArchivedBlock.of(block, approval(block)).encode();
    String text = new String(value, StandardCharsets.UTF_8);
    assertTrue(
        text.startsWith(
            "aika/archived-block/v1\nchain Asia-Komatsu\nheight 2\nfirst 2\nsize 5\nroot "
                + block.root().base64()
                + "\ntime 2026-11-01T00:00:00.000Z\n\ntest.aika.example/Asia-Komatsu\n5\n"),
        text);
    ArchivedBlock parsed = ArchivedBlock.parse(value);
    assertEquals(block, parsed.block());
    assertArrayEquals(value, parsed.encode());
    assertTrue(ArchivedBlocks.agree(parsed, chains));
    Block other = new Block(block.chain(), 2, 2, 5, Hash.of(new byte[32]), block.time());
    assertFalse(ArchivedBlocks.agree(new ArchivedBlock(other, parsed.approval()), chains));
    assertThrows(
        MalformedException.class,
        () -> ArchivedBlock.parse("aika/archived-block/v1\n".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void anApprovalOfALaterBlockCountsToo() {
    chains.close(MadeUpChains.KOMATSU);
    chains.send(MadeUpChains.A, MadeUpChains.B, "1.00");
    chains.close(MadeUpChains.KOMATSU);
    Block second = block(MadeUpChains.KOMATSU, 2);
    Block third = block(MadeUpChains.KOMATSU, second.size());
    assertTrue(ArchivedBlocks.agree(ArchivedBlock.of(second, approval(third)), chains));
    assertFalse(ArchivedBlocks.agree(ArchivedBlock.of(third, approval(second)), chains));
    assertFalse(
        ArchivedBlocks.agree(
            ArchivedBlock.of(third, approval(block(MadeUpChains.KANAZAWA, 0))), chains));
  }

  @Test
  void keysAreReadStrictly() {
    Keys.Place place = new Keys.Place(MadeUpChains.KOMATSU, 120);
    assertEquals(Optional.of(place), Keys.leaf(Keys.leaf(MadeUpChains.KOMATSU, 120)));
    assertEquals(Optional.of(place), Keys.block(Keys.block(MadeUpChains.KOMATSU, 120)));
    assertEquals(
        Optional.of(new Keys.Place(MadeUpChains.KOMATSU, 0)),
        Keys.leaf("aika/Asia-Komatsu/leaf/0000000000000000"));
    for (String other :
        List.of(
            "aika/Asia-Komatsu/leaf/120",
            "aika/Asia-Komatsu/leaf/",
            "aika/Asia-Komatsu/block/0000000000000120",
            "aika//leaf/0000000000000120",
            "other/Asia-Komatsu/leaf/0000000000000120",
            "aika/transfer/Asia-Komatsu:1/sent")) {
      assertEquals(Optional.empty(), Keys.leaf(other), other);
    }
  }

  @Test
  void theStateFileIsReplacedWholeAndNeverGuessed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("deep/state");
    StateFile state = new StateFile(file, "aika");
    assertEquals(Optional.empty(), state.read());
    State one = new State(7, Hash.of(new byte[32]));
    state.write(one);
    state.write(new State(8, one.hash()));
    assertEquals(
        "aika/immudb-state/v1\ndatabase aika\ntransaction 8\nhash " + one.hash().base64() + "\n",
        Files.readString(file));
    assertEquals(Optional.of(new State(8, one.hash())), state.read());
    assertEquals(
        SinkException.Kind.FAILED,
        assertThrows(SinkException.class, () -> new StateFile(file, "other").read()).kind());
    Files.writeString(file, "aika/immudb-state/v1\ndatabase aika\n");
    assertEquals(SinkException.Kind.FAILED, assertThrows(SinkException.class, state::read).kind());
    state.delete();
    assertEquals(Optional.empty(), state.read());
  }

  @Test
  void onlyAnotherMachineWithTheStandardPasswordIsWarnedOf() {
    assertTrue(ImmudbSink.isOpenToAll(at("192.0.2.1", "immudb", "immudb")));
    assertFalse(ImmudbSink.isOpenToAll(at("127.0.0.1", "immudb", "immudb")));
    assertFalse(ImmudbSink.isOpenToAll(at("localhost", "immudb", "immudb")));
    assertFalse(ImmudbSink.isOpenToAll(at("192.0.2.1", "immudb", "Another-1")));
    assertFalse(ImmudbSink.isOpenToAll(at("192.0.2.1", "aika", "immudb")));
    assertFalse(at("192.0.2.1", "aika", "Another-1").toString().contains("Another-1"));
  }

  private static ImmudbSettings at(String host, String user, String password) {
    return new ImmudbSettings(
        "immudb",
        List.of(),
        host,
        3322,
        "aika",
        user,
        new Secret(password),
        Optional.empty(),
        Optional.empty(),
        Path.of("state"),
        false);
  }
}
