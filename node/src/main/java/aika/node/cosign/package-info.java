/**
 * A cosigner on a representative's own machine: it pulls a chain from its node, executes every leaf
 * itself, and cosigns. It holds its seat's key and what that has signed, and no other power.
 */
@NullMarked
package aika.node.cosign;

import org.jspecify.annotations.NullMarked;
