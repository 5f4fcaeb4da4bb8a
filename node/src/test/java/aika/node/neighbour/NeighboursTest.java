package aika.node.neighbour;

import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import com.github.benmanes.caffeine.cache.Cache;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class NeighboursTest {
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final int KEPT = 10_000;

  private static AccountId account(int number) {
    return new AccountId(KOMATSU, "name" + number);
  }

  @Test
  void tenThousandNamesAreKept() {
    Cache<AccountId, String> names = Neighbours.kept(Duration.ofMinutes(10));
    for (int i = 0; i < KEPT; i++) {
      names.put(account(i), "x");
    }
    names.cleanUp();
    assertEquals(KEPT, names.asMap().size());
    names.put(account(KEPT), "x");
    names.cleanUp();
    assertEquals(KEPT, names.asMap().size());
  }
}
