package aika.cli;

import picocli.CommandLine.Command;

/** One chain of a node. */
@Command(
    name = "chain",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = MoveCommand.class,
    description = {"Work with one chain of a node.", "ノードのチェーンを一つ扱います。"})
final class ChainCommand extends Subcommands {}
