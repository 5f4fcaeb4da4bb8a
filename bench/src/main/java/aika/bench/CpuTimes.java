package aika.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Processor time by what the threads do, from their names. Processor time says what a transfer
 * costs even when other programs take their share of the machine.
 */
final class CpuTimes {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final String OTHER = "other";

  /** Parts of thread names, the first match counts. */
  private static final List<Map.Entry<String, String>> GROUPS =
      List.of(
          Map.entry("submit-", "submit: parse, check signatures, enqueue"),
          Map.entry("batcher", "batch"),
          Map.entry("StateMachineUpdater", "apply"),
          Map.entry("SegmentedRaftLogWorker", "raft log"),
          Map.entry("ForkJoinPool-1", "answers"),
          Map.entry("commonPool", "store: cache upkeep"),
          Map.entry("approver", "approve"),
          Map.entry("cosigner-", "separate cosigners"),
          Map.entry("anchors", "follow: anchors"),
          Map.entry("outcomes", "follow: outcomes"),
          Map.entry("pending-list", "follow: pending list"),
          Map.entry("due-time", "follow: conclusions"),
          Map.entry("store-writer", "store: write"),
          Map.entry("rocksdb", "store: RocksDB's own threads"),
          Map.entry("GC Thread", "JVM: garbage collection"),
          Map.entry("G1 ", "JVM: garbage collection"),
          Map.entry("VM ", "JVM: other"),
          Map.entry("C1 Comp", "JVM: compiler"),
          Map.entry("C2 Comp", "JVM: compiler"),
          Map.entry("main", "the load itself"),
          Map.entry("raft", "raft, other"),
          Map.entry("group-", "raft, other"));

  private final Map<String, Long> nanos = new LinkedHashMap<>();

  private CpuTimes() {
    GROUPS.forEach(group -> nanos.put(group.getValue(), 0L));
    nanos.put(OTHER, 0L);
  }

  /** Processor time of the calling thread. */
  static long ownNanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** What has been used since the process began. Threads that have ended count as other. */
  static CpuTimes now() {
    CpuTimes times = new CpuTimes();
    long known = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      long used = thread == null ? -1 : THREADS.getThreadCpuTime(thread.getThreadId());
      if (thread != null && used > 0) {
        times.nanos.merge(group(thread.getThreadName()), used, Long::sum);
        known += used;
      }
    }
    known += times.addNative();
    long all = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    times.nanos.merge(OTHER, all - known, Long::sum);
    return times;
  }

  /** Threads that are not Java's; Linux tells. */
  private long addNative() {
    long known = 0;
    if (!Files.isDirectory(TASKS)) {
      return known;
    }
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        String name = Files.readString(task.resolve("comm")).strip();
        if (name.startsWith("rocksdb")
            || name.startsWith("GC Thread")
            || name.startsWith("G1 ")
            || name.startsWith("VM ")
            || name.startsWith("C1 Comp")
            || name.startsWith("C2 Comp")) {
          String used = Files.readString(task.resolve("schedstat")).strip();
          long nanosUsed = Long.parseLong(used.substring(0, used.indexOf(' ')));
          nanos.merge(group(name), nanosUsed, Long::sum);
          known += nanosUsed;
        }
      }
    } catch (IOException ended) {
      return known; // a thread that ended while we looked counts as other
    }
    return known;
  }

  private static String group(String thread) {
    for (Map.Entry<String, String> group : GROUPS) {
      if (thread.contains(group.getKey())) {
        return group.getValue();
      }
    }
    return OTHER;
  }

  /** Adds what was used between two readings. */
  static void add(Map<String, Long> sum, CpuTimes from, CpuTimes to) {
    to.nanos.forEach((group, used) -> sum.merge(group, used - from.of(group), Long::sum));
  }

  private long of(String group) {
    return nanos.getOrDefault(group, 0L);
  }
}
