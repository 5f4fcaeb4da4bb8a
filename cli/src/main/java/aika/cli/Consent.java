package aika.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Asks the person at the terminal before something is signed. */
final class Consent {
  @Option(
      names = "--yes",
      description = {"Do not ask before it is signed.", "署名の前に確認しません。"})
  private boolean yes;

  /**
   * @throws CommandException when they do not say yes
   */
  void ask(CommandSpec spec) {
    ask(spec, "Nothing was ordered.", "注文はしていません。");
  }

  /**
   * @param notEn what has not happened then
   * @throws CommandException when they do not say yes
   */
  void ask(CommandSpec spec, String notEn, String notJa) {
    if (!yes && !Terminal.isThere()) {
      throw CommandException.of(
          notEn + " Say --yes if that is meant.", notJa + "よければ --yes を付けてください。", null);
    }
    if (!yes && !Terminal.saysYes(spec.commandLine().getErr(), "Sign? / 署名しますか")) {
      throw CommandException.of(notEn, notJa, null);
    }
  }
}
