/**
 * The transparency log: Merkle tree, proofs and tiles (RFC 6962, C2SP tlog-tiles), checkpoints, and
 * the cosignatures that approve them.
 */
@NullMarked
package aika.core.log;

import org.jspecify.annotations.NullMarked;
