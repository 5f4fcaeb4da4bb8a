package aika.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top-level {@code aika} command; each subcommand is a class of its own in this package. */
@Command(
    name = "aika",
    description = {
      "Aika (愛貨): a federated ledger for a local community currency.",
      "愛貨：地域通貨のための連合型台帳。"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "aika COMMAND --help says more / それぞれの使い方は aika COMMAND --help で見られます。",
      "Exit codes / 終了コード:",
      "  0 done, 1 failed, 2 wrong arguments, 3 not known / 分からない"
    },
    version = "aika 0.1.0")
public final class Main implements Runnable {
  /** In the order in which help lists them. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          InitCommand.class,
          NodeCommand.class,
          CosignCommand.class,
          DoctorCommand.class,
          ResidentCommand.class,
          PeersCommand.class,
          ChainCommand.class,
          BackupCommand.class,
          RestoreCommand.class,
          PaymentCommands.Send.class,
          BatchCommand.class,
          PaymentCommands.Receive.class,
          PaymentCommands.Reject.class,
          PaymentCommands.Cancel.class,
          PaymentCommands.Refund.class,
          PaymentCommands.Show.class,
          VerifyCommand.class,
          AuditCommand.class,
          ReceiptCommand.class,
          RepresentativesCommand.class,
          StandCommand.class,
          AccountCommands.AutoReceive.class,
          AccountCommands.Freeze.class,
          UnfreezeCommand.class,
          RotateKeyCommand.class,
          RecoverKeyCommand.class,
          AccountCommands.Close.class,
          IssueCommand.class,
          RedeemCommand.class,
          ClearCommand.class,
          RecoverCommand.class,
          ConflictProofCommand.class,
          ConflictCommand.class,
          SinkCommand.class,
          ArchiveCommand.class,
          AnalyticsCommand.class,
          ExportCommand.class,
          WebhookCommand.class,
          FederationCommand.class,
          CertificateCommand.class,
          SimCommand.class,
          FaultsCommand.class,
          BenchCommand.class,
          TestCommand.class);

  @Spec private CommandSpec spec;

  private Main() {}

  /** Exits 0 when done, 1 when a command failed, 2 when the arguments make no sense. */
  public static void main(String[] args) {
    System.exit(commandLine(args.length == 0 ? "" : args[0]).execute(args));
  }

  /** With every command, which takes most of a small command's time. */
  static CommandLine commandLine() {
    return commandLine(COMMANDS);
  }

  /** With the command of that name alone, or with every one when none is called so. */
  static CommandLine commandLine(String name) {
    return COMMANDS.stream()
        .filter(type -> type.getAnnotation(Command.class).name().equals(name))
        .findFirst()
        .map(type -> commandLine(List.of(type)))
        .orElseGet(Main::commandLine);
  }

  private static CommandLine commandLine(List<Class<?>> commands) {
    CommandLine aika = new CommandLine(new Main());
    commands.forEach(aika::addSubcommand);
    Failures failures = new Failures();
    return aika.setExecutionExceptionHandler(failures).setParameterExceptionHandler(failures);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which command to run. / コマンドを指定してください。");
  }
}
