package aika.node.config;

import aika.core.money.ChainId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which machines are one node together, {@code peers.yaml} in the node's directory; see {@code
 * docs/spec/peers.md}.
 *
 * @param isNew whether these peers begin a node that has never run, with this machine among them
 * @param self the peer that this machine is
 * @param peers by their names, this one among them
 */
public record PeersFile(boolean isNew, String self, Map<String, Peer> peers) {
  /** What the file is called. */
  public static final String NAME = "peers.yaml";

  private static final Pattern PEER_NAME = Pattern.compile("[a-z0-9-]{1,32}");
  private static final int PORT_MAX = 65_535;

  /**
   * One machine.
   *
   * @param host where the other peers find it
   * @param gateways where people find it, as far as the file says
   */
  public record Peer(String host, int port, Map<ChainId, URI> gateways) {
    public Peer {
      gateways = Map.copyOf(gateways);
    }
  }

  public PeersFile {
    peers = Map.copyOf(peers);
  }

  /**
   * The file of this directory; empty when there is none, and the machine is the whole node.
   *
   * @param secured whether connections between peers are secured; without, only peers on this
   *     machine are allowed
   * @throws FederationException {@code PEERS_FILE}: it cannot be read, or all its faults with their
   *     lines
   */
  public static Optional<PeersFile> read(Path directory, Federation federation, boolean secured) {
    Path path = directory.resolve(NAME);
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException unreadable) {
      throw FederationException.unreadable(FederationException.PEERS_FILE, path, unreadable);
    }
    Problems problems = new Problems(FederationException.PEERS_FILE, NAME);
    YamlSection section =
        new YamlCell("", "", 1, YamlText.compose(bytes, problems), problems).section();
    PeersFile found = section == null ? null : new Reader(federation, secured).file(section);
    problems.throwIfAny();
    return Optional.ofNullable(found);
  }

  /** Reads one file; problems go into its cells. */
  private record Reader(Federation federation, boolean secured) {

    @Nullable PeersFile file(YamlSection section) {
      YamlCell self = section.required("this");
      String name = self == null ? null : self.scalar(Fault.Shape.PEER_NAME);
      boolean isNew = section.optional("new", false, YamlCell::truth);
      YamlSection all = section.required("peers", YamlCell::section);
      section.close();
      if (all == null) {
        return null;
      }
      Map<String, Peer> peers = new LinkedHashMap<>();
      Map<String, YamlCell> addresses = new HashMap<>();
      for (YamlCell cell : all.all()) {
        Peer peer = peer(cell, addresses);
        if (peer != null) {
          peers.put(cell.name(), peer);
        }
      }
      if (self == null || name == null) {
        return null;
      }
      if (all.all().stream().noneMatch(cell -> cell.name().equals(name))) {
        self.fault(Fault.NO_SUCH_PEER, YamlCell.shown(name));
      }
      return new PeersFile(isNew, name, peers);
    }

    private @Nullable Peer peer(YamlCell cell, Map<String, YamlCell> addresses) {
      if (!PEER_NAME.matcher(cell.name()).matches()) {
        cell.fault(Fault.NOT_LIKE, Fault.Shape.PEER_NAME);
      }
      YamlSection section = cell.section();
      if (section == null) {
        return null;
      }
      YamlCell at = section.required("address");
      String address = at == null ? null : at.text();
      Map<ChainId, URI> gateways = section.optional("gateways", Map.of(), this::gateways);
      section.close();
      if (at == null || address == null) {
        return null;
      }
      YamlCell same = addresses.putIfAbsent(address, cell);
      if (same != null) {
        at.fault(Fault.PEER_ADDRESS_TWICE, same.name(), same.line());
      }
      URI uri = address(address);
      if (uri == null) {
        at.fault(Fault.NOT_LIKE, Fault.Shape.PEER_ADDRESS);
        return null;
      }
      if (!secured && !isLoopback(uri.getHost())) {
        at.fault(Fault.PEER_NOT_LOCAL, YamlCell.shown(uri.getHost()));
      }
      return new Peer(uri.getHost(), uri.getPort(), gateways);
    }

    private static @Nullable URI address(String text) {
      try {
        URI uri = new URI("peer://" + text);
        boolean plain = uri.getRawPath().isEmpty() && uri.getRawUserInfo() == null;
        boolean whole = uri.getHost() != null && uri.getPort() > 0 && uri.getPort() <= PORT_MAX;
        return plain && whole && uri.getRawQuery() == null ? uri : null;
      } catch (URISyntaxException none) {
        return null; // told like another address
      }
    }

    private static boolean isLoopback(String host) {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException elsewhere) {
        return false;
      }
    }

    private @Nullable Map<ChainId, URI> gateways(YamlCell cell) {
      YamlSection section = cell.section();
      if (section == null) {
        return null;
      }
      Map<ChainId, URI> found = new HashMap<>();
      for (YamlCell one : section.all()) {
        URI gateway = NeighboursFile.gateway(one);
        Predicate<ChainId> named = id -> id.value().equals(one.name());
        federation
            .chains()
            .map(Chain::id)
            .filter(named)
            .findFirst()
            .ifPresentOrElse(
                id -> {
                  if (gateway != null) {
                    found.put(id, gateway);
                  }
                },
                () -> one.fault(Fault.UNKNOWN_PLACE, YamlCell.shown(one.name())));
      }
      return found;
    }
  }
}
