package aika.node.gateway;

import aika.core.money.Money;
import aika.core.money.TransferId;

/**
 * A transfer on the pending list.
 *
 * @param validUntil it can be received before this time, ms since 1970
 * @param listedAt when it came on the list, ms since 1970
 */
public record PendingView(
    TransferId transfer,
    Party sender,
    Party receiver,
    Money amount,
    long validUntil,
    long listedAt) {}
