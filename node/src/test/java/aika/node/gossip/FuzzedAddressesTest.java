package aika.node.gossip;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.ChainId;
import aika.core.note.Fuzz;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** [GOS-5] Where a chain says that its gateway is: when it is believed, and changed texts. */
final class FuzzedAddressesTest {
  private static final long TIME = 1_793_491_200_123L;
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");

  private static String address(String gateway) {
    return new AddressRecord("test.example", KOMATSU, URI.create(gateway), TIME).text();
  }

  @Test
  void oneThatIsTwoMinutesAheadOrAnHourOldIsBelieved() {
    AddressRecord record =
        new AddressRecord("test.example", KOMATSU, URI.create("http://10.0.0.7:2001"), TIME);
    assertTrue(record.isBelievedAt(TIME - 120_000));
    assertFalse(record.isBelievedAt(TIME - 120_001));
    assertTrue(record.isBelievedAt(TIME + 3_600_000));
    assertFalse(record.isBelievedAt(TIME + 3_600_001));
  }

  @Test
  void addresses() {
    Fuzz.of("address", address("http://10.0.0.7:2001"), address("https://komatsu.example"))
        .runTexts(text -> AddressRecord.parse(text).text());
  }
}
