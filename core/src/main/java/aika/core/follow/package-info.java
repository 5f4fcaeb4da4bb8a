/**
 * What follows elsewhere from the approved leaves of a chain, and the followers that see to it:
 * anchors, the pending list, the way back of outcomes, and the end of what nobody received. They
 * run in the node and in the simulator, which drive them step by step.
 */
@NullMarked
package aika.core.follow;

import org.jspecify.annotations.NullMarked;
