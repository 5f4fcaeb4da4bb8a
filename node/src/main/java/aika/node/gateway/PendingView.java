package aika.node.gateway;

import aika.core.money.Money;
import aika.core.money.TransferId;
import org.jspecify.annotations.Nullable;

/**
 * A transfer that waits for its receiver.
 *
 * @param validUntil it can be received before this time, ms since 1970
 * @param listedAt when it came on the pending list, ms since 1970; null while it is not there
 */
public record PendingView(
    TransferId transfer,
    Party sender,
    Party receiver,
    Money amount,
    long validUntil,
    @Nullable Long listedAt) {}
