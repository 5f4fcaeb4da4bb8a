package aika.client;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.List;

/**
 * An account as a gateway tells it.
 *
 * @param balance what can be sent
 * @param held what was sent and waits for its receivers
 */
public record Account(AccountId id, Money balance, Money held, List<Hold> holds) {
  public Account {
    holds = List.copyOf(holds);
  }

  /**
   * @param validUntil ms since 1970
   */
  public record Hold(TransferId transfer, AccountId receiver, Money amount, long validUntil) {}
}
