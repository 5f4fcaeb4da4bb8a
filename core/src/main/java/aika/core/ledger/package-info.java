/**
 * What a chain knows and what may be asked of it: rows of state, orders, commands, leaves with
 * their postings, and the reasons for which an order is refused.
 */
@NullMarked
package aika.core.ledger;

import org.jspecify.annotations.NullMarked;
