package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.EUROPE;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Seats;
import aika.core.log.EntryBundle;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.node.config.Chain;
import aika.node.config.Seat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What anybody can check from outside: receipts, and the whole log from its tiles. */
@ExtendWith(SharedWorld.class)
class PublishedLogTest {
  private final World world;

  PublishedLogTest(SharedWorld.Town town) {
    world = town.world;
  }

  private void assertApproved(String chain, SignedCheckpoint checkpoint) {
    Chain listed = world.chain(chain);
    assertTrue(checkpoint.isSignedByLog(listed.log(), new Ed25519(16)));
    Seats seats = new Seats(1, listed.representatives().stream().map(Seat::key).toList());
    assertTrue(seats.approvedAt(checkpoint, new MlDsa44()).isPresent());
    assertEquals(world.node.federation().origin(listed.id()), checkpoint.checkpoint().origin());
  }

  private String sent(String amount) throws Exception {
    String json = WorkedExampleOverHttpTest.SNIPPET.replace("200", amount);
    return world.post(KOMATSU, "/send", json).expect(200).text("transfer");
  }

  @Test
  void receiptsProveBothHalves() throws Exception {
    String transfer = sent("61.07");
    String path = "/transfers/" + transfer + "/receipt?half=";
    World.Reply early = world.get(KOMATSU, path + "receive").expect(503);
    assertEquals("NOT_LISTED_YET", early.text("code"));
    world
        .post(KANAZAWA, "/receive", "{\"receiver\":\"B\",\"transfer\":\"" + transfer + "\"}")
        .expect(200);
    world.await(() -> complete(transfer));

    TlogProof send = TlogProof.parse(world.bytes(EUROPE, path + "send"));
    assertApproved(KOMATSU, send.checkpoint());
    byte[] sendLeaf = send.extra().orElseThrow();
    assertTrue(send.includes(Merkle.leafHash(sendLeaf)));
    TransferId id = TransferId.of(transfer);
    assertEquals(id.index(), send.index());
    assertEquals(
        Money.of("61.07"),
        Objects.requireNonNull(LeafText.parse(sendLeaf).offer(id, Merkle.leafHash(sendLeaf)))
            .amount());

    TlogProof receive = TlogProof.parse(world.bytes(KOMATSU, path + "receive"));
    assertApproved(KANAZAWA, receive.checkpoint());
    byte[] receiveLeaf = receive.extra().orElseThrow();
    assertTrue(receive.includes(Merkle.leafHash(receiveLeaf)));
    Leaf.Decision decision =
        assertInstanceOf(Leaf.Decision.class, LeafText.parse(receiveLeaf).decision());
    assertEquals(id, decision.transfer());
    assertEquals(OutcomeKind.RECEIVED, decision.kind());
    assertEquals(Merkle.leafHash(sendLeaf), decision.sendLeaf());
    sendLeaf[40] ^= 1;
    assertFalse(send.includes(Merkle.leafHash(sendLeaf)));
  }

  private boolean complete(String transfer) {
    try {
      return world.get(KOMATSU, "/transfers/" + transfer).text("status").equals("complete");
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void tilesAddUpToTheCheckpoint() throws Exception {
    String transfer = sent("62.07");
    world.await(() -> listed(transfer));
    for (String chain : List.of(KOMATSU, KANAZAWA, ASIA, "Default-General")) {
      String base = "/chains/" + chain + "/";
      SignedCheckpoint checkpoint =
          SignedCheckpoint.parse(world.bytes(KOMATSU, base + "checkpoint"));
      assertApproved(chain, checkpoint);
      long size = checkpoint.checkpoint().size();
      MerkleTree tree = new MerkleTree();
      List<Hash> hashes = new ArrayList<>();
      for (long tile = 0; tree.size() < size; tile++) {
        int width = TilePath.widthAt(0, tile, size);
        byte[] entries = world.bytes(EUROPE, base + new TilePath.Entries(tile, width).format());
        for (byte[] entry : EntryBundle.parse(entries, width)) {
          hashes.add(Merkle.leafHash(entry));
          tree.append(Merkle.leafHash(entry));
        }
        byte[] level0 = world.bytes(KOMATSU, base + new TilePath.Hashes(0, tile, width).format());
        for (int i = 0; i < width; i++) {
          assertEquals(hashes.get((int) tile * 256 + i), Hash.of(level0, i * Hash.BYTES));
        }
      }
      assertEquals(size, tree.size());
      assertEquals(checkpoint.checkpoint().root(), tree.root());
    }
    World.Reply tile = world.get(KOMATSU, "/chains/Asia-Komatsu/tile/0/000.p/1").expect(200);
    assertEquals("application/octet-stream", tile.header("content-type"));
    assertTrue(tile.header("cache-control").contains("immutable"));
    World.Reply checkpoint = world.get(KOMATSU, "/chains/Asia-Komatsu/checkpoint").expect(200);
    assertEquals("text/plain; charset=utf-8", checkpoint.header("content-type"));
    assertFalse(checkpoint.header("cache-control").contains("immutable"));
  }

  private boolean listed(String transfer) {
    return world.node.pending().listed(TransferId.of(transfer)).isPresent();
  }

  @Test
  void healthAndMetrics() throws Exception {
    World.Reply health = world.get(ASIA, "/health").expect(200);
    assertEquals("up", health.text("status"));
    assertEquals("up", health.text("chains", "Asia-Komatsu", "status"));
    assertEquals("false", health.text("chains", "Asia-Komatsu", "halted"));
    assertInstanceOf(Map.class, health.at("chains", "Default-General"));
    sent("63.07");
    world.get(KOMATSU, "/nothing").expect(404);
    String metrics = new String(world.bytes(ASIA, "/metrics"), StandardCharsets.UTF_8);
    assertTrue(
        metrics.contains("aika_orders_seconds_count{kind=\"send\",result=\"accepted\"}"), metrics);
    assertTrue(metrics.contains("aika_leaves{chain=\"Asia-Komatsu\"}"), metrics);
    assertTrue(metrics.contains("aika_leaves_unapproved{chain=\"Asia-Komatsu\"}"), metrics);
    for (String follower : List.of("pending_list", "outcomes", "anchors")) {
      String lag = "aika_follower_lag{chain=\"Asia-Komatsu\",follower=\"" + follower + "\"}";
      assertTrue(metrics.contains(lag), metrics);
    }
    assertTrue(metrics.contains("aika_refusals_total{code=\"NOT_FOUND\"}"), metrics);
  }
}
