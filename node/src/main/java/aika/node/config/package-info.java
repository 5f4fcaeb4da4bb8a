/**
 * The federation file ({@code federation.yaml}: who takes part, on which ports, with which keys and
 * limits) and the private keys in the data directory. {@code docs/spec/federation-file.md}.
 */
@NullMarked
package aika.node.config;

import org.jspecify.annotations.NullMarked;
