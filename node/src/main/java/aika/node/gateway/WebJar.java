package aika.node.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * A browser library within the program, so that no page has to ask anybody else for it.
 *
 * @param version the build's; the files' addresses within the program hold it
 */
public record WebJar(String artifact, String version) {

  /**
   * @param group {@code org.webjars} or {@code org.webjars.npm}
   * @throws IllegalStateException when the program was built without it
   */
  public static WebJar of(String group, String artifact) {
    Properties about = new Properties();
    try (InputStream in = open("/META-INF/maven/%s/%s/pom.properties".formatted(group, artifact))) {
      about.load(in);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return new WebJar(artifact, about.getProperty("version", ""));
  }

  /**
   * @param name within the library, {@code dist/uPlot.min.css}
   */
  public byte[] file(String name) {
    String path = "/META-INF/resources/webjars/%s/%s/%s".formatted(artifact, version, name);
    try (InputStream in = open(path)) {
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static InputStream open(String path) {
    InputStream in = WebJar.class.getResourceAsStream(path);
    if (in == null) {
      throw new IllegalStateException(path + " is missing from the program");
    }
    return in;
  }
}
