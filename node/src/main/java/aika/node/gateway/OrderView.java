package aika.node.gateway;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.OrderId;
import org.jspecify.annotations.Nullable;

/**
 * An accepted order.
 *
 * @param kind {@code send}, {@code receive} …
 * @param index its leaf on {@code chain}
 * @param time the leaf's, ms since 1970
 * @param transfer the transfer that it is about; null when about none
 */
public record OrderView(
    AccountId account,
    OrderId id,
    String kind,
    ChainId chain,
    long index,
    long time,
    @Nullable TransferView transfer) {}
