package aika.cli;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine aika =
      Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void refusesWhatIsNoCommand() {
    assertEquals(2, aika.execute("tset"));
    assertTrue(err.toString().contains("tset"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void asksForACommandWhenThereIsNone() {
    assertEquals(2, aika.execute());
    assertTrue(err.toString().contains("コマンド"), err.toString());
  }

  /** The launcher runs the suite; the help of Java must name it all the same. */
  @Test
  void helpListsTheSuite() {
    assertEquals(0, aika.execute("--help"));
    assertTrue(out.toString().lines().anyMatch(line -> line.startsWith("  test ")), "no test");
  }

  @Test
  void everyCommandSaysWhatItDoesAndOffersHelp() {
    for (CommandLine command : aika.getSubcommands().values()) {
      assertFalse(
          command.getCommandSpec().usageMessage().description().length == 0,
          command.getCommandName() + " has no description");
      assertTrue(
          command.getCommandSpec().optionsMap().containsKey("--help"),
          command.getCommandName() + " has no --help");
    }
  }

  /** A process makes the one that it runs; what it says must not differ. */
  @Test
  void aCommandMadeAloneIsTheSame() {
    for (CommandLine command : aika.getSubcommands().values()) {
      Map<String, CommandLine> alone = Main.commandLine(command.getCommandName()).getSubcommands();
      assertEquals(
          Map.of(command.getCommandName(), command.getUsageMessage()),
          alone.entrySet().stream()
              .collect(toMap(Map.Entry::getKey, one -> one.getValue().getUsageMessage())));
    }
    assertEquals(
        aika.getSubcommands().keySet(), Main.commandLine("tset").getSubcommands().keySet());
  }
}
