package aika.core.ledger;

import aika.core.money.AccountId;
import aika.core.money.Money;

/**
 * One side of a double entry: what is added to an account (negative: taken from it) and what the
 * account holds afterwards. The amounts of a leaf's postings add up to zero.
 */
public record Posting(AccountId account, Money amount, Money balance) {}
