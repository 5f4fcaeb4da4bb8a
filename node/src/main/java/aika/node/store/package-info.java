/**
 * What a node keeps on disk, in RocksDB: a shard's leaves, tiles, rows, approvals and followers'
 * rows, and small databases for what stands beside the log.
 */
@NullMarked
package aika.node.store;

import org.jspecify.annotations.NullMarked;
