package aika.node.gossip;

import io.scalecube.cluster.transport.api.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import reactor.core.Disposable;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The messages that arrive at one member, from frames that any thread brings. */
final class Inbox {
  private static final int WAITING_MESSAGES_MAX = 4_096;
  private static final BoundedCodec CODEC = new BoundedCodec();

  private final Sinks.Many<Message> received = Sinks.many().multicast().directBestEffort();
  private final ReentrantLock emitting = new ReentrantLock();

  static byte[] frame(Message message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CODEC.serialize(message, bytes);
    return bytes.toByteArray();
  }

  /**
   * @throws IOException when the frame is no message
   */
  void take(byte[] frame) throws IOException {
    Message message = CODEC.parse(frame);
    emitting.lock();
    try {
      received.tryEmitNext(message);
    } finally {
      emitting.unlock();
    }
  }

  /** What arrives from now on; what its reader cannot take in time is lost. */
  Flux<Message> listen() {
    return received
        .asFlux()
        .onBackpressureBuffer(WAITING_MESSAGES_MAX, BufferOverflowStrategy.DROP_LATEST);
  }

  /** Sends a request and hears its answer. */
  Mono<Message> answer(Message request, Mono<Void> sending) {
    String asked = Objects.requireNonNull(request.correlationId());
    return Mono.create(answer -> {
      Disposable hearing =
          listen()
              .filter(message -> asked.equals(message.correlationId()))
              .subscribe(answer::success, answer::error);
      answer.onDispose(hearing);
      sending.subscribe(null, answer::error);
    });
  }

  void close() {
    emitting.lock();
    try {
      received.tryEmitComplete();
    } finally {
      emitting.unlock();
    }
  }
}
