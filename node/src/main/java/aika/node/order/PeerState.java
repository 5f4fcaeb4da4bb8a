package aika.node.order;

import java.util.OptionalLong;

/**
 * One of a shard's peers, as another sees it.
 *
 * @param address {@code host:port} for the other peers
 * @param leads whether the others take entries from it
 * @param self whether it is the one that is asked
 * @param behind entries that are ordered and that it does not know of yet; empty while it is not
 *     heard, and where nobody is heard who leads
 */
public record PeerState(
    String id, String address, boolean leads, boolean self, OptionalLong behind) {}
