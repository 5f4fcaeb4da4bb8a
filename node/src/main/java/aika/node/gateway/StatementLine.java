package aika.node.gateway;

import aika.core.money.Money;
import aika.core.money.TransferId;
import org.jspecify.annotations.Nullable;

/**
 * A movement of an account's money.
 *
 * @param time of the leaf, ms since 1970
 * @param what {@code refund} for what came back, else the leaf's kind
 * @param transfer null when it belongs to none
 * @param other the other side, as far as it is known here
 * @param amount negative: taken from the account
 * @param balance after it
 */
record StatementLine(
    long time,
    long leaf,
    String what,
    @Nullable TransferId transfer,
    @Nullable Party other,
    Money amount,
    Money balance) {}
