package aika.core.ledger;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.OrderId;
import aika.core.money.TransferId;

/** Names a row of a chain's state. */
public sealed interface Key<R extends Row> {
  record OfHead() implements Key<Row.Head> {}

  record OfAccount(AccountId account) implements Key<Row.Account> {}

  record OfClearing(ChainId counterpart) implements Key<Row.Clearing> {}

  /** A hold by the index of its send leaf. */
  record OfHold(long index) implements Key<Row.Hold> {}

  record OfOutcome(TransferId transfer) implements Key<Row.Outcome> {}

  record OfRecorded(ChainId origin, long size) implements Key<Row.Recorded> {}

  record OfLatest(ChainId origin) implements Key<Row.Latest> {}

  record OfOrder(AccountId account, OrderId id) implements Key<Row.Ordered> {}
}
