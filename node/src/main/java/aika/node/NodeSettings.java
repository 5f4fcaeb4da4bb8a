package aika.node;

import aika.core.money.ChainId;
import aika.node.store.StoreSettings;
import aika.node.tls.TlsFiles;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Where and how a node runs.
 *
 * @param data its directory: keys, logs, state
 * @param host address on which the gateways listen; {@code 127.0.0.1} keeps them to this machine
 * @param portOffset added to every port of the federation file
 * @param serves the chains that this node orders; empty for all of the federation
 * @param gateways where other nodes' chains are; what is not named here is on this machine, at the
 *     port of the federation file
 * @param tls where this node's certificate is, for TLS between nodes; without such a directory they
 *     speak plain HTTP
 * @param mirror which of the other nodes' chains are copied
 * @param clockIsRight the operator has looked at this machine's clock: it is believed, whoever is
 *     heard or not
 */
public record NodeSettings(
    Path data,
    String host,
    int portOffset,
    StoreSettings store,
    Set<ChainId> serves,
    Map<ChainId, URI> gateways,
    Path tls,
    Mirror mirror,
    boolean clockIsRight) {
  /** Which of the other nodes' chains a node copies. */
  public enum Mirror {
    ALL,
    /** Those that concern the chains that it serves [NBR-16]. */
    NEEDED
  }

  public NodeSettings {
    serves = Set.copyOf(serves);
    gateways = Map.copyOf(gateways);
  }

  /** Its certificate, if there is one, is among its data. */
  public NodeSettings(
      Path data,
      String host,
      int portOffset,
      StoreSettings store,
      Set<ChainId> serves,
      Map<ChainId, URI> gateways) {
    this(data, host, portOffset, store, serves, gateways, data.resolve(TlsFiles.DIRECTORY));
  }

  /** Copies every chain. */
  public NodeSettings(
      Path data,
      String host,
      int portOffset,
      StoreSettings store,
      Set<ChainId> serves,
      Map<ChainId, URI> gateways,
      Path tls) {
    this(data, host, portOffset, store, serves, gateways, tls, Mirror.ALL, false);
  }

  /** A whole federation in one process. */
  public NodeSettings(Path data, String host, int portOffset, StoreSettings store) {
    this(data, host, portOffset, store, Set.of(), Map.of());
  }

  public NodeSettings with(Mirror other) {
    return new NodeSettings(
        data, host, portOffset, store, serves, gateways, tls, other, clockIsRight);
  }

  public NodeSettings with(Map<ChainId, URI> others) {
    return new NodeSettings(
        data, host, portOffset, store, serves, others, tls, mirror, clockIsRight);
  }

  public NodeSettings withClock(boolean isRight) {
    return new NodeSettings(data, host, portOffset, store, serves, gateways, tls, mirror, isRight);
  }
}
