package aika.bench;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

/** That the micro benchmarks run and measure what they say; nothing here depends on speed. */
class MicroBenchTest {
  private static final Duration SHORT = Duration.ofMillis(5);

  @Test
  void runsOne() {
    System.setProperty("jmh.ignoreLock", "true"); // two builds may run at once
    MicroSettings settings = new MicroSettings(List.of("parseOrder"), 1, SHORT, false);
    MicroResult result = MicroBench.run(settings, new Progress.Plain(System.out));
    assertEquals(1, result.lines().size());
    MicroResult.Line line = result.lines().getFirst();
    assertEquals("parseOrder", line.benchmark());
    assertTrue(line.micros() > 0 && line.perSecond() > 0, line::toString);
    assertTrue(result.text().contains("parseOrder"), result::text);
    assertTrue(result.json().contains("\"parseOrder\""), result::json);
  }

  @Test
  void theListNamesEveryBenchmark() {
    Set<String> found =
        Arrays.stream(MicroBenchmarks.class.getMethods())
            .filter(method -> method.isAnnotationPresent(Benchmark.class))
            .map(Method::getName)
            .collect(Collectors.toSet());
    assertEquals(found, Set.copyOf(MicroSettings.ALL));
  }

  @Test
  void eachDoesItsStep() {
    MicroBenchmarks steps = new MicroBenchmarks();
    assertInstanceOf(Order.Send.class, steps.parseOrder().order());
    assertTrue(steps.checkEd25519());
    assertEquals(1, steps.appendToMerkleTree());
    assertEquals(2, steps.appendToMerkleTree());
    assertTrue(steps.encodeLeaf().length > steps.parseOrder().bytes().length);
    assertEquals(8 + 2_420, steps.cosignMlDsa44().length);
  }

  @Test
  void executionIsAcceptedEachTime() {
    MicroWorld world = new MicroWorld();
    for (int i = 0; i < 3; i++) {
      Leaf.Executed sent = assertInstanceOf(Leaf.Executed.class, world.applySend().first().leaf());
      assertInstanceOf(Order.Send.class, sent.order().order());
      Leaf.Executed received =
          assertInstanceOf(Leaf.Executed.class, world.applyReceive().first().leaf());
      assertInstanceOf(Order.Decide.class, received.order().order());
    }
  }

  @Test
  void refusesSettingsThatMeanNothing() {
    assertThrows(IllegalArgumentException.class, () -> MicroSettings.ofSeconds(0));
    assertThrows(
        IllegalArgumentException.class, () -> new MicroSettings(List.of("parse"), 1, SHORT, false));
    assertDoesNotThrow(() -> MicroSettings.ofSeconds(1));
  }
}
