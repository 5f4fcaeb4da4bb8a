package aika.node.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.money.AccountId;
import aika.core.note.Sha256;
import aika.node.store.SideStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that let a program use an account of the counter wallet from elsewhere: 32 random bytes in
 * base64url, sent as {@code Authorization: Bearer <token>}. The store keeps their SHA-256 only:
 * {@code t/<first 8 bytes>} → hash and account, {@code u/<account>/<first 8 bytes>} to revoke them.
 * Safe for use by several threads.
 */
public final class AccountTokens {
  public static final int TOKENS_MAX = 16;

  private static final String SCHEME = "Bearer ";
  private static final int TOKEN_BYTES = 32;
  private static final int TOKEN_CHARS = 43;
  private static final int INDEX_BYTES = 8;
  private static final byte[] NOTHING = {};

  private final SideStore store;
  private final SecureRandom random;
  private final Object changing = new Object();

  public AccountTokens(SideStore store, SecureRandom random) {
    this.store = store;
    this.random = random;
  }

  /**
   * A new token for this account; it cannot be shown a second time.
   *
   * @throws WalletException when the account has {@value #TOKENS_MAX} tokens
   */
  public String issue(AccountId account) {
    synchronized (changing) {
      if (store.items(issuedTo(account), TOKENS_MAX).size() == TOKENS_MAX) {
        throw new WalletException(
            account + " has " + TOKENS_MAX + " tokens already; revoke them first");
      }
      while (true) {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(token);
        byte[] hash = Sha256.of(text.getBytes(UTF_8));
        if (store.get(row(hash)) == null) {
          byte[] value = Arrays.copyOf(hash, hash.length + account.toString().length());
          byte[] name = account.toString().getBytes(UTF_8);
          System.arraycopy(name, 0, value, hash.length, name.length);
          store
              .change()
              .put(row(hash), value)
              .put(issuedTo(account) + index(hash), NOTHING)
              .commit();
          return text;
        }
      }
    }
  }

  /**
   * The account whose token stands in this {@code Authorization} header; empty when there is no
   * header or no such token.
   */
  public Optional<AccountId> accountOf(@Nullable String authorization) {
    if (authorization == null
        || authorization.length() != SCHEME.length() + TOKEN_CHARS
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    byte[] hash = Sha256.of(authorization.substring(SCHEME.length()).getBytes(UTF_8));
    byte[] kept = store.get(row(hash));
    if (kept == null || !MessageDigest.isEqual(Arrays.copyOf(kept, Sha256.BYTES), hash)) {
      return Optional.empty();
    }
    return Optional.of(
        AccountId.of(new String(kept, Sha256.BYTES, kept.length - Sha256.BYTES, UTF_8)));
  }

  /**
   * Makes all tokens of this account worthless.
   *
   * @return how many there were
   */
  public int revoke(AccountId account) {
    synchronized (changing) {
      String prefix = issuedTo(account);
      List<SideStore.Item> issued = store.items(prefix, TOKENS_MAX);
      SideStore.Change change = store.change();
      for (SideStore.Item item : issued) {
        change.delete(item.key()).delete("t/" + item.key().substring(prefix.length()));
      }
      change.commit();
      return issued.size();
    }
  }

  private static String row(byte[] hash) {
    return "t/" + index(hash);
  }

  private static String issuedTo(AccountId account) {
    return "u/" + account + '/';
  }

  private static String index(byte[] hash) {
    return HexFormat.of().formatHex(hash, 0, INDEX_BYTES);
  }
}
