package aika.cli;

import aika.client.AikaClient;
import aika.client.ClientSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** Which gateway is asked, on one machine or on those of a node. */
final class GatewayOption {
  /** Less patient than a program: somebody sits there, and may have mistyped the address. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  private static final int ATTEMPTS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      required = true,
      split = ",",
      description = {
        "The gateway, e.g. http://localhost:2001; of a node of several machines all of them, with"
            + " commas.",
        "窓口のアドレス（何台もあるノードは、コンマで区切ってすべて）。"
      })
  private List<URI> gateways;

  AikaClient client() {
    return new AikaClient(settings());
  }

  ClientSettings settings() {
    for (URI gateway : gateways) {
      String scheme = gateway.getScheme();
      if (gateway.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
        throw CommandException.of(
            "--gateway is an address such as http://localhost:2001.",
            "--gateway は http://localhost:2001 のように書いてください。",
            null);
      }
    }
    return gateways.size() == 1
        ? new ClientSettings(gateways.getFirst(), ANSWER_MAX, ATTEMPTS, FIRST_PAUSE)
        : ClientSettings.of(gateways);
  }
}
