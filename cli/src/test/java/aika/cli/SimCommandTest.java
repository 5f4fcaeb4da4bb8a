package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.sim.Adversary;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class SimCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int sim(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "sim";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all);
  }

  private int tiny(String adversaries) {
    return sim(
        "--seed",
        "71",
        "--transfers",
        "300",
        "--municipalities",
        "4",
        "--continents",
        "2",
        "--adversary",
        adversaries);
  }

  private void said(StringWriter where, String... parts) {
    for (String part : parts) {
      assertTrue(where.toString().contains(part), () -> part + " in: " + where);
    }
  }

  @Test
  void thoseWhoAreNamedAreAgainstTheFederation() {
    assertEquals(0, tiny("relay,clocks"), err::toString);
    said(out, "seed 71, 300 transfers, 4 municipalities; against it: relay,clocks");
    said(out, "  relay: ", "clocks: minutes wrong", "every rule held", "すべての決まりが守られました");
    assertFalse(out.toString().contains("partition: "), out::toString);
  }

  @Test
  void nobodyIsAgainstItWhenNoneIsSaid() {
    assertEquals(0, tiny("none"), err::toString);
    said(out, "against it: none", "every rule held");
    assertFalse(out.toString().contains("relay: "), out::toString);
  }

  @Test
  void helpNamesEveryAdversary() {
    assertEquals(0, sim("--help"));
    for (Adversary one : Adversary.values()) {
      said(out, "  " + one.name().toLowerCase(Locale.ROOT) + " ");
    }
    said(out, "--adversary relay,clocks", "Exit codes / 終了コード");
  }

  @Test
  void whoIsNoAdversaryIsNamed() {
    for (String wrong : new String[] {"relays", "relay,nobody", "", "none,relay"}) {
      assertEquals(2, tiny(wrong), wrong);
    }
    said(err, "relays", "nobody");
    assertEquals("", out.toString());
  }
}
