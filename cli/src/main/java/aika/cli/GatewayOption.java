package aika.cli;

import aika.client.AikaClient;
import java.net.URI;
import picocli.CommandLine.Option;

/** Which gateway is asked. */
final class GatewayOption {
  @Option(
      names = "--gateway",
      paramLabel = "URL",
      required = true,
      description = {"The gateway, e.g. http://localhost:2001.", "窓口のアドレス。"})
  private URI gateway;

  AikaClient client() {
    return AikaClient.at(address());
  }

  URI address() {
    String scheme = gateway.getScheme();
    if (gateway.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw CommandException.of(
          "--gateway is an address such as http://localhost:2001.",
          "--gateway は http://localhost:2001 のように書いてください。",
          null);
    }
    return gateway;
  }
}
