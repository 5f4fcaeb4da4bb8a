package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.sim.Adversary;
import aika.sim.Faults;
import aika.sim.SimSettings;
import aika.sim.Upheavals;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

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

  private int tiny(String adversaries, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--seed", "71", "--transfers", "300"));
    arguments.addAll(List.of("--municipalities", "4", "--continents", "2"));
    arguments.addAll(List.of("--adversary", adversaries));
    arguments.addAll(List.of(more));
    return sim(arguments.toArray(String[]::new));
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

  /** New seeds until the time is over; the run that has begun then ends. */
  @Test
  void aLongRunGoesOnWithFurtherSeeds() {
    assertEquals(0, tiny("none", "--hours", "0.001"), err::toString);
    List<String> runs = out.toString().lines().filter(line -> line.startsWith("seed ")).toList();
    assertTrue(runs.size() > 1, out::toString);
    for (int i = 0; i < runs.size(); i++) {
      String run = runs.get(i);
      assertTrue(run.startsWith("seed " + (71 + i) + ", against it none: "), run);
      assertTrue(run.contains("; " + (i + 1) + " runs, "), run);
    }
    said(out, "every rule held in " + runs.size() + " runs", "すべての決まりが守られました");
  }

  private static SimSettings parsed(String options) {
    SimCommand command = new SimCommand();
    ParseResult parsed = new CommandLine(command).parseArgs(options.split(" ", -1));
    return command.settings(parsed.matchedOptionValue("--seed", -1L));
  }

  /** The settings with another value of this component of theirs. */
  private static SimSettings with(RecordComponent component, Object value) throws Exception {
    RecordComponent[] all = SimSettings.class.getRecordComponents();
    Class<?>[] types = new Class<?>[all.length];
    Object[] values = new Object[all.length];
    for (int i = 0; i < all.length; i++) {
      types[i] = all[i].getType();
      values[i] =
          all[i].getName().equals(component.getName())
              ? value
              : all[i].getAccessor().invoke(SimSettings.of(7, 900));
    }
    return SimSettings.class.getDeclaredConstructor(types).newInstance(values);
  }

  /** A value that no run has unless it is asked for. */
  private static Object unusual(String component) {
    return switch (component) {
      case "seed" -> 8L;
      case "municipalities" -> 13;
      case "continents" -> 3;
      case "accounts" -> 21;
      case "transfers" -> 901L;
      case "sendsPerSecond" -> 481;
      case "seats" -> 5;
      case "separateSeats" -> 1;
      case "replicatedChains" -> 11;
      case "blockEntries" -> 99;
      case "termBlocks" -> 16;
      case "siblings", "keepLogs" -> false;
      case "faults" -> new Faults(0.01, 0.02, 0.03, 4, 5, 6, 7, 8);
      case "upheavals" -> new Upheavals(2, 3, 5);
      case "adversaries" -> Set.of(Adversary.RELAY, Adversary.CLOCKS);
      default ->
          throw new AssertionError("a new setting, which options() must repeat: " + component);
    };
  }

  /** A failed run is made again by what it prints; no setting is forgotten there. */
  @TestFactory
  Stream<DynamicTest> everySettingIsRepeatedByTheOptions() {
    return Arrays.stream(SimSettings.class.getRecordComponents())
        .map(component ->
            DynamicTest.dynamicTest(
                component.getName(),
                () -> {
                  SimSettings settings = with(component, unusual(component.getName()));
                  assertNotEquals(SimSettings.of(7, 900), settings);
                  assertEquals(settings, parsed(settings.options()), settings::options);
                }));
  }

  @Test
  void anyMixtureOfSettingsIsRepeated() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      int towns = 1 + random.nextInt(300);
      int seats = 1 + random.nextInt(7);
      Set<Adversary> against = EnumSet.noneOf(Adversary.class);
      for (Adversary one : Adversary.values()) {
        if (random.nextInt(4) == 0) {
          against.add(one);
        }
      }
      int closed = random.nextInt(towns);
      SimSettings settings =
          new SimSettings(
              random.nextInt(1_000),
              towns,
              1 + random.nextInt(Math.min(11, towns)),
              2 + random.nextInt(50),
              1 + random.nextInt(100_000),
              1 + random.nextInt(1_000),
              seats,
              random.nextInt(seats + 1),
              random.nextInt(towns + 1),
              1 + random.nextInt(1_000),
              1 + random.nextInt(300),
              random.nextBoolean(),
              !against.isEmpty() || random.nextBoolean(),
              random.nextBoolean()
                  ? Faults.none()
                  : new Faults(random.nextDouble(), 0, 0.5, 1, 2, 3, 4, random.nextInt(9)),
              random.nextBoolean()
                  ? Upheavals.none()
                  : new Upheavals(
                      closed, random.nextInt(towns - closed + 1), random.nextInt(towns + 1)),
              against);
      assertEquals(settings, parsed(settings.options()), settings::options);
    }
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
