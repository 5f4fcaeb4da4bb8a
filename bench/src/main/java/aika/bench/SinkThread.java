package aika.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processor time of the thread that drives the one sink which is running, and of the whole process.
 *
 * @param worked ns on a processor
 * @param queued ns ready to run while others had the processors; 0 where the system does not tell
 * @param process ns of all threads, the store's driver's too
 */
record SinkThread(long at, long worked, long queued, long process) {
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final String NAME = "sink ";

  static SinkThread now() {
    long process =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getProcessCpuTime();
    long at = System.nanoTime();
    if (Files.isDirectory(TASKS)) {
      try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
        for (Path task : tasks) {
          if (Files.readString(task.resolve("comm")).startsWith(NAME)) {
            String[] times = Files.readString(task.resolve("schedstat")).strip().split(" ", -1);
            return new SinkThread(at, Long.parseLong(times[0]), Long.parseLong(times[1]), process);
          }
        }
      } catch (IOException ended) {
        return new SinkThread(at, 0, 0, process); // some thread ended while we looked
      }
    }
    return new SinkThread(at, 0, 0, process);
  }
}
