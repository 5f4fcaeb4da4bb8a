package aika.node.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A federation file without keys. Private keys are never part of the program, so a demo makes its
 * keys at its first start.
 */
public final class FederationTemplate {
  private static final String DEMO = "federation.demo.yaml";
  private static final String TOWNS = "municipalities:\n";
  private static final Town ELSEWHERE = new Town("Default-General", "総合窓口", "General");
  private static final int HTTP = 2_000;
  private static final int NODE = 20_000;

  private final String name;
  private final byte[] bytes;

  FederationTemplate(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes.clone();
  }

  /** The ten continents and Default, and four municipalities. */
  public static FederationTemplate demo() {
    try (InputStream in = FederationTemplate.class.getResourceAsStream(DEMO)) {
      if (in == null) {
        throw new IllegalStateException(DEMO + " is missing from the program");
      }
      return new FederationTemplate(DEMO, in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * A municipality that a template begins with.
   *
   * @param id continent and name; checked with everything else
   */
  public record Town(String id, String ja, String en) {}

  /**
   * The continents of the demo with other municipalities, on the ports from 2000 and 20000 on, and
   * {@code Default-General}, which serves those who name no continent that there is.
   *
   * @param federation its id
   */
  public static FederationTemplate of(String federation, List<Town> towns) {
    String demo = new String(demo().bytes, StandardCharsets.UTF_8);
    int from = demo.indexOf("federation:");
    int to = demo.indexOf(TOWNS) + TOWNS.length();
    StringBuilder text =
        new StringBuilder(demo.substring(from, to))
            .replace(0, demo.indexOf('\n', from) - from, "federation: " + quoted(federation));
    List<Town> all = new ArrayList<>(towns);
    if (towns.stream().noneMatch(town -> town.id.equals(ELSEWHERE.id))) {
      all.add(ELSEWHERE);
    }
    for (int i = 0; i < all.size(); i++) {
      Town town = all.get(i);
      text.append(
          "  %s: { name: { ja: %s, en: %s }, http: %d, node: %d }%n"
              .formatted(quoted(town.id), quoted(town.ja), quoted(town.en), HTTP + i, NODE + i));
    }
    return new FederationTemplate(
        "federation.yaml", text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** As YAML has it, whatever is in it. */
  private static String quoted(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }

  /**
   * A template of somebody's own.
   *
   * @throws FederationException when it cannot be read
   */
  public static FederationTemplate read(Path path) {
    try {
      return new FederationTemplate(String.valueOf(path.getFileName()), Files.readAllBytes(path));
    } catch (IOException unreadable) {
      throw FederationException.unreadable(FederationException.FEDERATION_FILE, path, unreadable);
    }
  }

  /**
   * The federation of this template with keys from {@code maker}: five seats (or what the template
   * says) and a log key for each chain, two issuers and a registrar for each municipality, and the
   * federation root.
   *
   * @throws FederationException naming all faults of the template
   */
  public Federation federation(KeyMaker maker) {
    return FederationReader.read(name, bytes, maker);
  }
}
