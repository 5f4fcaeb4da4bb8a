/**
 * The whole federation in one thread: the core's own code under virtual time, with messages that
 * are lost, doubled and late and with actors that crash, watched leaf by leaf.
 */
@NullMarked
package aika.sim;

import org.jspecify.annotations.NullMarked;
