package aika.node.web;

import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.node.gateway.AccountView;
import aika.node.gateway.Party;

/**
 * A send that waits for its sender's yes. The id is made once, so that saying yes twice is one
 * send.
 *
 * @param entries as they were written, to be changed again
 * @param validUntil ms since 1970, whole seconds
 */
record SendDraft(
    Entries entries,
    OrderId id,
    AccountView sender,
    Party receiver,
    Money amount,
    long validUntil) {
  Money balanceAfterwards() {
    return sender.balance().minus(amount);
  }
}
