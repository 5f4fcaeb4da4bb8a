/** How this node's representatives approve blocks: it cosigns seals and keeps the approvals. */
@NullMarked
package aika.node.approve;

import org.jspecify.annotations.NullMarked;
