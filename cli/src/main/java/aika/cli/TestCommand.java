package aika.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Lists {@code test} in the help. The launcher runs the suite itself, because the suite builds what
 * this class is part of; so this command is reached only by starting Java by hand.
 */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Run the whole test suite (the launcher ./aika does this; arguments go to Maven).",
      "--guards first: break the core's guards one at a time and name the test that notices.",
      "テストをすべて実行します（./aika が行い、引数は Maven に渡します）。",
      "--guards では、中核の検査を一つずつ壊し、どのテストが気づくかを示します。"
    })
final class TestCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MAVEN-ARG", description = "e.g. -pl core -am -Dtest=MoneyTest")
  private List<String> arguments = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine()
        .getErr()
        .println("The suite is run by the launcher: ./aika test " + String.join(" ", arguments));
    return 2;
  }
}
