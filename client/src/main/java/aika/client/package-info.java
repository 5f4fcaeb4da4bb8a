/**
 * The Java SDK: {@link aika.client.Wallet} makes and signs orders, {@link aika.client.AikaClient}
 * submits them and reads, {@link aika.client.Feed} follows a chain, and {@link
 * aika.client.FederationKeys} says whom to believe. See docs/guides/sdk.md.
 *
 * <p>Nothing that a gateway answers needs to be trusted: what matters can be checked against the
 * keys of the federation.
 */
@NullMarked
package aika.client;

import org.jspecify.annotations.NullMarked;
