package aika.cli.doctor;

import aika.core.ledger.Directory;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The federation file is the one with which the chains began, here and at the neighbours. */
final class FederationCheck implements Check {
  private final FederationFile file;
  private final Map<ChainId, Voice> voices;

  /**
   * @param voices of all chains that were asked
   */
  FederationCheck(FederationFile file, Map<ChainId, Voice> voices) {
    this.file = file;
    this.voices = voices;
  }

  @Override
  public String name() {
    return "federation";
  }

  @Override
  public Said title() {
    return new Said("Federation file", "連合のファイル");
  }

  @Override
  public List<Result> results() {
    Federation federation = file.federation();
    String counts =
        "%s, %d + %d"
            .formatted(
                federation.id(),
                federation.continents().size(),
                federation.municipalities().size());
    return List.of(
        Result.Ok.of("No fault (" + counts + " chains).", "誤りはありません（" + counts + " チェーン）。"),
        beginning());
  }

  private Result beginning() {
    Directory directory = file.directory();
    int same = 0;
    List<String> others = new ArrayList<>();
    for (Map.Entry<ChainId, Voice> one : voices.entrySet()) {
      Optional<Hash> began =
          one.getValue() instanceof Voice.Node node ? node.began() : Optional.empty();
      if (began.isPresent() && directory.isFile(began.get())) {
        same++;
      } else if (began.isPresent()) {
        others.add(one.getKey().value());
      }
    }
    if (!others.isEmpty()) {
      String names = Names.few(others);
      return new Result.Wrong(
          new Said(
              "Chains began with another file: " + names + '.',
              "別のファイルで始まったチェーンがあります：" + names + "。"),
          Advice.of(
              "Put the file back with which the chains began. Every node of a federation has the same"
                  + " file, byte for byte.",
              "チェーンが始まったときのファイルに戻してください。連合のノードはどれも同じファイルを使います。"));
    }
    if (same == 0) {
      return Result.Skipped.of(
          "No chain answers, so it was not compared with the file that the chains began with. A node"
              + " compares them when it starts.",
          "答えるチェーンがないので、始まったときのファイルと比べていません。ノードは起動のときに比べます。");
    }
    return Result.Ok.of(
        "The file with which the chains began (" + same + " compared).",
        "チェーンが始まったときのファイルと同じです（" + same + " チェーンと比べました）。");
  }
}
