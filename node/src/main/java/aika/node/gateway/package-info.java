/**
 * The node's way in over HTTP: payments by names or by signed orders, what is known of transfers
 * and accounts, receipts, and the published logs. Everything that moves money here becomes a signed
 * order first.
 */
@NullMarked
package aika.node.gateway;

import org.jspecify.annotations.NullMarked;
