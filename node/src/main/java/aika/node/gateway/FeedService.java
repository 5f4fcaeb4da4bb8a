package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.node.mirror.ReadableChains;
import aika.proto.feed.AikaFeed;
import aika.proto.feed.FeedEvent;
import aika.proto.feed.FollowRequest;
import com.google.protobuf.Descriptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.helidon.webserver.grpc.GrpcService;
import java.util.List;
import java.util.Set;

/**
 * Feeds as a gRPC stream (docs/spec/feed.md, FEED-20 ff.). Each call has a thread of its own, and
 * Helidon's write waits until the reader's flow-control window has room.
 */
final class FeedService implements GrpcService {
  static final Metadata.Key<String> CODE =
      Metadata.Key.of("aika-code", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> NUMBER =
      Metadata.Key.of("aika-number", Metadata.ASCII_STRING_MARSHALLER);

  private final ReadableChains chains;
  private final FeedReaders readers;
  private final Meters meters;

  FeedService(ReadableChains chains, FeedReaders readers, Meters meters) {
    this.chains = chains;
    this.readers = readers;
    this.meters = meters;
  }

  @Override
  public Descriptors.FileDescriptor proto() {
    return AikaFeed.getDescriptor();
  }

  @Override
  public String serviceName() {
    return "aika.feed.v1.Feed";
  }

  @Override
  public void update(Routing routing) {
    routing.serverStream("Follow", this::follow);
  }

  private void follow(FollowRequest request, StreamObserver<FeedEvent> observer) {
    ServerCallStreamObserver<FeedEvent> out = (ServerCallStreamObserver<FeedEvent>) observer;
    try {
      FeedReader reader = new FeedReader(query(request));
      try (FeedReaders.Place place = readers.enter()) {
        out.setOnCancelHandler(place::leave);
        write(reader, place, out);
      }
    } catch (RefusedException refused) {
      refuse(out, refused.refusal());
    } catch (MalformedException malformed) {
      refuse(out, Refusal.of(Reason.MALFORMED, String.valueOf(malformed.getMessage())));
    }
  }

  private FeedQuery query(FollowRequest request) {
    return new FeedQuery(
        LogRoutes.readable(chains, ChainId.of(request.getChain())),
        request.getFrom(),
        request.getAccount().isEmpty() ? null : AccountId.of(request.getAccount()),
        Set.copyOf(request.getKindsList()),
        request.getApproved());
  }

  private void write(
      FeedReader reader, FeedReaders.Place place, ServerCallStreamObserver<FeedEvent> out) {
    ChainId chain = reader.chain().id();
    try {
      place.follow(reader, new Messages(out, chain));
      refuse(out, Refusal.of(Reason.BUSY, "the node is stopping; go on elsewhere or later"));
    } catch (InterruptedException | RuntimeException gone) {
      Stopping.LOG.debug("a reader of {} left: {}", chain, gone.toString());
      if (!out.isCancelled()) {
        refuse(out, Refusal.of(Reason.BUSY, "nothing was read for too long; go on where you were"));
      }
    }
  }

  private record Messages(StreamObserver<FeedEvent> out, ChainId chain) implements FeedReaders.Out {
    @Override
    public void write(List<FeedItem> items) {
      items.forEach(item -> out.onNext(FeedMessages.of(chain, item)));
    }

    @Override
    public void quiet(long position) {
      out.onNext(FeedMessages.position(chain, position));
    }
  }

  private void refuse(StreamObserver<FeedEvent> out, Refusal refusal) {
    Reason reason = refusal.reason();
    meters.refused(reason.name());
    Metadata trailers = new Metadata();
    trailers.put(CODE, reason.name());
    trailers.put(NUMBER, String.valueOf(reason.number()));
    String description = ascii(reason.en() + " (" + refusal.detail() + ')');
    out.onError(status(reason).withDescription(description).asRuntimeException(trailers));
  }

  /** The description stands in a header, and what was asked for may stand in it. */
  private static String ascii(String text) {
    return text.replaceAll("[^ -~]|%", "?");
  }

  private static Status status(Reason reason) {
    return switch (reason.httpStatus()) {
      case 400 -> Status.INVALID_ARGUMENT;
      case 403 -> Status.PERMISSION_DENIED;
      case 404 -> Status.NOT_FOUND;
      case 429 -> Status.RESOURCE_EXHAUSTED;
      case 503 -> Status.UNAVAILABLE;
      default -> Status.INTERNAL;
    };
  }
}
