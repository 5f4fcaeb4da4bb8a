/**
 * The counter wallet: keys of residents without a device of their own, the tokens and rules by
 * which an unsigned request may use them, and the guard that keeps a repeated request from paying
 * twice. {@code docs/spec/counter-wallet.md}.
 */
@NullMarked
package aika.node.wallet;

import org.jspecify.annotations.NullMarked;
