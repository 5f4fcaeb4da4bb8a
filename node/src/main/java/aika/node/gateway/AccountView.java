package aika.node.gateway;

import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.List;

/**
 * An account as its chain has it now.
 *
 * @param balance what can be sent
 * @param held what waits for receivers, in all
 * @param openHolds how many transfers wait
 * @param holds the ones that wait
 */
public record AccountView(Party owner, Money balance, Money held, int openHolds, List<Hold> holds) {
  public AccountView {
    holds = List.copyOf(holds);
  }

  public record Hold(TransferId transfer, Party receiver, Money amount, long validUntil) {}
}
