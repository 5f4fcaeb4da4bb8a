package aika.cli;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out whether a federation's ports are free before anything is made for it. */
final class FreePorts {
  private FreePorts() {}

  /**
   * @param host address on which the gateways will listen
   * @param data where the federation file may lie already; null when there is none
   * @throws CommandException {@code PORT_TAKEN}, naming the port and the chain that wants it
   */
  static void check(@Nullable Path data, String host, int offset) {
    Path file = data == null ? null : data.resolve(FederationFile.NAME);
    Federation federation =
        file != null && Files.exists(file)
            ? FederationFile.read(file).federation()
            : FederationTemplate.demo().federation(new PlannedKeys());
    check(federation, Set.of(), host, offset);
  }

  /**
   * @param serves the chains whose ports are wanted; empty for all
   */
  static void check(Federation federation, Set<ChainId> serves, String host, int offset) {
    federation
        .shifted(offset)
        .chains()
        .filter(chain -> serves.isEmpty() || serves.contains(chain.id()))
        .forEach(chain -> check(host, chain));
  }

  private static void check(String host, Chain chain) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true); // connections that just ended do not matter
      probe.bind(new InetSocketAddress(host, chain.http()));
    } catch (IOException taken) {
      throw CommandException.of(
          Reason.PORT_TAKEN,
          "Port " + chain.http() + " (" + chain.id() + ") is in use by another program.",
          "ポート " + chain.http() + "（" + chain.id() + "）がほかのプログラムに使われています。");
    }
  }
}
