package aika.cli.doctor;

import aika.core.money.ChainId;
import aika.node.config.NeighboursFile;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The gateways of the other nodes answer, and serve the chains that they should. */
final class NeighboursCheck implements Check {
  private final Map<ChainId, Voice> neighbours;

  NeighboursCheck(Map<ChainId, Voice> neighbours) {
    this.neighbours = neighbours;
  }

  @Override
  public String name() {
    return "neighbours";
  }

  @Override
  public Said title() {
    return new Said("Neighbours", "隣のノード");
  }

  @Override
  public List<Result> results() {
    if (neighbours.isEmpty()) {
      return List.of(
          Result.Skipped.of("This node serves the whole federation.", "このノードが連合のすべてをあつかいます。"));
    }
    int well = 0;
    List<String> away = new ArrayList<>();
    List<String> strange = new ArrayList<>();
    List<String> unwell = new ArrayList<>();
    List<String> standing = new ArrayList<>();
    for (Map.Entry<ChainId, Voice> one : neighbours.entrySet()) {
      String where = one.getKey() + " " + shown(one.getValue().gateway());
      switch (one.getValue()) {
        case Voice.Away gone -> away.add(where);
        case Voice.Stranger other -> strange.add(where);
        case Voice.StandsBy peer -> standing.add(where);
        case Voice.Node node -> {
          if (node.isWell()) {
            well++;
          } else {
            unwell.add(where);
          }
        }
      }
    }
    List<Result> results = new ArrayList<>();
    if (well > 0) {
      String count = well + "/" + neighbours.size();
      results.add(Result.Ok.of(count + " answer and are well.", count + " が答え、正常です。"));
    }
    if (!standing.isEmpty()) {
      String names = Names.few(standing);
      results.add(
          Result.Ok.of(
              "Stands by for another machine of its node, which is found by gossip: " + names + '.',
              "控えの機械です。受け付けている機械はゴシップで見つかります：" + names + "。"));
    }
    strange(strange, results);
    attention(away, unwell, results);
    return results;
  }

  private static String shown(URI gateway) {
    return gateway.getHost() + (gateway.getPort() < 0 ? "" : ":" + gateway.getPort());
  }

  private static void strange(List<String> strange, List<Result> results) {
    if (!strange.isEmpty()) {
      String names = Names.few(strange);
      results.add(
          new Result.Wrong(
              new Said(
                  "Somebody answers there who does not serve the chain: " + names + '.',
                  "答えたのは、そのチェーンのノードではありません：" + names + "。"),
              Advice.of(
                  "Correct their addresses in " + NeighboursFile.NAME + '.',
                  NeighboursFile.NAME + " のアドレスを直してください。")));
    }
  }

  private static void attention(List<String> away, List<String> unwell, List<Result> results) {
    if (!away.isEmpty()) {
      String names = Names.few(away);
      results.add(
          new Result.Attention(
              new Said("No answer from " + names + '.', "答えがありません：" + names + "。"),
              Advice.of(
                  "If they run, say in %s where, and let them through firewalls. If they do not, only"
                          .formatted(NeighboursFile.NAME)
                      + " payments with them wait.",
                  "動いているなら %s に場所を書き、ファイアウォールを通してください。止まっているなら、そことの支払いだけが待ちます。"
                      .formatted(NeighboursFile.NAME))));
    }
    if (!unwell.isEmpty()) {
      String names = Names.few(unwell);
      results.add(
          new Result.Attention(
              new Said("Not well: " + names + '.', "正常ではありません：" + names + "。"),
              Advice.of("Tell their operators.", "その運用者に知らせてください。")));
    }
  }
}
