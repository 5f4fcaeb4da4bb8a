@NullMarked
package aika.node.gossip;

import org.jspecify.annotations.NullMarked;
