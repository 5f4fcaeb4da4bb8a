package aika.node.wallet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.OrderId;
import aika.node.store.SideStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes along with a chain is all that is of its people, and nothing of others. */
final class WalletRowsTest {
  private static final long NOW = 1_790_000_000_000L;
  private static final AccountId A = AccountId.of("Asia-Komatsu/k3v9q2mw");

  /** Of a chain whose name begins alike. */
  private static final AccountId OTHER = AccountId.of("Asia-Komatsushima/p8d1x7aa");

  private static final Hash BODY = CanonicalBody.hash(Map.of("receiver", "B", "amount", 200));

  @TempDir Path data;

  private final SecureRandom random = new SecureRandom();

  private CounterWallet wallet(SideStore store) {
    return CounterWallet.unlock(store, WalletLock.keyFile(data.resolve("wallet.key")), random);
  }

  private static SignedOrder order(CounterWallet wallet, AccountId account) {
    Order.Header header =
        new Order.Header(
            "demo.aika.example", new OrderId(UUID.randomUUID()), (NOW + 900_000) / 1_000 * 1_000);
    return wallet.sign(new Order.Close(header, account));
  }

  @Test
  void theRowsOfOneChainMakeAWalletOfTheirOwn() {
    try (SideStore from = SideStore.open(data.resolve("from"));
        SideStore to = SideStore.open(data.resolve("to"))) {
      CounterWallet wallet = wallet(from);
      AccountTokens tokens = new AccountTokens(from, random);
      RepeatGuard repeats = new RepeatGuard(from, () -> NOW);
      byte[] key = wallet.open(A);
      byte[] _ = wallet.open(OTHER);
      byte[] next = wallet.next(A, key).orElseThrow();
      String token = "Bearer " + tokens.issue(A);
      String othersToken = "Bearer " + tokens.issue(OTHER);
      RepeatGuard.Claim.Granted first = repeats.claim(A, BODY, false, () -> order(wallet, A));
      var _ = repeats.claim(OTHER, BODY, false, () -> order(wallet, OTHER));

      from.each(item -> {
        if (WalletRows.goesWith(A.chain(), item)) {
          to.change().put(item.key(), item.value()).commit();
        } else {
          assertTrue(WalletRows.goesWith(OTHER.chain(), item), item::key);
        }
      });

      CounterWallet moved = wallet(to);
      assertArrayEquals(key, moved.publicKey(A).orElseThrow());
      assertArrayEquals(next, moved.next(A, key).orElseThrow());
      assertFalse(moved.holds(OTHER));
      assertEquals(Optional.of(A), new AccountTokens(to, random).accountOf(token));
      assertEquals(Optional.empty(), new AccountTokens(to, random).accountOf(othersToken));
      RepeatGuard there = new RepeatGuard(to, () -> NOW + RepeatGuard.WINDOW_MILLIS);
      RepeatGuard.Claim.Granted again = there.claim(A, BODY, false, () -> order(moved, A));
      assertTrue(again.repeat());
      assertArrayEquals(first.order().bytes(), again.order().bytes());
      there = new RepeatGuard(to, () -> NOW + RepeatGuard.NAMED_MILLIS + 1_000_000);
      there.prune();
      assertEquals(0, to.items("e/", 10).size(), "their times have gone along");
      assertEquals(0, to.items("b/", 10).size());
    }
  }
}
