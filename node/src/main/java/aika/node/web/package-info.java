/**
 * The pages of a gateway: sending, receiving, and a transfer as it moves. Server-rendered HTML in
 * Japanese and English that works without scripts; whatever moves money is confirmed first and goes
 * through {@link aika.node.gateway.Payments}.
 */
@NullMarked
package aika.node.web;

import org.jspecify.annotations.NullMarked;
