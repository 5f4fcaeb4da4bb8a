package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.EUROPE;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Reason;
import aika.core.ledger.Seats;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.node.config.Seat;
import aika.node.order.Chain;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Feeds as other programs read them, over real HTTP (docs/spec/feed.md). */
@ExtendWith(SharedWorld.class)
class FeedOverHttpTest {
  private final World world;
  private final SharedWorld.Town town;

  FeedOverHttpTest(SharedWorld.Town town) {
    this.town = town;
    world = town.world;
  }

  private SseReader open(String gateway, String path) throws Exception {
    return open(gateway, path, Map.of());
  }

  private SseReader open(String gateway, String path, Map<String, String> headers)
      throws Exception {
    return SseReader.open(world.http, world.uri(gateway, path), headers);
  }

  private static String feed(String chain, String query) {
    return "/chains/" + chain + "/feed" + query;
  }

  private TransferId sent(String amount) throws Exception {
    String json = WorkedExampleOverHttpTest.SNIPPET.replace("200", amount);
    return TransferId.of(world.post(KOMATSU, "/send", json).expect(200).text("transfer"));
  }

  private void received(TransferId transfer) throws Exception {
    world
        .post(KANAZAWA, "/receive", "{\"receiver\":\"B\",\"transfer\":\"" + transfer + "\"}")
        .expect(200);
  }

  private static SseReader.Event leaf(SseReader feed, long index) throws Exception {
    for (SseReader.Event event = feed.next(); ; event = feed.next()) {
      if (event.type().equals("leaf") && event.number("index") == index) {
        return event;
      }
      assertTrue(!event.equals(SseReader.Event.END), "the feed ended");
    }
  }

  @Test
  void everyLeafComesInOrderAndEachApprovalAfterTheLeavesBelow() throws Exception {
    TransferId transfer = sent("81.01");
    Chain chain = world.ledger(ChainId.of(KOMATSU));
    world.await(() -> chain.approvedSize() > transfer.index());
    try (SseReader feed = open(EUROPE, feed(KOMATSU, ""))) {
      long position = 0;
      long approved = 0;
      while (approved <= transfer.index()) {
        SseReader.Event event = feed.next();
        assertEquals(KOMATSU, event.text("chain"));
        if (event.type().equals("leaf")) {
          assertEquals(position, event.number("index"));
          position++;
          assertEquals(KOMATSU + ":" + position, event.id());
          same(chain, event);
        } else {
          assertEquals("approval", event.type());
          long size = event.number("size");
          assertTrue(size > approved && size <= position, size + " " + position);
          assertTrue(chain.entry(size - 1).leaf() instanceof Leaf.Sealed);
          approved = size;
        }
      }
    }
  }

  private void same(Chain chain, SseReader.Event event) {
    var entry = chain.entry(event.number("index"));
    assertArrayEquals(entry.bytes(), Base64.getDecoder().decode(event.text("entry")));
    assertEquals(LeafText.kind(entry.leaf()), event.text("kind"));
    assertTrue(FeedQuery.KINDS.contains(event.text("kind")), event::toString);
    assertEquals(Timestamp.millis(entry.leaf().time()), event.text("time"));
  }

  @Test
  void whatASendSaysIsReadForThoseWhoDoNotParse() throws Exception {
    long from = world.ledger(ChainId.of(KOMATSU)).size();
    try (SseReader feed = open(KOMATSU, feed(KOMATSU, "?kind=send&from=" + from))) {
      TransferId transfer = sent("81.02");
      SseReader.Event event = nextLeaf(feed);
      List<?> facts = (List<?>) Objects.requireNonNull(event.json().get("facts"));
      Map<?, ?> fact = (Map<?, ?>) facts.getFirst();
      assertEquals("sent", fact.get("fact"));
      assertEquals(transfer.toString(), fact.get("transfer"));
      assertEquals(town.a.toString(), fact.get("from"));
      assertEquals(town.b.toString(), fact.get("to"));
      assertEquals("81.02", fact.get("amount"));
      assertNull(event.json().get("block"), "the block was open when the leaf came");
      assertEquals("approval", feed.next().type());
    }
  }

