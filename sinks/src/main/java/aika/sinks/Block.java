package aika.sinks;

import aika.core.log.Hash;
import aika.core.money.ChainId;

/**
 * A sealed block of a chain.
 *
 * @param height from 1
 * @param first the block's first leaf
 * @param size leaves of the log just after the seal, which is the block's last leaf
 * @param root of the log at that size
 * @param time the seal leaf's time, ms since 1970
 */
public record Block(ChainId chain, long height, long first, long size, Hash root, long time) {}
