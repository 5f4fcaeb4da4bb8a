package aika.client;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;

/**
 * A transfer that waits for its receiver. Times are ms since 1970.
 *
 * @param listedAt when it came on the pending list
 */
public record Pending(
    TransferId transfer,
    AccountId sender,
    AccountId receiver,
    Money amount,
    long validUntil,
    long listedAt) {}
