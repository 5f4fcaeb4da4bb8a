package aika.node.config;

import aika.core.note.VerifierKey;

/**
 * A representative's seat.
 *
 * @param name the seat's name within its chain, {@code seat-1}
 * @param key ML-DSA-44 cosignature key (type 0x06), named {@code <origin>/<name>}
 */
public record Seat(String name, VerifierKey key) {}
