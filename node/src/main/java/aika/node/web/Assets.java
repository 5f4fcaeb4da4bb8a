package aika.node.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.note.Sha256;
import aika.node.gateway.WebJar;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Styles, scripts and the icon. Their address holds a hash of them all, so that a browser keeps
 * them for as long as they are the same and asks for nothing else.
 */
final class Assets {
  /** In the order in which they apply; served as one. */
  private static final List<String> STYLES =
      List.of("tokens.css", "page.css", "form.css", "transfer.css", "charts.css");

  private static final List<String> SCRIPTS =
      List.of("aika.js", "charts.js", "forms.js", "lookup.js", "timeline.js", "times.js");
  private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
  private static final String LIBRARIES = "org.webjars.npm";
  private static final int VERSION_BYTES = 8;

  /** One file as it is served. */
  record Asset(String mediaType, byte[] bytes) {}

  private final Map<String, Asset> files = new TreeMap<>();
  private final String version;

  private Assets() {
    StringBuilder styles = new StringBuilder();
    STYLES.forEach(name -> styles.append(new String(read(name), UTF_8)));
    styles.append(library("uplot", "dist/uPlot.min.css"));
    files.put("aika.css", new Asset("text/css; charset=utf-8", styles.toString().getBytes(UTF_8)));
    for (String script : SCRIPTS) {
      files.put(script, new Asset(JAVASCRIPT, read(script)));
    }
    files.put("libraries.js", new Asset(JAVASCRIPT, libraries().getBytes(UTF_8)));
    files.put("icon.svg", new Asset("image/svg+xml", read("icon.svg")));
    MessageDigest digest = Sha256.newDigest();
    files.values().forEach(file -> digest.update(file.bytes()));
    version = HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES);
  }

  /**
   * What charts are drawn with, 66 KB as one module; only the page of charts asks for it. Of d3 it
   * takes the two parts that the page uses, because all of d3 is 280 KB. They are made for script
   * elements, which a module need not write into pages.
   */
  private static String libraries() {
    return library("uplot", "dist/uPlot.iife.min.js")
        + library("d3-path", "dist/d3-path.min.js")
        + library("d3-selection", "dist/d3-selection.min.js")
        + "export { uPlot };\nexport const d3 = globalThis.d3;\n";
  }

  private static String library(String artifact, String file) {
    return new String(WebJar.of(LIBRARIES, artifact).file(file), UTF_8) + '\n';
  }

  static Assets load() {
    return new Assets();
  }

  String version() {
    return version;
  }

  String address(String name) {
    return "/assets/" + version + '/' + name;
  }

  Optional<Asset> file(String name) {
    return Optional.ofNullable(files.get(name));
  }

  private static byte[] read(String name) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the program");
      }
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
