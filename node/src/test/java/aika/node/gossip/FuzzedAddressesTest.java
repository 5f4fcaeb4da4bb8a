package aika.node.gossip;

import aika.core.money.ChainId;
import aika.core.note.Fuzz;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Where a chain says that its gateway is, with changed texts. */
final class FuzzedAddressesTest {
  private static final long TIME = 1_793_491_200_123L;
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");

  private static String address(String gateway) {
    return new AddressRecord("test.example", KOMATSU, URI.create(gateway), TIME).text();
  }

  @Test
  void addresses() {
    Fuzz.of("address", address("http://10.0.0.7:2001"), address("https://komatsu.example"))
        .runTexts(text -> AddressRecord.parse(text).text());
  }
}
