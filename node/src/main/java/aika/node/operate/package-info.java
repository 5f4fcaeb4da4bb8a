/**
 * The operator's way into a running node (docs/spec/operator.md): a server that only this machine
 * reaches and only whoever may read the data directory may use.
 */
@NullMarked
package aika.node.operate;

import org.jspecify.annotations.NullMarked;
