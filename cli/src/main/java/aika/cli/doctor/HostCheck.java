package aika.cli.doctor;

import java.net.URI;
import java.util.Collection;
import java.util.List;

/** The address on which the node listens: this machine has it, and neighbours can use it. */
final class HostCheck implements Check {
  private static final int ANY_PORT = 0;

  private final String host;
  private final Collection<URI> neighbours;
  private final Ports ports;

  /**
   * @param neighbours gateways of other nodes that the operator's file names
   */
  HostCheck(String host, Collection<URI> neighbours, Ports ports) {
    this.host = host;
    this.neighbours = neighbours;
    this.ports = ports;
  }

  @Override
  public String name() {
    return "host";
  }

  @Override
  public Said title() {
    return new Said("Address", "待ち受けるアドレス");
  }

  @Override
  public List<Result> results() {
    if (ports.look(host, ANY_PORT) != Ports.State.FREE) {
      return List.of(
          new Result.Wrong(
              new Said(host + " is no address of this machine.", host + " はこの機械のアドレスではありません。"),
              Advice.of(
                  "Use 0.0.0.0 for all of its addresses, or one of its own.",
                  "すべてのアドレスなら 0.0.0.0、そうでなければこの機械のアドレスを指定してください。")));
    }
    boolean alone = Hosts.isLoopback(host);
    if (alone && neighbours.stream().anyMatch(one -> !Hosts.isLoopback(one.getHost()))) {
      return List.of(
          new Result.Attention(
              new Said(
                  "On "
                      + host
                      + " only this machine reaches the node, but there are neighbours on"
                      + " others.",
                  host + " ではこの機械からしか届きませんが、ほかの機械に隣のノードがあります。"),
              Advice.of(
                  "Start the node with --host 0.0.0.0, or behind a proxy that others reach.",
                  "--host 0.0.0.0 を付けてノードを動かすか、ほかから届くプロキシーの後ろに置いてください。")));
    }
    return List.of(
        alone
            ? Result.Ok.of(
                host + ": only this machine reaches the node (as with no --host).",
                host + "：この機械からだけ届きます（--host なしと同じ）。")
            : Result.Ok.of(host + ": other machines can reach the node.", host + "：ほかの機械からも届きます。"));
  }
}
