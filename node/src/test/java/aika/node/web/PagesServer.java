package aika.node.web;

import aika.core.money.TransferId;
import aika.node.config.Chain;
import aika.node.config.Federation;
import io.helidon.http.sse.SseEvent;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.sse.SseSink;
import java.time.Duration;
import java.util.Random;

/** A gateway with the pages on a fake desk, and the events of a transfer as the API sends them. */
final class PagesServer implements AutoCloseable {
  final FakeDesk desk = new FakeDesk();
  private final WebServer server;

  PagesServer(String at) {
    this(at, new Statistics(null, Duration.ZERO));
  }

  PagesServer(String at, Statistics statistics) {
    Federation federation = FakeDesk.federation();
    Chain chain =
        federation.chains().filter(one -> one.id().value().equals(at)).findFirst().orElseThrow();
    Pages pages =
        new Pages(
            federation, chain, desk, statistics, Pages.ZONE, () -> FakeDesk.TEN, new Random(1));
    server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .shutdownHook(false)
            .routing(routing -> routing.register(pages).register(this::events))
            .build()
            .start();
  }

  private void events(HttpRules rules) {
    rules.get("/transfers/{id}/events", this::events);
    rules.get("/transfers/{id}", (request, response) -> response.send("the API"));
  }

  private void events(ServerRequest request, ServerResponse response) throws InterruptedException {
    TransferId id = TransferId.of(request.path().pathParameters().get("id"));
    try (SseSink sink = response.sink(SseSink.TYPE)) {
      int seen = -1;
      do { // as the gateway: what is known at first, also of a transfer that has ended
        seen = desk.awaitChange(seen);
        sink.emit(SseEvent.builder().name("transfer").data(id + " " + seen).build());
      } while (!desk.isClosed() && !desk.hasEnded(id));
    }
  }

  String address() {
    return "http://localhost:" + server.port();
  }

  @Override
  public void close() {
    desk.close();
    server.stop();
  }
}
