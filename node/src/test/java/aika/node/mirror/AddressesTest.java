package aika.node.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.ChainId;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** [GOS-5] Where a chain's gateway is looked for, and in which order. */
final class AddressesTest {
  private static final ChainId ASIA = ChainId.of("Asia");
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final URI CONTINENT = URI.create("http://asia.example");
  private static final URI NAMED = URI.create("https://one.example:20001");
  private static final URI SECOND = URI.create("https://two.example:20001");
  private static final URI THIRD = URI.create("https://three.example:20001");

  private static Addresses naming(URI gateway) {
    return new Addresses(Map.of(KOMATSU, gateway), Map.of(KOMATSU, gateway, ASIA, CONTINENT));
  }

  @Test
  void whatIsNamedIsAskedFirstAndThenWhatIsTold() {
    Addresses addresses = naming(URI.create(NAMED + "/"));
    assertEquals(List.of(NAMED), addresses.gateways(KOMATSU));
    assertTrue(addresses.told(KOMATSU, SECOND, 5));
    assertEquals(List.of(NAMED, SECOND), addresses.gateways(KOMATSU));
    assertEquals(List.of(NAMED, SECOND, CONTINENT), addresses.sources(KOMATSU));

    addresses.answered(KOMATSU, SECOND);
    assertEquals(List.of(SECOND, NAMED), addresses.gateways(KOMATSU));
    addresses.answered(KOMATSU, CONTINENT);
    assertEquals(SECOND, addresses.gateway(KOMATSU), "the continent has a copy, no more");
    assertTrue(addresses.told(KOMATSU, THIRD, 6));
    assertFalse(addresses.told(KOMATSU, SECOND, 5));
    assertEquals(List.of(NAMED, THIRD), addresses.gateways(KOMATSU));
    assertTrue(addresses.told(KOMATSU, NAMED, 7));
    assertEquals(List.of(NAMED), addresses.gateways(KOMATSU));
  }

  @Test
  void whatIsToldReplacesWhatNobodyNamed() {
    Addresses addresses = naming(NAMED);
    URI moved = URI.create("http://moved.example");
    assertTrue(addresses.told(ASIA, moved, 1));
    assertEquals(List.of(moved), addresses.gateways(ASIA));
    assertFalse(addresses.told(ChainId.of("Europe"), moved, 1), "nobody else serves it");
    assertEquals(List.of(), addresses.gateways(ChainId.of("Europe")));
  }

  /** [NBR-13] Names and memos would pass in clear. */
  @Test
  void nothingGoesInClearWhereTlsIsNamed() {
    Addresses addresses = naming(NAMED);
    assertTrue(addresses.told(KOMATSU, URI.create("http://two.example:2001"), 1));
    assertEquals(List.of(NAMED), addresses.gateways(KOMATSU));
  }
}
