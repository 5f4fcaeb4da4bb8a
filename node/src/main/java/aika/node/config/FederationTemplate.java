package aika.node.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A federation file without keys. Private keys are never part of the program, so a demo makes its
 * keys at its first start.
 */
public final class FederationTemplate {
  private static final String DEMO = "federation.demo.yaml";

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
