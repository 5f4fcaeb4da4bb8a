/**
 * TLS between nodes: this node's certificate, whom it believes, and until when (docs/spec/tls.md).
 */
@NullMarked
package aika.node.tls;

import org.jspecify.annotations.NullMarked;
