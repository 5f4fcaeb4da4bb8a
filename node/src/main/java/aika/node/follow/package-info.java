/**
 * Drives the followers of {@code aika.core.follow} on threads, woken by approvals and by the clock:
 * anchors, the pending list, the way back of outcomes, and the end of what nobody received. Their
 * rows and cursors are in a database of their own, which can be rebuilt from the logs.
 */
@NullMarked
package aika.node.follow;

import org.jspecify.annotations.NullMarked;
