package aika.node.gateway;

import static aika.node.gateway.World.KOMATSU;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.log.AddCheckpoint;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.money.ChainId;
import aika.node.approve.Candidate;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** [NBR-7] A node that is behind what others have seen lets nobody cosign what it has. */
@Timeout(120)
final class ForbiddenCosigningTest {
  private static final String CHAIN = "/chains/" + KOMATSU;
  private static final String CANDIDATE = CHAIN + "/candidate";

  /** Much less than a question for a newer candidate waits. */
  private static final long PROMPT_SECONDS = 10;

  @TempDir Path data;

  private World world;
  private SignedCheckpoint approved;

  @BeforeEach
  void somethingIsApproved() throws Exception {
    world = new World(data);
    world.issue(world.person(KOMATSU, "A"), "10.00");
    world.await(() -> {
      Candidate now = world.node.approver().candidates().of(ChainId.of(KOMATSU));
      return now != null && now.approved() && now.size() == ledgerSize();
    });
    approved = SignedCheckpoint.parse(world.bytes(KOMATSU, CANDIDATE));
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private long ledgerSize() {
    return world.ledger(ChainId.of(KOMATSU)).size();
  }

  private void forbid() {
    world.node.shard().forbid(Refusal.of(Reason.NODE_BEHIND, "http://asia.example shows more"));
  }

  private String tile() {
    long size = approved.checkpoint().size();
    return CHAIN + "/sealed/" + new TilePath.Hashes(0, 0, TilePath.widthAt(0, 0, size)).format();
  }

  private World.Reply bring() throws Exception {
    String note = new String(approved.encode(), UTF_8);
    return world.post(KOMATSU, CHAIN + "/cosignatures", "text/plain", note, Map.of());
  }

  private World.Reply addCheckpoint() throws Exception {
    byte[] body = new AddCheckpoint(0, List.of(), approved).encode();
    String text = new String(body, UTF_8);
    return world.post(KOMATSU, "/add-checkpoint", "text/plain", text, Map.of());
  }

  private static void refused(World.Reply reply) {
    assertEquals(Reason.CHAIN_HALTED.name(), reply.expect(503).text("code"));
  }

  @Test
  void eachQuestionIsAnsweredUntilThenAndRefusedFromThenOn() throws Exception {
    world.get(KOMATSU, CANDIDATE).expect(200);
    world.get(KOMATSU, tile()).expect(200);
    bring().expect(200);
    addCheckpoint().expect(409); // its seats have signed as much

    forbid();
    refused(world.get(KOMATSU, CANDIDATE));
    refused(world.get(KOMATSU, tile()));
    refused(bring());
    addCheckpoint().expect(503);
    world.get(KOMATSU, CHAIN + "/checkpoint").expect(200); // what is approved stays so
  }

  @Test
  void whoWaitsForSomethingToCosignIsRefusedToo() throws Exception {
    String waiting = CANDIDATE + "?after=" + approved.checkpoint().size();
    CompletableFuture<HttpResponse<String>> answer =
        world.http.sendAsync(
            HttpRequest.newBuilder(world.uri(KOMATSU, waiting)).build(), BodyHandlers.ofString());
    world.get(KOMATSU, CANDIDATE).expect(200); // by now the other question has arrived
    forbid();
    HttpResponse<String> refused = answer.get(PROMPT_SECONDS, TimeUnit.SECONDS);
    assertEquals(503, refused.statusCode(), refused::body);
    assertTrue(refused.body().contains(Reason.CHAIN_HALTED.name()), refused::body);
  }
}
