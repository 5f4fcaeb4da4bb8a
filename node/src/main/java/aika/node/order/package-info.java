/**
 * Owns the order of a shard's commands: opaque entries go through a replicated log (Apache Ratis)
 * and reach the one implementation of {@link aika.node.order.Replicated} in that order. Knows
 * nothing of what an entry means.
 */
@NullMarked
package aika.node.order;

import org.jspecify.annotations.NullMarked;
