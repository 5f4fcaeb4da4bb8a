/** How nodes find each other and tell what is new; nothing that is told is believed unverified. */
@NullMarked
package aika.node.gossip;

import org.jspecify.annotations.NullMarked;
