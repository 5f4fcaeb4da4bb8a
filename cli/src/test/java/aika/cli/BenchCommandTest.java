package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class BenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int bench(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "bench";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all);
  }

  @Test
  void helpNamesEveryMeasurement() {
    assertEquals(0, bench("--help"));
    assertTrue(out.toString().contains("  engine "), out.toString());
    assertTrue(out.toString().contains("  micro "), out.toString());
    assertTrue(out.toString().contains("  sinks "), out.toString());
    assertTrue(out.toString().contains("  backlog "), out.toString());
    assertTrue(out.toString().contains("  audit "), out.toString());
  }

  @Test
  void microHasHelpOfItsOwn() {
    assertEquals(0, bench("micro", "--help"));
    for (String part : new String[] {"--seconds", "--json", "JMH", "測り", "Exit codes"}) {
      assertTrue(out.toString().contains(part), out.toString());
    }
  }

  @Test
  void microRefusesNoTimeAtAll() {
    assertEquals(2, bench("micro", "--seconds", "0"));
    assertTrue(err.toString().contains("seconds: 1 to 3600"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void sinksHasHelpOfItsOwn() {
    assertEquals(0, bench("sinks", "--help"));
    for (String part : new String[] {"--mongodb", "--immudb", "--json", "測り", "Exit codes"}) {
      assertTrue(out.toString().contains(part), out.toString());
    }
  }

  @Test
  void auditHasHelpOfItsOwn() {
    assertEquals(0, bench("audit", "--help"));
    for (String part : new String[] {"--transfers", "--threads", "--json", "測り", "Exit codes"}) {
      assertTrue(out.toString().contains(part), out.toString());
    }
  }

  @Test
  void auditRefusesTooFewTransfers() {
    assertEquals(2, bench("audit", "--transfers", "10"));
    assertTrue(err.toString().contains("transfers: 1000 to"), err.toString());
  }

  @Test
  void sinksRefusesNoRounds() {
    assertEquals(2, bench("sinks", "--rounds", "0"));
    assertTrue(err.toString().contains("rounds: 1 to 1000"), err.toString());
  }

  @Test
  void peersHasHelpOfItsOwn() {
    assertEquals(0, bench("peers", "--help"));
  }

  @Test
  void backlogHasHelpOfItsOwn() {
    assertEquals(0, bench("backlog", "--help"));
    for (String part : new String[] {"--old", "--rate", "--json", "測り", "Exit codes"}) {
      assertTrue(out.toString().contains(part), out.toString());
    }
    assertEquals(2, bench("backlog", "--old", "0"));
    assertTrue(err.toString().contains("old outcomes: 1 to 5,000,000"), err.toString());
  }
}
