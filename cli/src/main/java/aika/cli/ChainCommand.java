package aika.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One chain of a node. */
@Command(
    name = "chain",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = MoveCommand.class,
    description = {"Work with one chain of a node.", "ノードのチェーンを一つ扱います。"})
final class ChainCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do with it. / 何をするかを指定してください。");
  }
}
