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
      "テストをすべて実行します（./aika が行い、引数は Maven に渡します）。"
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