  @Test
  void aReaderGoesOnWhereItWasCut() throws Exception {
    TransferId first = sent("81.03");
    String last;
    try (SseReader feed = open(KOMATSU, feed(KOMATSU, "?kind=send&from=" + first.index()))) {
      last = leaf(feed, first.index()).id();
    }
    TransferId second = sent("81.04");
    Map<String, String> header = Map.of("Last-Event-ID", last);
    try (SseReader feed = open(ASIA, feed(KOMATSU, "?kind=send&from=0"), header)) {
      List<Long> indexes = new ArrayList<>();
      boolean approved = false;
      while (indexes.isEmpty() || !approved) {
        SseReader.Event event = feed.next();
        approved |= event.type().equals("approval") && event.number("size") > first.index();
        if (event.type().equals("leaf")) {
          indexes.add(event.number("index"));
        }
      }
      assertEquals(List.of(second.index()), indexes, "neither twice nor left out");
    }
  }

  @Test
  void theApprovalOfTheLastLeafIsToldAgainAfterACut() throws Exception {
    Chain chain = world.ledger(ChainId.of(KOMATSU));
    TransferId transfer = sent("81.05");
    world.await(() -> chain.approvedSize() > transfer.index());
    long end = Objects.requireNonNull(chain.approvalOf(transfer.index())).checkpoint().size();
    try (SseReader feed = open(KOMATSU, feed(KOMATSU, "?account=" + town.b + "&from=" + end))) {
      SseReader.Event event = feed.next();
      assertEquals("approval", event.type());
      assertEquals(end, event.number("size"));
      assertEquals(KOMATSU + ":" + end, event.id());
    }
  }

  @Test
  void onlyTheApprovedIsToldAfterItsApproval() throws Exception {
    Chain chain = world.ledger(ChainId.of(KOMATSU));
    long from = chain.size();
    try (SseReader feed = open(KOMATSU, feed(KOMATSU, "?approved=true&from=" + from))) {
      TransferId transfer = sent("81.06");
      long approved = 0;
      for (long index = from; index <= transfer.index(); ) {
        SseReader.Event event = feed.next();
        if (event.type().equals("approval")) {
          assertTrue(event.number("size") > approved);
          approved = event.number("size");
        } else {
          assertEquals(index, event.number("index"));
          assertTrue(index < approved, "leaf " + index + " came before its approval");
          assertTrue(event.json().containsKey("block"), "what is approved is sealed");
          index++;
        }
      }
    }
  }

  @Test
  void anAccountsFeedHasWhatConcernsIt() throws Exception {
    AccountId friend = world.person(KOMATSU, "FeedFriend");
    Chain komatsu = world.ledger(ChainId.of(KOMATSU));
    long from = komatsu.size();
    try (SseReader feed =
        open(KOMATSU, "/accounts/" + friend + "/feed?from=" + (from - 1) + "&kind=send")) {
      sent("81.07"); // concerns A and B only
      String json =
          "{\"sender\":\"A\",\"receiver\":\"FeedFriend\",\"receiver_municipality\":\"%s\",\"amount\":81.08}"
              .formatted(KOMATSU);
      TransferId to =
          TransferId.of(world.post(KOMATSU, "/send", json).expect(200).text("transfer"));
      assertEquals(to.index(), nextLeaf(feed).number("index"));
    }
  }

  private static SseReader.Event nextLeaf(SseReader feed) throws Exception {
    SseReader.Event event = feed.next();
    while (event.type().equals("approval")) {
      event = feed.next();
    }
    assertEquals("leaf", event.type());
    return event;
  }

  @Test
  void bothPartiesSeeTheEndOfTheirTransferOnTheSendersChain() throws Exception {
    for (AccountId party : List.of(town.a, town.b)) {
      TransferId transfer = sent(party.equals(town.a) ? "81.09" : "81.10");
      try (SseReader feed =
          open(
              KANAZAWA,
              feed(KOMATSU, "?kind=settle&account=" + party + "&from=" + transfer.index()))) {
        received(transfer);
        SseReader.Event event = nextLeaf(feed);
        while (!event.toString().contains("transfer=" + transfer + ",")) {
          event = nextLeaf(feed);
        }
        assertTrue(event.toString().contains("outcome=received"), event::toString);
      }
    }
  }

