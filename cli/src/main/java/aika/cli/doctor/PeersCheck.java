package aika.cli.doctor;

import aika.node.config.Federation;
import aika.node.config.FederationException;
import aika.node.config.PeersFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The other machines of a node that has several answer at their addresses. */
final class PeersCheck implements Check {
  private final List<Path> homes;
  private final Path tls;
  private final Federation federation;
  private final Reach reach;

  PeersCheck(List<Path> homes, Path tls, Federation federation, Reach reach) {
    this.homes = homes;
    this.tls = tls;
    this.federation = federation;
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
    for (Path home : homes) {
      try {
        PeersFile.read(home, federation, Files.isDirectory(tls))
            .ifPresent(file -> ask(file, results));
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

  private void ask(PeersFile file, List<Result> results) {
    new TreeMap<>(file.peers()).forEach((name, peer) -> {
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
