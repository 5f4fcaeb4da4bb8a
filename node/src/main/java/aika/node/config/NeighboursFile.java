package aika.node.config;

import aika.core.money.ChainId;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the gateways of other nodes are, {@code neighbours.yaml} beside the federation file; see
 * {@code docs/spec/neighbours.md}. It differs from node to node and changes when a node moves, so
 * it is no part of the federation file.
 */
public final class NeighboursFile {
  /** What the file is called. */
  public static final String NAME = "neighbours.yaml";

  private NeighboursFile() {}

  /**
   * The gateways that the file of this directory names; none when there is no file.
   *
   * @throws FederationException {@code NEIGHBOURS_FILE}: it cannot be read, or all its faults with
   *     their lines
   */
  public static Map<ChainId, URI> read(Path directory, Federation federation) {
    Path path = directory.resolve(NAME);
    if (!Files.exists(path)) {
      return Map.of();
    }
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException unreadable) {
      throw FederationException.unreadable(FederationException.NEIGHBOURS_FILE, path, unreadable);
    }
    Problems problems = new Problems(FederationException.NEIGHBOURS_FILE, NAME);
    Map<ChainId, URI> found = new HashMap<>();
    YamlSection section =
        new YamlCell("", "", 1, YamlText.compose(bytes, problems), problems).section();
    if (section != null) {
      for (YamlCell cell : section.all()) {
        URI gateway = gateway(cell);
        federation
            .chains()
            .map(Chain::id)
            .filter(id -> id.value().equals(cell.name()))
            .findFirst()
            .ifPresentOrElse(
                id -> {
                  if (gateway != null) {
                    found.put(id, gateway);
                  }
                },
                () -> cell.fault(Fault.UNKNOWN_PLACE, YamlCell.shown(cell.name())));
      }
    }
    problems.throwIfAny();
    return found;
  }

  static @Nullable URI gateway(YamlCell cell) {
    String text = cell.text();
    if (text == null) {
      return null;
    }
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      String path = uri.getRawPath(); // null in http:host:port
      boolean root = "".equals(path) || "/".equals(path);
      if (http && root && uri.getHost() != null && uri.getRawQuery() == null) {
        return uri;
      }
    } catch (URISyntaxException none) {
      // told below in the same words as another address
    }
    cell.fault(Fault.NOT_LIKE, Fault.Shape.GATEWAY_URL);
    return null;
  }
}
