package aika.client;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import org.jspecify.annotations.Nullable;

/**
 * A transfer that waits for its receiver. Times are ms since 1970.
 *
 * @param listedAt when it came on the pending list; null while its sender's continent has not
 *     recorded it
 */
public record Pending(
    TransferId transfer,
    AccountId sender,
    AccountId receiver,
    Money amount,
    long validUntil,
    @Nullable Long listedAt) {}
