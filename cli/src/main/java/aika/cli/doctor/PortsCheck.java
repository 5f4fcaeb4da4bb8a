package aika.cli.doctor;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.config.Chain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ports of the named chains are free, or their nodes hold them and are well. */
final class PortsCheck implements Check {
  private final List<Chain> chains;
  private final String host;
  private final Ports ports;
  private final Map<ChainId, Voice> voices;
  private final Set<ChainId> begun;
  private final Machine machine;

  /**
   * @param voices what came from the chains' own ports
   * @param begun chains whose nodes have run here, as their directories show
   */
  PortsCheck(
      List<Chain> chains,
      String host,
      Ports ports,
      Map<ChainId, Voice> voices,
      Set<ChainId> begun,
      Machine machine) {
    this.chains = chains;
    this.begun = Set.copyOf(begun);
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
            ? notOrdering(node.reason())
            : node.status().equals("halted")
                ? Advice.of(
                    "The chain is halted: see \"A chain is halted\" in docs/operations.md.",
                    "チェーンが止まっています。docs/operations.md の「チェーンが止まった」を見てください。")
                : Advice.of(
                    "Too much waits for approval: see whether the representatives' seats cosign.",
                    "承認待ちが多すぎます。代表者の席が署名しているか確かめてください。");
    return new Result.Wrong(found, advice);
  }

  /** What the table of reasons says, but for what it says to people who pay. */
  private static Advice notOrdering(Optional<Reason> reason) {
    return switch (reason.orElse(Reason.INTERNAL)) {
      case INTERNAL ->
          Advice.of(
              "Its ordering has stopped. Look into logs/aika.log for why (often a full disk), then"
                  + " stop and start the node.",
              "注文の受け付けが止まっています。logs/aika.log で理由を見て（ディスクがいっぱいなど）、ノードを再起動してください。");
      case CLOCK_DIFFERS ->
          Advice.of(
              Reason.CLOCK_DIFFERS.en()
                  + " Set the clock: see \"A wrong clock\" in docs/operations.md. Nothing has to be"
                  + " restarted.",
              Reason.CLOCK_DIFFERS.ja()
                  + "時計を合わせてください。docs/operations.md の「時計がずれている」を見てください。再起動は要りません。");
      case NODE_BEHIND, CHECKPOINT_INCONSISTENT ->
          own(
              reason.orElseThrow(),
              " First see \"Others have seen more\" in docs/operations.md; logs/aika.log names who"
                  + " shows it.",
              "先に docs/operations.md の「ほかのノードの記録と合わない」を見てください。だれが示したかは logs/aika.log にあります。");
      default -> own(reason.orElseThrow(), "", "");
    };
  }

  private static Advice own(Reason reason, String en, String ja) {
    return Advice.of(reason.en() + " " + reason.nextEn() + en, reason.ja() + reason.nextJa() + ja);
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
    return node.ordering()
        ? node.status()
        : "ordering down" + node.reason().map(one -> " (" + one + ")").orElse("");
  }

  private Result stopped(Chain chain, @Nullable Voice voice) {
    if (voice instanceof Voice.Stranger) {
      return taken(chain, chain.http());
    }
    String which = chain.id() + " (" + chain.http() + ")";
    return switch (ports.look(host, chain.http())) {
      case FREE ->
          begun.contains(chain.id())
              ? silent(chain)
              : Result.Ok.of(which + " is free.", which + " は空いています。");
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

  /** Where a node has run one is expected. */
  private Result silent(Chain chain) {
    String which = chain.id() + " (" + chain.http() + ")";
    Said found = new Said(which + ": no node runs here.", which + "：ノードが動いていません。");
    String en = "Start it. If it ought to run, the end of its logs/aika.log says why it does not";
    String ja = "ノードを起動してください。動いているはずなら、その logs/aika.log の終わりに理由があります";
    return new Result.Attention(
        found,
        machine.kind() == Machine.Kind.LINUX
            ? Advice.of(
                en + "; so does systemd where it starts the node:",
                ja + "。systemd で動かしているときは：",
                "systemctl status aika@" + chain.id())
            : Advice.of(en + '.', ja + "。"));
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
