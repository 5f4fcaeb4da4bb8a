package aika.node.store;

/**
 * How much memory and disk work the store may use.
 *
 * @param blockCacheBytes RocksDB's cache of disk blocks, shared by all databases of a store
 * @param memtableBytes RocksDB's write buffers of one database
 * @param hotRows rows of state kept decoded in memory, about 300 bytes each
 * @param recentLeafBytes latest leaves kept decoded for followers and pages
 * @param flushBytes unwritten leaves and rows after which they are written to RocksDB; until then
 *     the replicated log holds them
 */
public record StoreSettings(
    long blockCacheBytes, long memtableBytes, long hotRows, long recentLeafBytes, long flushBytes) {
  private static final long MIB = 1024 * 1024;

  /**
   * For a node of a few municipalities: about 400 MiB in all with 1 GiB of heap, and more rows in
   * memory with a larger one. The recent leaves are a second of full load: who is further behind
   * reads from disk, and what lives longer is copied by the garbage collector.
   */
  public static StoreSettings standard() {
    long heap = Runtime.getRuntime().maxMemory();
    long rows = Math.clamp(heap / 5_000, 200_000, 2_000_000);
    return new StoreSettings(64 * MIB, 128 * MIB, rows, 48 * MIB, 16 * MIB);
  }
}
