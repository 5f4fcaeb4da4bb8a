package aika.node.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Reason;
import aika.core.note.Sha256;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What this API is: as OpenAPI 3.1 for programs, and as a page for people. */
final class ApiRoutes {
  private static final String JAVASCRIPT = "text/javascript; charset=utf-8";

  /** As strict as the other pages', but Swagger's styles hold small pictures as data. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
          + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Files FILES = Files.load();

  /**
   * @param version of all files; part of their address, so that browsers may keep them
   */
  private record Files(byte[] openapi, byte[] page, String version, Map<String, File> others) {
    static Files load() {
      WebJar swagger = WebJar.of("org.webjars", "swagger-ui");
      Map<String, File> files = new LinkedHashMap<>();
      files.put("swagger-ui-bundle.js", new File(JAVASCRIPT, swagger.file("swagger-ui-bundle.js")));
      files.put(
          "swagger-ui.css", new File("text/css; charset=utf-8", swagger.file("swagger-ui.css")));
      files.put("favicon-32x32.png", new File("image/png", swagger.file("favicon-32x32.png")));
      files.put("api.js", new File(JAVASCRIPT, read("api.js")));
      byte[] own = Sha256.of(read("api.js"));
      String version = swagger.version() + '-' + HexFormat.of().formatHex(own, 0, 4);
      String page = new String(read("api.html"), UTF_8).replace("{version}", version);
      return new Files(yamlAsJson(), page.getBytes(UTF_8), version, files);
    }
  }

  private record File(String mediaType, byte[] bytes) {}

  void add(Endpoints endpoints) {
    endpoints
        .get("/openapi.json", ApiRoutes::openapi)
        .get("/api", ApiRoutes::page)
        .get("/api/{version}/{file}", ApiRoutes::file);
  }

  private static void openapi(Exchange exchange) {
    exchange
        .response()
        .header(HeaderNames.CACHE_CONTROL, "no-cache")
        .header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    exchange.send("application/json", FILES.openapi);
  }

  private static void page(Exchange exchange) {
    exchange
        .response()
        .header("Content-Security-Policy", POLICY)
        .header("Referrer-Policy", "same-origin")
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header(HeaderNames.CACHE_CONTROL, "no-cache");
    exchange.send("text/html; charset=utf-8", FILES.page);
  }

  private static void file(Exchange exchange) {
    File file = FILES.others.get(exchange.path("file"));
    if (file == null || !exchange.path("version").equals(FILES.version)) {
      throw RefusedException.of(Reason.NOT_FOUND, "no such file of the API's page");
    }
    exchange.response().header(HeaderNames.CACHE_CONTROL, "public, max-age=31536000, immutable");
    exchange.send(file.mediaType, file.bytes);
  }

  private static byte[] yamlAsJson() {
    Object yaml =
        new Load(LoadSettings.builder().build())
            .loadFromString(new String(read("openapi.yaml"), UTF_8));
    return Json.write((Map<?, ?>) Objects.requireNonNull(yaml));
  }

  private static byte[] read(String name) {
    try (InputStream in = ApiRoutes.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the program");
      }
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
