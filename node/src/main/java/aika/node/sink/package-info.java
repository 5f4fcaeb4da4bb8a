/**
 * The sinks of a node: what they read of it, which of them the operator's file names, and the
 * threads that keep them up to date. What a sink writes elsewhere is in {@code aika.sinks}.
 */
@NullMarked
package aika.node.sink;

import org.jspecify.annotations.NullMarked;
