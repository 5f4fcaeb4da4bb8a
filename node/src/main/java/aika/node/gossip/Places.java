package aika.node.gossip;

import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.mirror.Addresses;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a node gossips [GOS-1, GOS-2].
 *
 * @param self the chain in whose name it tells
 * @param namespace nodes of another federation are not heard
 * @param host address on which it listens
 * @param port on which it listens
 * @param address where others reach it, as {@code host:port}
 * @param seeds where others may be
 * @param gateways what it tells of the chains that it serves; empty when nobody said under which
 *     name others reach them
 */
record Places(
    ChainId self,
    String namespace,
    String host,
    int port,
    String address,
    Set<String> seeds,
    Map<ChainId, URI> gateways) {
  private static final int PORT_MAX = 65_535;
  private static final String SECURE = "https";

  Places {
    seeds = Set.copyOf(seeds);
    gateways = Map.copyOf(gateways);
  }

  /**
   * None when no chain of the federation has a node's port, or when the node serves all of them.
   *
   * @param served the node's own chains, in the federation's order
   * @param host address on which the gateways listen
   * @param addresses of the others, and what {@code neighbours.yaml} says of the own
   * @param secure whether nodes reach this one's gateways by TLS, at the nodes' ports
   */
  static Optional<Places> of(
      Federation federation, List<Chain> served, String host, Addresses addresses, boolean secure) {
    boolean gossips = federation.chains().anyMatch(chain -> chain.node().isPresent());
    boolean alone = federation.chains().allMatch(served::contains);
    Chain self = served.getFirst();
    if (!gossips || alone || port(self) > PORT_MAX) {
      return Optional.empty();
    }
    Set<String> seeds = new TreeSet<>();
    federation
        .chains()
        .filter(chain -> !served.contains(chain) && port(chain) <= PORT_MAX)
        .forEach(chain -> seeds.add(seed(chain, addresses.gateway(chain.id()), secure)));
    Map<ChainId, URI> gateways = new HashMap<>();
    for (Chain chain : served) {
      told(chain, host, addresses, secure).ifPresent(uri -> gateways.put(chain.id(), uri));
    }
    URI own = gateways.get(self.id());
    String name = own == null ? thisMachine() : own.getHost();
    int port = port(self);
    String address = own == null ? name + ':' + port : nodeAt(self, own, secure);
    return Optional.of(
        new Places(self.id(), namespace(federation.id()), host, port, address, seeds, gateways));
  }

  private static int port(Chain chain) {
    return chain.nodePort();
  }

  private static String seed(Chain chain, @Nullable URI gateway, boolean secure) {
    return gateway == null ? "localhost:" + port(chain) : nodeAt(chain, gateway, secure);
  }

  /**
   * A gateway that moved to another port has its node's port as far from it as before; one that
   * nodes reach by TLS answers at the node's port itself.
   */
  private static String nodeAt(Chain chain, URI gateway, boolean secure) {
    if (secure && SECURE.equals(gateway.getScheme()) && gateway.getPort() > 0) {
      return gateway.getHost() + ':' + gateway.getPort();
    }
    int moved = gateway.getPort() < 0 ? 0 : gateway.getPort() - chain.http();
    int port = port(chain) + moved;
    return gateway.getHost() + ':' + (port < 1 || port > PORT_MAX ? port(chain) : port);
  }

  private static Optional<URI> told(Chain chain, String host, Addresses addresses, boolean secure) {
    URI named = addresses.named(chain.id());
    if (named != null) {
      boolean other = secure && !SECURE.equals(named.getScheme());
      String told = other ? "https://" + nodeAt(chain, named, true) : named.toString();
      return Optional.of(URI.create(told.replaceAll("/+$", "")));
    }
    String name = reached(host);
    String told =
        secure ? "https://" + name + ':' + port(chain) : "http://" + name + ':' + chain.http();
    return name.isEmpty() ? Optional.empty() : Optional.of(URI.create(told));
  }

  /** How others call the host on which this node listens; empty for all of a machine's. */
  private static String reached(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      if (address.isLoopbackAddress()) {
        return "localhost";
      }
      String name = host.contains(":") ? '[' + host + ']' : host; // IPv6
      return address.isAnyLocalAddress() ? "" : name;
    } catch (UnknownHostException unknown) {
      return "";
    }
  }

  private static String thisMachine() {
    try {
      return InetAddress.getLocalHost().getHostAddress();
    } catch (UnknownHostException unnamed) {
      return "localhost";
    }
  }

  static String namespace(String federation) {
    return "f" + HexFormat.of().formatHex(federation.getBytes(StandardCharsets.UTF_8));
  }
}
