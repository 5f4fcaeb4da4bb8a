/** What follows elsewhere from a chain's approved leaves: offers, decisions, settlements. */
@NullMarked
package aika.core.follow;

import org.jspecify.annotations.NullMarked;
