/** Verified copies of the chains that other nodes serve. */
@NullMarked
package aika.node.mirror;

import org.jspecify.annotations.NullMarked;
