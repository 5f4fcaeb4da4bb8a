package aika.cli.doctor;

import aika.core.money.ChainId;
import aika.node.config.Chain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ports of the named chains are free, or their nodes hold them and are well. */
final class PortsCheck implements Check {
  private final List<Chain> chains;
  private final String host;
  private final Ports ports;
  private final Map<ChainId, Voice> voices;
  private final Machine machine;

  /**
   * @param voices what came from the chains' own ports
   */
  PortsCheck(
      List<Chain> chains, String host, Ports ports, Map<ChainId, Voice> voices, Machine machine) {
    this.chains = chains;
    this.host = host;
    this.ports = ports;
    this.voices = voices;
    this.machine = machine;
  }

  @Override
  public String name() {
    return "ports";
  }

  @Override
  public Said title() {
    return new Said("Ports", "ポート");
  }

  @Override
  public List<Result> results() {
    List<Result> results = new ArrayList<>();
    for (Chain chain : chains) {
      Voice voice = voices.get(chain.id());
      results.add(
          switch (voice) {
            case Voice.Node node -> running(chain, node);
            case Voice.StandsBy peer -> standing(chain, peer);
            case null, default -> stopped(chain, voice);
          });
      if (!(voice instanceof Voice.Node)) {
        chain.node().stream()
            .filter(port -> ports.look(host, port) == Ports.State.TAKEN)
            .forEach(port -> results.add(taken(chain, port)));
      }
    }
    return results;
  }

  private static Result running(Chain chain, Voice.Node node) {
    String how =
        "%s (%d): %s, %d leaves, %d approved"
            .formatted(chain.id(), chain.http(), status(node), node.leaves(), node.approved());
    Said found =
        new Said(
            how + ". Its node runs.",
            "%s（%d）：ノードが動いています。%s、記録 %d、承認 %d"
                .formatted(chain.id(), chain.http(), status(node), node.leaves(), node.approved()));
    if (node.isWell()) {
      return new Result.Ok(found);
    }
    Advice advice =
        !node.ordering()
            ? Advice.of(
                "Its ordering has stopped. Look into logs/aika.log for why (often a full disk), then"
                    + " stop and start the node.",
                "注文の受け付けが止まっています。logs/aika.log で理由を見て（ディスクがいっぱいなど）、ノードを再起動してください。")
            : node.status().equals("halted")
                ? Advice.of(
                    "The chain is halted: see \"A chain is halted\" in docs/operations.md.",
                    "チェーンが止まっています。docs/operations.md の「チェーンが止まった」を見てください。")
                : Advice.of(
                    "Too much waits for approval: see whether the representatives' seats cosign.",
                    "承認待ちが多すぎます。代表者の席が署名しているか確かめてください。");
    return new Result.Wrong(found, advice);
  }

  private static Result standing(Chain chain, Voice.StandsBy peer) {
    String which = chain.id() + " (" + chain.http() + ")";
    return peer.leader()
        .<Result>map(leader ->
            Result.Ok.of(
                which + ": this machine stands by, and " + leader + " leads.",
                which + "：この機械は控えで、" + leader + " が受け付けています。"))
        .orElseGet(() ->
            new Result.Attention(
                new Said(
                    which + ": this machine stands by, and knows of none that leads.",
                    which + "：この機械は控えですが、受け付けている機械が分かりません。"),
                Advice.of(
                    "See which machines are there: aika peers list. When more than half of them are"
                        + " away, nothing is ordered.",
                    "aika peers list でほかの機械を確かめてください。半分を超えて止まると、何も受け付けられません。")));
  }

  private static String status(Voice.Node node) {
    return node.ordering() ? node.status() : "ordering down";
  }

  private Result stopped(Chain chain, @Nullable Voice voice) {
    if (voice instanceof Voice.Stranger) {
      return taken(chain, chain.http());
    }
    String which = chain.id() + " (" + chain.http() + ")";
    return switch (ports.look(host, chain.http())) {
      case FREE -> Result.Ok.of(which + " is free.", which + " は空いています。");
      case TAKEN -> taken(chain, chain.http());
      case FORBIDDEN ->
          new Result.Wrong(
              new Said(which + " is not for this user.", which + " をこの利用者は使えません。"),
              Advice.of(
                  "Ports below 1024 belong to the system: use others in the federation file, or"
                      + " --port-offset.",
                  "1024 より小さいポートはシステムのものです。連合のファイルで別のポートにするか、--port-offset を使ってください。"));
      case NO_ADDRESS ->
          Result.Skipped.of(
              which + ": " + host + " is no address of this machine.",
              which + "：" + host + " はこの機械のアドレスではありません。");
    };
  }

  private Result taken(Chain chain, int port) {
    return new Result.Wrong(
        new Said(
            "%s (%d) is in use by another program.".formatted(chain.id(), port),
            "%s（%d）がほかのプログラムに使われています。".formatted(chain.id(), port)),
        Advice.of(
            "Find that program and stop it, or start the node with --port-offset.",
            "そのプログラムを見つけて止めるか、--port-offset でノードを動かしてください。",
            switch (machine.kind()) {
              case LINUX -> "sudo ss -ltnp 'sport = :" + port + "'";
              case MAC, OTHER -> "sudo lsof -nP -iTCP:" + port + " -sTCP:LISTEN";
              case WINDOWS ->
                  "Get-Process -Id (Get-NetTCPConnection -LocalPort " + port + ").OwningProcess";
            }));
  }
}
