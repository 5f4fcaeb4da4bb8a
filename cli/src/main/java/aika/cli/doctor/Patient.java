package aika.cli.doctor;

import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.KeyFiles;
import aika.node.tls.TlsFiles;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The node that is looked at, or several of one directory.
 *
 * @param directory with the federation file and the keys
 * @param federation the file's, with the ports at which the node runs
 * @param chains that the node serves
 * @param homes where the nodes keep what is theirs
 * @param begun chains whose nodes have run in the directory, as far as it shows
 * @param gateways where other nodes' chains are, as the operator's file says
 * @param host address on which the node is to listen
 */
public record Patient(
    Path directory,
    FederationFile file,
    Federation federation,
    KeyFiles keys,
    List<Chain> chains,
    List<Path> homes,
    Set<ChainId> begun,
    Map<ChainId, URI> gateways,
    String host) {
  private static final String EVERY_ADDRESS = "0.0.0.0";

  public Patient {
    chains = List.copyOf(chains);
    homes = List.copyOf(homes);
    begun = Set.copyOf(begun);
    gateways = Map.copyOf(gateways);
  }

  /** Where its certificate is, if it has one. */
  Path tls() {
    return directory.resolve(TlsFiles.DIRECTORY);
  }

  /** Where the patient's own chains answer when they run. */
  Map<ChainId, URI> own() {
    String here =
        host.equals(EVERY_ADDRESS) ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    Map<ChainId, URI> found = new LinkedHashMap<>();
    chains.forEach(one -> found.put(one.id(), URI.create("http://" + here + ":" + one.http())));
    return found;
  }

  /** Where the other chains of the federation answer; on this machine when no file says. */
  Map<ChainId, URI> neighbours() {
    Map<ChainId, URI> found = new LinkedHashMap<>();
    federation
        .chains()
        .filter(one -> !chains.contains(one))
        .forEach(one ->
            found.put(
                one.id(),
                gateways.getOrDefault(one.id(), URI.create("http://localhost:" + one.http()))));
    return found;
  }
}
