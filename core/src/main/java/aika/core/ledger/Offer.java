package aika.core.ledger;

import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;

/**
 * What a send leaf offers its receiver.
 *
 * @param validUntil it can be received before this time, ms since 1970
 * @param sendLeaf leaf hash of the send
 */
public record Offer(
    TransferId transfer,
    AccountId from,
    AccountId to,
    Money amount,
    long validUntil,
    Hash sendLeaf) {}