  /** As somebody does who trusts nothing but the federation file's keys. */
  @Test
  void anEventIsCheckedAgainstItsApprovalAndTheTiles() throws Exception {
    TransferId transfer = sent("81.11");
    try (SseReader feed = open(KOMATSU, feed(KOMATSU, "?from=" + transfer.index()))) {
      SseReader.Event leaf = leaf(feed, transfer.index());
      SseReader.Event approval = feed.next();
      while (!approval.type().equals("approval") || approval.number("size") <= transfer.index()) {
        approval = feed.next();
      }
      SignedCheckpoint checkpoint =
          SignedCheckpoint.parse(approval.text("checkpoint").getBytes(StandardCharsets.UTF_8));
      var listed = world.chain(KOMATSU);
      assertTrue(checkpoint.isSignedByLog(listed.log(), new Ed25519(16)));
      Seats seats = new Seats(1, listed.representatives().stream().map(Seat::key).toList());
      assertTrue(seats.approvedAt(checkpoint, new MlDsa44()).isPresent());

      long size = checkpoint.checkpoint().size();
      assertEquals(size, approval.number("size"));
      List<Hash> proof =
          Proofs.inclusion(transfer.index(), size, (level, i) -> node(level, i, size));
      Hash hash = Merkle.leafHash(Base64.getDecoder().decode(leaf.text("entry")));
      assertTrue(
          Proofs.verifyInclusion(
              hash, transfer.index(), size, proof, checkpoint.checkpoint().root()));
    }
  }

  private Hash node(int level, long index, long size) {
    int tileLevel = level / TilePath.HEIGHT;
    int count = 1 << (level % TilePath.HEIGHT);
    long first = index * count;
    long tile = first / TilePath.FULL_WIDTH;
    int width = TilePath.widthAt(tileLevel, tile, size);
    String path = new TilePath.Hashes(tileLevel, tile, width).format();
    try {
      byte[] hashes = world.bytes(KOMATSU, "/chains/" + KOMATSU + "/" + path);
      int from = (int) (first % TilePath.FULL_WIDTH) * Hash.BYTES;
      return count == 1 ? Hash.of(hashes, from) : new Merkle().fold(hashes, from, count);
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @TestFactory
  Stream<DynamicTest> whatCannotBeIsRefusedWithAStableCode() {
    String feed = "/chains/Asia-Komatsu/feed";
    String account = "/accounts/" + town.a;
    return Stream.of(
        refused("/chains/Asia-Nowhere/feed", Reason.UNKNOWN_CHAIN),
        refused("/chains/Asia-/feed", Reason.NOT_FOUND),
        refused(feed + "?from=x", Reason.MALFORMED),
        refused(feed + "?from=-1", Reason.MALFORMED),
        refused(feed + "?from=01", Reason.MALFORMED),
        refused(feed + "?from=999999999", Reason.MALFORMED),
        refused(feed + "?from=0&from=1", Reason.MALFORMED),
        refused(feed + "?kind=spend", Reason.MALFORMED),
        refused(feed + "?kind=send&kind=", Reason.MALFORMED),
        refused(feed + "?kinds=send", Reason.MALFORMED),
        refused(feed + "?approved=1", Reason.MALFORMED),
        refused(feed + "?account=A", Reason.MALFORMED),
        refused(feed + "?account=Asia-Komatsu/~holds", Reason.MALFORMED),
        refused(account.replace(town.a.local(), "zzzzzzzz") + "/feed", Reason.UNKNOWN_ACCOUNT),
        refused("/accounts/Asia-Komatsu/~issued/feed", Reason.NOT_FOUND),
        refused("/accounts/Mars-Base/abcdefgh/feed", Reason.UNKNOWN_CHAIN),
        refused(account + "/feed?account=" + town.b, Reason.MALFORMED),
        refused(feed, "12", Reason.MALFORMED),
        refused(feed, "Asia-Kanazawa:1", Reason.MALFORMED),
        refused(feed, "Asia-Komatsu:", Reason.MALFORMED),
        refused(feed, "Asia-Komatsu:999999999", Reason.MALFORMED));
  }

  private DynamicTest refused(String path, Reason reason) {
    return refused(path, "", reason);
  }

  private DynamicTest refused(String path, String lastId, Reason reason) {
    return DynamicTest.dynamicTest(
        path + " after " + lastId,
        () -> {
          Map<String, String> headers =
              lastId.isEmpty() ? Map.of() : Map.of("Last-Event-ID", lastId);
          World.Reply reply = world.get(KOMATSU, path, headers).expect(reason.httpStatus());
          assertEquals(reason.name(), reply.text("code"));
          assertEquals(Problems.CONTENT_TYPE, reply.header("content-type"));
        });
  }

  @Test
  void headHasTheHeadersAndOtherOriginsMayRead() throws Exception {
    HttpResponse<byte[]> head =
        world.http.send(
            HttpRequest.newBuilder(world.uri(KOMATSU, feed(KOMATSU, "")))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(20))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertEquals(200, head.statusCode());
    assertEquals("*", head.headers().firstValue("access-control-allow-origin").orElse(""));
    assertEquals("no-store", head.headers().firstValue("cache-control").orElse(""));
  }
}
