package aika.node.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.note.Fuzz;
import aika.node.register.PersonName;
import aika.node.wallet.CanonicalBody;
import aika.proto.feed.FeedEvent;
import aika.proto.feed.FeedGrpc;
import aika.proto.feed.FollowRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Changed requests: answered, and never with a fault of the node. */
@ExtendWith(SharedWorld.class)
final class FuzzedRequestsTest {
  private static final List<String> BODIES =
      List.of(
          """
          {"sender":"Anna","sender_municipality":"Asia-Komatsu","receiver":"Bert",
           "receiver_municipality":"Asia-Kanazawa","amount":1.50,"continent":"Asia","memo":"昼"}
          """,
          """
          {"sender":"Anna","receiver":"Bert","receiver_municipality":"Asia-Kanazawa",
           "amount":"0.01","again":true,"id":"019ab3c2-7c1e-7000-8000-000000000004",
           "valid_until":"2027-01-21T10:00:01Z"}
          """,
          "{\"receiver\":\"Bert\",\"municipality\":\"Asia-Kanazawa\",\"reject\":false}",
          "{\"receiver\":\"Anna\",\"transfer\":\"Asia-Komatsu:3\"}",
          "{\"sender\":\"Anna\",\"transfer\":\"Asia-Komatsu:3\"}",
          "{\"note\":\"aika/order/v1\\n\\n\"}");

  private final World world;

  FuzzedRequestsTest(SharedWorld.Town town) {
    world = town.world;
  }

  @Test
  void json() {
    Fuzz.of("JSON", BODIES.toArray(new String[0]))
        .run(bytes -> {
          assertEquals(
              CanonicalBody.hash(Json.object(bytes)), CanonicalBody.hash(Json.object(bytes)));
          return null;
        });
  }

  @Test
  void namesOfPeople() {
    Fuzz.of("name", "A", "山田太郎", "Anna-Lena").runTexts(text -> PersonName.of(text).value());
  }

