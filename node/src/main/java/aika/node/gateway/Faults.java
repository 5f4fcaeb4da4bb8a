package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.note.MalformedException;
import aika.node.order.OutcomeUnknownException;
import io.helidon.http.HttpException;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into an answer with a stable code. */
final class Faults {
  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  private final Meters meters;

  Faults(Meters meters) {
    this.meters = meters;
  }

  void answer(Exchange exchange, Exception fault) {
    RefusedException refused = refused(fault);
    meters.refused(refused.refusal().reason().name());
    if (!exchange.response().isSent()) {
      exchange.problem(refused);
    }
  }

  private static RefusedException refused(Exception fault) {
    return switch (fault) {
      case RefusedException refused -> refused;
      case MalformedException malformed ->
          RefusedException.of(Reason.MALFORMED, String.valueOf(malformed.getMessage()));
      case InterruptedException stopping ->
          RefusedException.of(Reason.BUSY, "the node is stopping");
      case HttpException http when http.status().code() == 413 ->
          RefusedException.of(Reason.TOO_LARGE, "the body is too large");
      case HttpException http when http.status().code() < 500 ->
          RefusedException.of(Reason.MALFORMED, String.valueOf(http.getMessage()));
      case OutcomeUnknownException unknown ->
          RefusedException.of(Reason.OUTCOME_UNKNOWN, String.valueOf(unknown.getMessage()));
      case UncheckedIOException gone -> gone(gone);
      case ServerConnectionException gone -> gone(gone);
      default -> {
        LOG.error("a request failed inside the node", fault);
        yield RefusedException.of(Reason.INTERNAL, "see the node's log");
      }
    };
  }

  private static RefusedException gone(RuntimeException gone) {
    LOG.debug("the client is gone: {}", gone.getMessage());
    return RefusedException.of(Reason.MALFORMED, "the connection ended");
  }
}
