package aika.node.web;

import aika.core.note.MalformedException;
import aika.node.gateway.Body;
import aika.node.gateway.Caller;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A page's request and response as HTTP has them. */
record Exchange(ServerRequest request, ServerResponse response) {
  static final HeaderName CONTENT_TYPE_OPTIONS = HeaderNames.create("X-Content-Type-Options");

  /** Larger than any form of these pages. */
  private static final int FORM_BYTES_MAX = 16_384;

  private static final String LANGUAGE = "lang";
  private static final int COOKIE_SECONDS = 365 * 24 * 60 * 60;
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
          + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final HeaderName CONTENT_SECURITY_POLICY =
      HeaderNames.create("Content-Security-Policy");
  private static final HeaderName REFERRER_POLICY = HeaderNames.create("Referrer-Policy");
  private static final HeaderName OPENER_POLICY = HeaderNames.create("Cross-Origin-Opener-Policy");

  Language language() {
    return Language.choose(
        request.query().first(LANGUAGE).orElse(null),
        request.headers().cookies().first(LANGUAGE).orElse(null),
        request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse(null));
  }

  /**
   * Whether a form comes from elsewhere: browsers say with every form where it comes from, and it
   * must be this very gateway.
   */
  boolean isForeign() {
    if (!isPost()) {
      return false;
    }
    String origin = request.headers().first(HeaderNames.ORIGIN).orElse("");
    String host = request.authority();
    return !origin.equals("http://" + host) && !origin.equals("https://" + host);
  }

  Visit visit(Layout layout) {
    Map<String, String> query = new HashMap<>();
    request.query().names().forEach(name -> query.put(name, request.query().get(name)));
    FormData form = isPost() ? form() : new FormData(Map.of());
    Caller caller = new Caller(layout.at(), remote(), headers());
    String path = request.path().pathParameters().first("id").orElse("");
    return new Visit(caller, layout, path, query, form);
  }

  private InetAddress remote() {
    return Objects.requireNonNull(
        ((InetSocketAddress) request.remotePeer().address()).getAddress());
  }

  private Map<String, List<String>> headers() {
    Map<String, List<String>> headers = new HashMap<>();
    for (Header header : request.headers()) {
      headers.put(header.headerName().lowerCase(), header.allValues());
    }
    headers.putIfAbsent("host", List.of(request.authority()));
    return headers;
  }

  private FormData form() {
    byte[] bytes = Body.read(request, response, FORM_BYTES_MAX);
    return parse(new String(bytes, StandardCharsets.US_ASCII));
  }

  /** {@code application/x-www-form-urlencoded}, as the URL standard writes it. */
  static FormData parse(String text) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values
            .computeIfAbsent(decoded(pair.substring(0, equals)), any -> new ArrayList<>())
            .add(decoded(pair.substring(equals + 1)));
      }
    }
    return new FormData(values);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new MalformedException("not the text of a form", malformed);
    }
  }

  /** A step's page may be shown again by "back"; it cannot be fetched again like the others. */
  private boolean isPost() {
    return request.prologue().method().equals(Method.POST);
  }

  boolean isRead() {
    return !isPost();
  }

  /** The path alone, encoded. */
  String path() {
    return Paths.encodedPath(request.prologue().uriPath().path());
  }

  void answer(Reply reply) {
    if (request.query().contains(LANGUAGE)) {
      response.headers().add(HeaderNames.SET_COOKIE, cookie(language()));
    }
    response
        .header(CONTENT_SECURITY_POLICY, POLICY)
        .header(CONTENT_TYPE_OPTIONS, "nosniff")
        .header(REFERRER_POLICY, "same-origin")
        .header(OPENER_POLICY, "same-origin")
        .header(HeaderNames.CACHE_CONTROL, isPost() ? "private, no-cache" : "no-store")
        .header(HeaderNames.VARY, "Accept-Language, Cookie");
    switch (reply) {
      case Reply.Page page -> {
        response
            .status(Status.create(page.status()))
            .header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
            .header(HeaderNames.CONTENT_LANGUAGE, language().code());
        send(page.html().getBytes(StandardCharsets.UTF_8));
      }
      case Reply.Redirect to ->
          response.status(Status.SEE_OTHER_303).header(HeaderNames.LOCATION, to.path()).send();
    }
  }

  /** Sends the body, or for HEAD only how long it would be. */
  void send(byte[] body) {
    if (request.prologue().method().equals(Method.HEAD)) {
      response.header(HeaderNames.CONTENT_LENGTH, String.valueOf(body.length)).send();
    } else {
      response.send(body);
    }
  }

  private static String cookie(Language language) {
    return LANGUAGE
        + '='
        + language.code()
        + "; Path=/; Max-Age="
        + COOKIE_SECONDS
        + "; SameSite=Lax; HttpOnly";
  }
}