  private void answered(String path, String type, byte[] body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(world.uri(World.KOMATSU, path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    World.Reply reply = world.send(request);
    assertTrue(reply.status() == 200 || reply.status() / 100 == 4, reply::toString);
  }

  @Test
  void paymentsByNames() {
    AccountId anna = world.person(World.KOMATSU, "Anna");
    world.person(World.KANAZAWA, "Bert");
    world.issue(anna, "100.00");
    Fuzz.of("POST of JSON", BODIES.toArray(new String[0]))
        .run(bytes -> {
          String path = List.of("/send", "/receive", "/reject", "/cancel").get(path(bytes));
          answered(path, "application/json", bytes);
          return null;
        });
  }

  /** Of what is no message at all nothing is expected: Helidon ends such a call or forgets it. */
  @Test
  void feedsOverGrpc() throws Exception {
    FollowRequest follow =
        FollowRequest.newBuilder()
            .setChain(World.KOMATSU)
            .setFrom(1)
            .setAccount("Asia-Komatsu/ffffffff")
            .addKinds("send")
            .build();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", world.port(World.KOMATSU))
            .usePlaintext()
            .build();
    try {
      Fuzz.of("gRPC message", List.of(follow.toByteArray()))
          .run(bytes -> {
            if (isMessage(bytes)) {
              Status status = followed(channel, bytes);
              for (int again = 0; again < 3 && connectionEnded(status); again++) {
                status = followed(channel, bytes);
              }
              assertTrue(
                  Set.of(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND)
                      .contains(status.getCode()),
                  status.toString());
            }
            return null;
          });
    } finally {
      channel.shutdownNow();
      assertTrue(channel.awaitTermination(10, TimeUnit.SECONDS));
    }
  }

  private static boolean isMessage(byte[] bytes) {
    try {
      return FollowRequest.parseFrom(bytes).isInitialized();
    } catch (InvalidProtocolBufferException no) {
      return false;
    }
  }

  /**
   * A call that is cancelled while its answer is on the way may cost the whole connection: the web
   * server takes what still comes for an error. The next call has a connection of its own.
   */
  private static boolean connectionEnded(Status status) {
    return status.getCode() == Status.Code.INTERNAL
        && String.valueOf(status.getDescription()).contains("GOAWAY");
  }

  /** OK when the first event comes, with which the call ends. */
  private static Status followed(ManagedChannel channel, byte[] bytes) {
    MethodDescriptor<byte[], FeedEvent> raw =
        FeedGrpc.getFollowMethod().toBuilder(
                new Raw(), FeedGrpc.getFollowMethod().getResponseMarshaller())
            .build();
    Context.CancellableContext call = Context.current().withCancellation();
    Context before = call.attach();
    try {
      return ClientCalls.blockingServerStreamingCall(
                  channel, raw, CallOptions.DEFAULT.withDeadlineAfter(8, TimeUnit.SECONDS), bytes)
              .hasNext()
          ? Status.OK
          : Status.ABORTED;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus();
    } finally {
      call.detach(before);
      call.cancel(null);
    }
  }

  private record Raw() implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }

  @Test
  void queriesOfFeeds() {
    String account = world.holder(World.KOMATSU, "eeeeeeee").account().toString();
    Fuzz.of(
            "query of a feed",
            "from=3&kind=send&kind=receive&approved=true",
            "account=" + account + "&approved=false",
            "from=0")
        .cases(1_000)
        .run(bytes -> {
          String path = "/chains/" + World.KOMATSU + "/feed?" + asQuery(bytes);
          HttpRequest request =
              HttpRequest.newBuilder(world.uri(World.KOMATSU, path))
                  .timeout(Duration.ofSeconds(30))
                  .HEAD() // the answer has no end otherwise
                  .build();
          int status = world.send(request).status();
          assertTrue(status == 200 || status == 400 || status == 414, () -> path + ": " + status);
          return null;
        });
  }

  /** Of what no URI may have, so that it comes as it is. */
  private static String asQuery(byte[] bytes) {
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < Math.min(bytes.length, 4_000); i++) {
      char c = (char) (bytes[i] & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "&=:/.-_~".indexOf(c) >= 0);
      query.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return query.toString();
  }

  @Test
  void forms() {
    Fuzz.of(
            "POST of a form",
            "sender=A&sender_municipality=Asia-Komatsu&receiver=B"
                + "&receiver_municipality=Asia-Kanazawa&amount=1&memo=%E6%98%BC&valid_until=12&id=1",
            "account=Asia-Komatsu%2Fffffffff&act=auto-receive&amount=5.00")
        .cases(1_000)
        .run(bytes -> {
          String path = bytes.length % 2 == 0 ? "/send/confirm" : "/account/confirm";
          HttpRequest request =
              HttpRequest.newBuilder(world.uri(World.KOMATSU, path))
                  .timeout(Duration.ofSeconds(30))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .header("Origin", "http://localhost:" + world.port(World.KOMATSU))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                  .build();
          int status = world.send(request).status();
          assertTrue(status == 200 || status / 100 == 4, () -> path + ": " + status);
          return null;
        });
  }

  private static int path(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    return text.contains("amount") ? 0 : text.contains("reject") ? 1 : text.length() % 2 + 2;
  }

  @Test
  void paymentsBySignedNotes() {
    World.Holder holder = world.holder(World.KOMATSU, "ffffffff");
    AccountId to = AccountId.of("Asia-Kanazawa/gggggggg");
    long validUntil = world.header().notAfter() + 60_000;
    SignedOrder send =
        holder.sign(
            new Order.Send(
                world.header(), holder.account(), to, Money.of("1.00"), validUntil, null));
    Fuzz.of("POST of a note", List.of(send.bytes()))
        .run(bytes -> {
          answered("/send", "text/plain", bytes);
          return null;
        });
  }
}
