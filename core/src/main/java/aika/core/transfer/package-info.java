/**
 * The protocol that moves money: who may order what, how a transfer is held, decided on evidence by
 * the receiver's chain, and settled or refunded once by the sender's.
 */
@NullMarked
package aika.core.transfer;

import org.jspecify.annotations.NullMarked;
