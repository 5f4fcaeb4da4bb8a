package aika.node.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.note.Sha256;
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
      List.of("tokens.css", "page.css", "form.css", "transfer.css");

  private static final List<String> SCRIPTS =
      List.of("aika.js", "forms.js", "lookup.js", "timeline.js", "times.js");
  private static final int VERSION_BYTES = 8;

  /** One file as it is served. */
  record Asset(String mediaType, byte[] bytes) {}

  private final Map<String, Asset> files = new TreeMap<>();
  private final String version;

  private Assets() {
    StringBuilder styles = new StringBuilder();
    STYLES.forEach(name -> styles.append(new String(read(name), UTF_8)));
    files.put("aika.css", new Asset("text/css; charset=utf-8", styles.toString().getBytes(UTF_8)));
    for (String script : SCRIPTS) {
      files.put(script, new Asset("text/javascript; charset=utf-8", read(script)));
    }
    files.put("icon.svg", new Asset("image/svg+xml", read("icon.svg")));
    MessageDigest digest = Sha256.newDigest();
    files.values().forEach(file -> digest.update(file.bytes()));
    version = HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES);
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
