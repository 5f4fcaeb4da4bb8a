package aika.cli.doctor;

import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.config.FederationException;
import aika.node.config.NeighboursFile;
import aika.node.config.PeersFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The other machines of a node that has several answer at their addresses, and other nodes hear
 * where this one is when it leads.
 */
final class PeersCheck implements Check {
  private static final String EVERY_ADDRESS = "0.0.0.0";
  private static final String EVERY_ADDRESS_6 = "::";

  private final Patient patient;
  private final Reach reach;

  PeersCheck(Patient patient, Reach reach) {
    this.patient = patient;
    this.reach = reach;
  }

  @Override
  public String name() {
    return "peers";
  }

  @Override
  public Said title() {
    return new Said("Machines of this node", "このノードの機械");
  }

  @Override
  public List<Result> results() {
    List<Result> results = new ArrayList<>();
    for (Path home : patient.homes()) {
      try {
        PeersFile.read(home, patient.federation(), Files.isDirectory(patient.tls()))
            .ifPresent(file -> look(file, results));
      } catch (FederationException faults) {
        results.add(
            new Result.Wrong(
                Said.both(String.valueOf(faults.getMessage())),
                Advice.of(
                    "Correct " + home.resolve(PeersFile.NAME) + '.',
                    home.resolve(PeersFile.NAME) + " を直してください。")));
      }
    }
    return results.isEmpty()
        ? List.of(
            Result.Skipped.of(
                "There is no " + PeersFile.NAME + ": one machine is the whole node.",
                PeersFile.NAME + " がないので、一台だけのノードです。"))
        : results;
  }

  private void look(PeersFile file, List<Result> results) {
    ask(file, results);
    for (Chain chain : patient.chains()) {
      told(chain.id(), file).ifPresent(results::add);
    }
  }

  /** [GOS-2] What other nodes would hear from this machine, when that leads nowhere. */
  private Optional<Result> told(ChainId chain, PeersFile file) {
    URI named = patient.gateways().get(chain);
    if (named == null) {
      return patient.host().equals(EVERY_ADDRESS) || patient.host().equals(EVERY_ADDRESS_6)
          ? Optional.of(unnamed(chain))
          : Optional.empty();
    }
    PeersFile.Peer self = file.peers().get(file.self());
    if (self == null || Hosts.areSame(named.getHost(), self.host())) {
      return Optional.empty();
    }
    return file.peers().entrySet().stream()
        .filter(peer -> Hosts.areSame(named.getHost(), peer.getValue().host()))
        .findFirst()
        .map(other -> another(chain, other.getKey()));
  }

  private static Result unnamed(ChainId chain) {
    return new Result.Attention(
        new Said(
            "While this machine leads it tells nobody where " + chain + " is: it has no name.",
            "この機械が受け付けているとき、" + chain + " の場所がほかのノードに伝わりません。名前がないためです。"),
        Advice.of(
            "Name %s with this machine's own address in its %s, or give --host that address."
                .formatted(chain, NeighboursFile.NAME),
            "この機械の %s に、%s をこの機械自身のアドレスで書くか、--host にそのアドレスを指定してください。"
                .formatted(NeighboursFile.NAME, chain)));
  }

  private static Result another(ChainId chain, String peer) {
    return new Result.Attention(
        new Said(
            "%s names machine %s for %s, so others would look there while this one leads."
                .formatted(NeighboursFile.NAME, peer, chain),
            "%s の %s が機械 %s を指しています。この機械が受け付けているとき、ほかのノードはそちらを探します。"
                .formatted(NeighboursFile.NAME, chain, peer)),
        Advice.of(
            "Name %s there with this machine's own address; the file differs from machine to machine."
                .formatted(chain),
            "%s をこの機械自身のアドレスで書いてください。このファイルは機械ごとに違います。".formatted(chain)));
  }

  private void ask(PeersFile file, List<Result> results) {
    new TreeMap<>(file.peers())
        .forEach((name, peer) -> {
          if (!name.equals(file.self())) {
            String where = name + " (" + peer.host() + ':' + peer.port() + ")";
            results.add(
                reach.listens(peer.host(), peer.port())
                    ? Result.Ok.of(where + " answers.", where + " に届きます。")
                    : away(where));
          }
        });
  }

  private static Result away(String where) {
    return new Result.Attention(
        new Said(where + " cannot be reached.", where + " に届きません。"),
        Advice.of(
            "Start it, and let the machines of a node through firewalls to each other. When more than"
                + " half of them are away, nothing is ordered.",
            "起動し、ノードの機械どうしをファイアウォールで通してください。半分を超えて止まると、何も受け付けられません。"));
  }
}
