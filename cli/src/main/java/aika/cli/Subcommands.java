package aika.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does nothing but lead to its subcommands. */
abstract class Subcommands implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    String all = String.join(", ", spec.subcommands().keySet());
    throw new ParameterException(
        spec.commandLine(), "Say what to do: " + all + ". / 何をするかを指定してください：" + all);
  }
}
