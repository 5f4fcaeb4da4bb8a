package aika.node.gateway;

import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.node.order.Chain;
import aika.proto.feed.Fact;
import aika.proto.feed.FeedEvent;
import aika.proto.feed.FeedGrpc;
import aika.proto.feed.FollowRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same feeds by gRPC, on the same port, with another library at the other end. */
@ExtendWith(SharedWorld.class)
class FeedOverGrpcTest {
  private final World world;
  private final SharedWorld.Town town;
  private final ManagedChannel channel;

  FeedOverGrpcTest(SharedWorld.Town town) {
    this.town = town;
    world = town.world;
    channel =
        NettyChannelBuilder.forAddress("localhost", world.port(KOMATSU)).usePlaintext().build();
  }

  @AfterEach
  void close() throws Exception {
    channel.shutdownNow();
    assertTrue(channel.awaitTermination(10, TimeUnit.SECONDS));
  }

  private Iterator<FeedEvent> follow(FollowRequest.Builder request) {
    return FeedGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .follow(request.build());
  }

  private static FollowRequest.Builder komatsu(long from) {
    return FollowRequest.newBuilder().setChain(KOMATSU).setFrom(from);
  }

  private TransferId sent(String amount) throws Exception {
    String json = WorkedExampleOverHttpTest.SNIPPET.replace("200", amount);
    return TransferId.of(world.post(KOMATSU, "/send", json).expect(200).text("transfer"));
  }

  @Test
  void everyLeafAndApprovalFromTheBeginningAndLive() throws Exception {
    Chain chain = world.ledger(ChainId.of(KOMATSU));
    Iterator<FeedEvent> feed = follow(komatsu(0));
    FeedEvent start = feed.next();
    assertEquals(0, start.getPosition().getFrom());
    TransferId transfer = sent("82.01");
    long position = 0;
    long approved = 0;
    while (approved <= transfer.index()) {
      FeedEvent event = feed.next();
      switch (event.getWhatCase()) {
        case LEAF -> {
          assertEquals(position, event.getLeaf().getIndex());
          assertArrayEquals(
              chain.entry(position).bytes(), event.getLeaf().getEntry().toByteArray());
          position++;
        }
        case APPROVAL -> {
          long size = event.getApproval().getSize();
          assertTrue(size > approved && size <= position);
          assertArrayEquals(
              Objects.requireNonNull(chain.approvedAt(size)).encode(),
              event.getApproval().getCheckpoint().toByteArray());
          approved = size;
        }
        case POSITION -> assertTrue(event.getPosition().getFrom() <= position);
        case WHAT_NOT_SET -> throw new AssertionError(event);
      }
    }
  }

  @Test
  void filtersAndFacts() throws Exception {
    long from = world.ledger(ChainId.of(KOMATSU)).size();
    Iterator<FeedEvent> feed =
        follow(
            komatsu(from)
                .addKinds("send")
                .addKinds("settle")
                .setAccount(town.b.toString())
                .setApproved(true));
    TransferId transfer = sent("82.02");
    world
        .post(KANAZAWA, "/receive", "{\"receiver\":\"B\",\"transfer\":\"" + transfer + "\"}")
        .expect(200);
    List<Fact> facts = new ArrayList<>();
    long approved = 0;
    while (facts.stream().noneMatch(fact -> ends(fact, transfer))) {
      FeedEvent event = feed.next();
      if (event.hasApproval()) {
        approved = event.getApproval().getSize();
      } else if (event.hasLeaf()) {
        assertTrue(event.getLeaf().getIndex() < approved);
        assertTrue(event.getLeaf().hasBlock());
        facts.addAll(event.getLeaf().getFactsList());
      }
    }
    Fact sent =
        facts.stream()
            .filter(fact -> fact.getSent().getTransfer().equals(transfer.toString()))
            .findFirst()
            .orElseThrow();
    assertEquals(8202, sent.getSent().getAmountMinor());
    assertEquals(town.b.toString(), sent.getSent().getTo());
  }

  private static boolean ends(Fact fact, TransferId transfer) {
    return fact.getEnded().getTransfer().equals(transfer.toString());
  }

  private void refused(FollowRequest.Builder request, Status.Code status, Reason reason) {
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> follow(request).next());
    assertEquals(status, refused.getStatus().getCode());
    Metadata trailers = Objects.requireNonNull(refused.getTrailers());
    assertEquals(reason.name(), trailers.get(FeedService.CODE));
    assertEquals(String.valueOf(reason.number()), trailers.get(FeedService.NUMBER));
    String description = String.valueOf(refused.getStatus().getDescription());
    assertTrue(description.startsWith(reason.en()), description);
  }

  @Test
  void whatCannotBeIsRefusedWithAStableCode() {
    FollowRequest.Builder ok = komatsu(0);
    refused(ok.clone().setChain("Asia-Nowhere"), Status.Code.NOT_FOUND, Reason.UNKNOWN_CHAIN);
    refused(ok.clone().setChain("小松"), Status.Code.INVALID_ARGUMENT, Reason.MALFORMED);
    refused(ok.clone().setFrom(-1), Status.Code.INVALID_ARGUMENT, Reason.MALFORMED);
    refused(ok.clone().setFrom(1L << 40), Status.Code.INVALID_ARGUMENT, Reason.MALFORMED);
    refused(ok.clone().addKinds("spend"), Status.Code.INVALID_ARGUMENT, Reason.MALFORMED);
    refused(ok.clone().setAccount("A"), Status.Code.INVALID_ARGUMENT, Reason.MALFORMED);
    assertNotNull(follow(ok).next());
  }

  @Test
  void reflectionTellsTheService() throws Exception {
    BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
    StreamObserver<ServerReflectionRequest> ask =
        ServerReflectionGrpc.newStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .serverReflectionInfo(new Collecting(answers));
    ask.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    List<String> services =
        take(answers).getListServicesResponse().getServiceList().stream()
            .map(ServiceResponse::getName)
            .toList();
    assertTrue(services.contains("aika.feed.v1.Feed"), services::toString);
    ask.onNext(
        ServerReflectionRequest.newBuilder().setFileContainingSymbol("aika.feed.v1.Feed").build());
    assertTrue(take(answers).getFileDescriptorResponse().getFileDescriptorProtoCount() > 0);
    ask.onCompleted();
  }

  private static ServerReflectionResponse take(BlockingQueue<ServerReflectionResponse> answers)
      throws InterruptedException {
    return Objects.requireNonNull(answers.poll(20, TimeUnit.SECONDS), "no answer");
  }

  private record Collecting(BlockingQueue<ServerReflectionResponse> answers)
      implements StreamObserver<ServerReflectionResponse> {
    @Override
    public void onNext(ServerReflectionResponse answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable failed) {
      answers.add(
          ServerReflectionResponse.newBuilder().setValidHost(String.valueOf(failed)).build());
    }

    @Override
    public void onCompleted() {}
  }
}
