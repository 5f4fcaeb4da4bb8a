package aika.node.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.money.AccountId;
import aika.node.store.SideStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccountTokensTest {
  private static final AccountId A = AccountId.of("Asia-Komatsu/k3v9q2mw");
  private static final AccountId B = AccountId.of("Asia-Komatsu/p8d1x7aa");

  @TempDir Path data;

  private SideStore store;
  private AccountTokens tokens;

  @BeforeEach
  void open() {
    store = SideStore.open(data.resolve("wallet"));
    tokens = new AccountTokens(store, new SecureRandom());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void otherHeadersAreNobodys() {
    String token = tokens.issue(A);
    String last = token.endsWith("A") ? "E" : "A";
    for (String header :
        new String[] {
          "",
          "Bearer",
          "Bearer ",
          token,
          "Basic " + token,
          "Bearer  " + token,
          "Bearer " + token + "=",
          "Bearer " + token.substring(1),
          "Bearer " + token.substring(0, token.length() - 1) + last,
          "Bearer " + "A".repeat(43),
        }) {
      assertEquals(Optional.empty(), tokens.accountOf(header), header);
    }
    assertEquals(Optional.empty(), tokens.accountOf(null));
  }

  @Test
  void aTokenIsItsAccountsAlsoAfterARestart() {
    String ofA = tokens.issue(A);
    String ofB = tokens.issue(B);
    assertEquals(43, ofA.length());
    assertNotEquals(ofA, tokens.issue(A));
    store.close();
    open();
    assertEquals(Optional.of(A), tokens.accountOf("Bearer " + ofA));
    assertEquals(Optional.of(A), tokens.accountOf("bearer " + ofA));
    assertEquals(Optional.of(B), tokens.accountOf("Bearer " + ofB));
  }

  @Test
  void theStoreDoesNotKnowTheToken() {
    String token = tokens.issue(A);
    for (SideStore.Item item : store.items("", 100)) {
      assertFalse(item.key().contains(token.substring(0, 8)));
      assertFalse(new String(item.value(), UTF_8).contains(token));
    }
  }

  @Test
  void revokedTokensAreWorthless() {
    String ofA = tokens.issue(A);
    String ofB = tokens.issue(B);
    assertEquals(1, tokens.revoke(A));
    assertEquals(0, tokens.revoke(A));
    assertEquals(Optional.empty(), tokens.accountOf("Bearer " + ofA));
    assertEquals(Optional.of(B), tokens.accountOf("Bearer " + ofB));
  }

  @Test
  void anAccountHasSixteenAtMost() {
    for (int i = 0; i < AccountTokens.TOKENS_MAX; i++) {
      tokens.issue(A);
    }
    assertThrows(WalletException.class, () -> tokens.issue(A));
    tokens.issue(B);
    assertEquals(AccountTokens.TOKENS_MAX, tokens.revoke(A));
    tokens.issue(A);
  }
}
