package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.note.MalformedException;
import aika.node.config.Chain;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request at one gateway and its answer. */
final class Exchange {
  private static final String HOST = "host";
  private static final String FORWARDED = "forwarded";

  private final ServerRequest request;
  private final ServerResponse response;
  private final Caller caller;
  private byte[] body = new byte[0];

  Exchange(Chain at, ServerRequest request, ServerResponse response) {
    this.request = request;
    this.response = response;
    this.caller = caller(at, request);
  }

  static Caller caller(Chain at, ServerRequest request) {
    Map<String, List<String>> headers = new HashMap<>();
    for (Header header : request.headers()) {
      headers.put(header.headerName().lowerCase(), header.allValues());
    }
    headers.putIfAbsent(HOST, List.of(request.authority()));
    if (request.isSecure()) {
      headers.putIfAbsent(FORWARDED, List.of("proto=https")); // a node's; no counter's
    }
    if (!(request.remotePeer().address() instanceof InetSocketAddress peer)) {
      throw RefusedException.of(Reason.UNSIGNED_REFUSED, "not over TCP");
    }
    return new Caller(at, peer.getAddress(), headers);
  }

  Caller caller() {
    return caller;
  }

  ServerResponse response() {
    return response;
  }

  Languages language() {
    return Languages.of(caller.header("accept-language"));
  }

  /** Whether the answer is wanted without its body. */
  boolean isHead() {
    return request.prologue().method().equals(Method.HEAD);
  }

  /** The media type of the body, without parameters; empty when there is none. */
  String mediaType() {
    String type = caller.header("content-type");
    if (type == null) {
      return "";
    }
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /** The body; {@code TOO_LARGE} beyond the limit. */
  byte[] body(int bytesMax) {
    body = Body.read(request, response, bytesMax);
    return body;
  }

  /**
   * As much of the body as was asked for; whoever refuses a request has read it, or had no need.
   */
  byte[] bodyRead() {
    return body;
  }

  String method() {
    return request.prologue().method().text();
  }

  /** As they were asked for, still encoded. */
  String pathAndQuery() {
    String query = request.prologue().query().rawValue();
    String path = request.prologue().uriPath().rawPath();
    return query.isEmpty() ? path : path + '?' + query;
  }

  String path(String name) {
    return request.path().pathParameters().get(name);
  }

  /** A part of the path; what cannot be one is not found. */
  <T> T path(String name, Function<String, T> meaning) {
    try {
      return meaning.apply(path(name));
    } catch (MalformedException notOne) {
      throw RefusedException.of(Reason.NOT_FOUND, String.valueOf(notOne.getMessage()));
    }
  }

  /** A query parameter, at most once; null when it is missing or blank. */
  @Nullable String query(String name) {
    if (!request.query().contains(name)) {
      return null;
    }
    List<String> values = request.query().all(name);
    if (values.size() > 1) {
      throw new MalformedException(name + " is given twice");
    }
    return values.isEmpty() || values.getFirst().isBlank() ? null : values.getFirst();
  }

  /** A query parameter that may be given several times. */
  List<String> queries(String name) {
    return request.query().contains(name) ? request.query().all(name) : List.of();
  }

  /** Refuses other query parameters: a filter that is misspelt would let everything through. */
  void onlyQueries(Set<String> known) {
    for (String name : request.query().names()) {
      if (!known.contains(name)) {
        throw new MalformedException("no such parameter: " + Shown.of(name));
      }
    }
  }

  void json(Map<String, ?> json) {
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    send("application/json", Json.write(json));
  }

  void send(String contentType, byte[] body) {
    response.header(HeaderNames.CONTENT_TYPE, contentType);
    response.header("X-Content-Type-Options", "nosniff");
    if (isHead()) {
      response.header(HeaderNames.CONTENT_LENGTH, String.valueOf(body.length));
      response.send();
    } else {
      response.send(body);
    }
  }

  void problem(RefusedException refused) {
    Reason reason = refused.refusal().reason();
    response.status(reason.httpStatus());
    if (reason.retryable()) {
      response.header(HeaderNames.RETRY_AFTER, reason == Reason.CAP_REACHED ? "60" : "1");
    }
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    Map<String, ?> json = Problems.json(refused.refusal(), refused.lookup(), language());
    send(Problems.CONTENT_TYPE, Json.write(json));
  }
}
