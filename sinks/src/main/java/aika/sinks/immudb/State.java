package aika.sinks.immudb;

import aika.core.log.Hash;

/**
 * What a database is after a transaction: the transaction's id and its accumulative hash, which
 * covers every transaction before it [IMMU-20].
 *
 * @param transaction 0: nothing was written yet
 */
record State(long transaction, Hash hash) {}
