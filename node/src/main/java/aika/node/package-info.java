/** The runnable node: {@link aika.node.Node} wires its parts in the order in which they start. */
@NullMarked
package aika.node;

import org.jspecify.annotations.NullMarked;
