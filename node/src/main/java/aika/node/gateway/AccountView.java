package aika.node.gateway;

import aika.core.ledger.Row;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account as its chain has it now.
 *
 * @param balance what can be sent
 * @param held what was sent and the chain holds, in all
 * @param openHolds how many transfers that is
 * @param holds which, the oldest first
 * @param signs whether the counter wallet has the account's key and would sign for this caller
 */
public record AccountView(
    Party owner,
    Money balance,
    Money held,
    int openHolds,
    List<Hold> holds,
    Standing standing,
    boolean signs) {
  public AccountView {
    holds = List.copyOf(holds);
  }

  public record Hold(TransferId transfer, Party receiver, Money amount, long validUntil) {}

  /**
   * How the account stands.
   *
   * @param key the public key that counts, in base64
   * @param frozen whether nothing may be ordered in its name
   * @param closed whether it has ended for good
   * @param autoReceive the largest transfer that is received without asking; zero for none
   * @param announced a key that comes to count unless the present one vetoes; null for none
   */
  public record Standing(
      String key,
      boolean frozen,
      boolean closed,
      Money autoReceive,
      @Nullable Announced announced) {}

  /**
   * @param key in base64
   * @param since when it was announced, ms since 1970
   * @param due from when it counts, ms since 1970
   */
  public record Announced(String key, long since, long due) {
    static Announced on(String key, long due) {
      return new Announced(key, due - Row.Account.RECOVERY_MILLIS, due);
    }
  }
}
