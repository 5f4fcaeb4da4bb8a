/** Amounts and names: money in exact minor units, and the ids of chains, accounts and transfers. */
@NullMarked
package aika.core.money;

import org.jspecify.annotations.NullMarked;
