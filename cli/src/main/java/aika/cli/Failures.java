package aika.cli;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.node.NodeException;
import aika.node.config.FederationException;
import aika.node.gateway.RefusedException;
import aika.node.store.StoreException;
import aika.node.tls.TlsException;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says on stderr why a command failed: a stable code where there is one, what happened and what to
 * do next, in both languages. The stack trace goes to the log.
 */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  @Override
  public int handleExecutionException(Exception failed, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    LoggerFactory.getLogger(Failures.class).info("{} failed", command.getCommandName(), failed);
    int exit = ExitCode.SOFTWARE;
    switch (failed) {
      case CommandException said -> {
        print(err, said);
        exit = said.exit();
      }
      case NodeException said -> print(err, CommandException.of(said.refusal(), said));
      case RefusedException said -> print(err, CommandException.of(said.refusal(), said));
      case FederationException said -> err.println("aika: " + said.getMessage());
      case TlsException said ->
          err.println("aika: " + TlsException.CODE + ": " + said.getMessage());
      case StoreException said -> print(err, disk(said));
      default ->
          print(err, CommandException.of(Refusal.of(Reason.INTERNAL, failed.toString()), failed));
    }
    err.flush();
    return exit;
  }

  /** Who types is the operator, and nobody else can look at the disk. */
  private static CommandException disk(StoreException said) {
    return CommandException.of(
        said.getMessage()
            + ". Is there room on the disk, and may this user write there? When files are damaged,"
            + " the node can be built again (aika restore).",
        said.getMessage() + "。ディスクの空きと、書き込みの許可を確かめてください。壊れていれば aika restore で作り直せます。",
        said);
  }

  static void print(PrintWriter err, CommandException said) {
    String start = "aika: " + (said.code().isEmpty() ? "" : said.code() + ": ");
    err.println(start + said.en());
    err.println(start + said.ja());
    err.flush();
  }

  /** What is wrong with the arguments, and where the help is; not all of the help. */
  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("aika: " + wrong.getMessage());
    boolean _ = UnmatchedArgumentException.printSuggestions(wrong, err);
    String help = command.getCommandSpec().qualifiedName() + " --help";
    err.println("See " + help + " / 使い方は " + help + " で見られます。");
    err.flush();
    return ExitCode.USAGE;
  }
}
