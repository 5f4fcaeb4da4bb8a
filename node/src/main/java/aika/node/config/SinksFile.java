package aika.node.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.money.ChainId;
import aika.sinks.analytics.AnalyticsSettings;
import aika.sinks.immudb.ImmudbSettings;
import aika.sinks.mongo.MongoSettings;
import aika.sinks.webhook.WebhookSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operator's file of sinks, {@code sinks.yaml} in the data directory; see {@code
 * docs/spec/sinks.md}. It holds or names secrets and differs from node to node, so it is no part of
 * the federation file.
 *
 * @param mongo in the file's order, one for each database
 * @param immudb in the file's order, one for each database
 */
public record SinksFile(
    List<Mongo> mongo,
    List<ImmudbSettings> immudb,
    Optional<Analytics> analytics,
    List<WebhookSettings> webhooks) {
  /** What the file is called in the data directory. */
  public static final String NAME = "sinks.yaml";

  /** Where sinks keep files of their own, in the data directory. */
  public static final String DIRECTORY = "sinks";

  /** No sinks: what a data directory without the file says. */
  public static final SinksFile NOTHING =
      new SinksFile(List.of(), List.of(), Optional.empty(), List.of());

  public SinksFile {
    mongo = List.copyOf(mongo);
    immudb = List.copyOf(immudb);
    webhooks = List.copyOf(webhooks);
  }

  /**
   * @param names whether display names go there
   */
  public record Mongo(MongoSettings settings, boolean names) {
    /** Chains whose transfers it keeps. */
    public List<ChainId> scope() {
      return settings.scope();
    }
  }

  /**
   * @param names whether display names go there
   */
  public record Analytics(AnalyticsSettings settings, boolean names) {}

  /**
   * Reads the file of a data directory; one that is not there says {@link #NOTHING}.
   *
   * @param federation with the ports at which this node runs
   * @param environment the value of an environment variable, or null
   * @throws FederationException {@code SINKS_FILE}: it cannot be read, or all its faults with their
   *     lines
   */
  public static SinksFile read(
      Path data, Federation federation, Function<String, @Nullable String> environment) {
    Path path = data.resolve(NAME);
    if (!Files.exists(path)) {
      return NOTHING;
    }
    Problems problems = Problems.secretive(FederationException.SINKS_FILE, NAME);
    byte[] bytes;
    try {
      if (DurableFile.openToOthers(path)) {
        problems.add(1, "", Fault.OPEN_TO_OTHERS, NAME);
      }
      if (Files.size(path) > YamlText.BYTES_MAX) {
        problems.add(1, "", Fault.TOO_LARGE, YamlText.BYTES_MAX);
      }
      problems.throwIfAny();
      bytes = Files.readAllBytes(path);
    } catch (IOException unreadable) {
      throw FederationException.unreadable(FederationException.SINKS_FILE, path, unreadable);
    }
    return SinksReader.read(bytes, data, federation, environment, problems);
  }

  /**
   * Writes the file, for its owner only, over an earlier one.
   *
   * @throws FederationException {@code SINKS_FILE} when it cannot be written
   */
  public static void write(Path data, String text) {
    Path path = data.resolve(NAME);
    try {
      DurableFile.writePrivate(path, text.getBytes(UTF_8));
    } catch (IOException unwritable) {
      throw FederationException.unwritable(FederationException.SINKS_FILE, path, unwritable);
    }
  }
}
