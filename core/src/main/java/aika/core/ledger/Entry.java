package aika.core.ledger;

import aika.core.log.Hash;

/**
 * A leaf as it enters the log: its bytes and their RFC 6962 leaf hash. Nobody changes the bytes.
 */
public record Entry(long index, byte[] bytes, Hash hash, Leaf leaf) {}
