package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import aika.cli.faults.Faults;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Some of the faults on real nodes, where network namespaces can be had. */
final class FaultsIT {
  private final StringWriter out = new StringWriter();
  @TempDir Path directory;

  private int faults(String... arguments) {
    CommandLine commandLine =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    String[] all = new String[arguments.length + 1];
    all[0] = "faults";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return commandLine.execute(all);
  }

  @Test
  @Tag("slow")
  @Timeout(600)
  void aFederationSurvivesAPartitionAndAnUpgrade() throws InterruptedException {
    assumeTrue(Faults.missing().isEmpty(), () -> "no laboratory: " + Faults.missing());
    List<String> arguments = new ArrayList<>(List.of("faults", "--towns", "2", "--peers", "3"));
    arguments.addAll(List.of("--only", "split,upgrade", "--hold", "2"));
    try (AikaProcess faults =
        AikaProcess.start(directory.resolve("output"), arguments.toArray(String[]::new))) {
      assertEquals(0, faults.end(), faults::output);
      System.out.println(faults.output());
      for (String fault : List.of("split", "upgrade", "every rule held")) {
        assertTrue(faults.output().contains("\n" + fault), faults::output);
      }
    }
  }

  @Test
  void aFaultOfSeveralMachinesIsSkippedWhereThereIsOne() {
    assumeTrue(Faults.missing().isEmpty(), () -> "no laboratory: " + Faults.missing());
    assertEquals(0, faults("--only", "leader,follower,alone,upgrade"), out::toString);
    for (String fault : new String[] {"leader", "follower", "alone", "upgrade"}) {
      assertTrue(out.toString().contains(fault + " is skipped: it needs --peers 3"), out::toString);
    }
  }

  @Test
  void argumentsThatMakeNoSenseAreRefused() {
    assertEquals(2, faults("--towns", "1"));
    assertEquals(2, faults("--towns", "6"));
    assertEquals(2, faults("--peers", "2"));
    assertEquals(2, faults("--hold", "0"));
    assertEquals(2, faults("--minutes", "-1"));
    assertEquals(2, faults("--minutes", "0"));
    assertEquals(2, faults("--only", "flood"));
    assertTrue(out.toString().contains("no such fault: flood"), out::toString);
  }
}
