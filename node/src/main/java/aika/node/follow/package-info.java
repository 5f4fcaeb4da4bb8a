/**
 * The followers of the chains' logs: anchors, the pending list and the way back of outcomes. Each
 * keeps its cursor together with what it writes, and can be rebuilt from the logs.
 */
@NullMarked
package aika.node.follow;

import org.jspecify.annotations.NullMarked;
