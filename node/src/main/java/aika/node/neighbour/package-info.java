/** What nodes ask each other: whose account a name is, and what goes with a payment off the log. */
@NullMarked
package aika.node.neighbour;

import org.jspecify.annotations.NullMarked;
