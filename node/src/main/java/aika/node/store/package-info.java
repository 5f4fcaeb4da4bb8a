/** What a node keeps on disk: leaves, tiles, rows, approvals and followers' rows, in RocksDB. */
@NullMarked
package aika.node.store;

import org.jspecify.annotations.NullMarked;
