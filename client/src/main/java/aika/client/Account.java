package aika.client;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account as a gateway tells it.
 *
 * @param balance what can be sent
 * @param held what was sent and its chain holds: not settled and not refunded yet
 */
public record Account(
    AccountId id, Money balance, Money held, List<Hold> holds, Standing standing) {
  public Account {
    holds = List.copyOf(holds);
  }

  /**
   * @param validUntil ms since 1970
   */
  public record Hold(TransferId transfer, AccountId receiver, Money amount, long validUntil) {}

  /**
   * How the account stands.
   *
   * @param publicKey raw Ed25519 key that counts now, 32 bytes
   * @param frozen whether nothing may be ordered in its name
   * @param closed whether it has ended for good
   * @param autoReceive the largest transfer that is received without asking; zero for none
   * @param announced a key that comes to count unless {@link Wallet#vetoRecovery} stops it; null
   *     for none
   */
  public record Standing(
      byte[] publicKey,
      boolean frozen,
      boolean closed,
      Money autoReceive,
      @Nullable AnnouncedKey announced) {}

  /**
   * @param since when it was announced, ms since 1970
   * @param due from when it counts, ms since 1970
   */
  public record AnnouncedKey(byte[] publicKey, long since, long due) {}
}
