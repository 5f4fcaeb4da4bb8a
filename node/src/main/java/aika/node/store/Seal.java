package aika.node.store;

import aika.core.log.Hash;

/**
 * A sealed block.
 *
 * @param size leaves of the log just after the seal; the block's last leaf is the seal itself
 * @param first the block's first leaf
 * @param time the seal leaf's time, ms since 1970
 */
public record Seal(long height, long first, long size, Hash root, long time) {}
