package aika.bench;

import org.jspecify.annotations.Nullable;

/**
 * How a sink followed the log that was there, while nothing else happened on the node.
 *
 * @param store {@code analytics}, {@code mongodb} or {@code immudb}
 * @param unit what the store holds: rows, documents, entries
 * @param whole whether it reached the end of the log in the time that it had
 * @param transfers complete ones among the leaves that it wrote
 * @param units that it holds of these leaves; 0: not known
 * @param compared whether all of them were compared with the log in time, and were equal
 * @param seconds from the first connection until the last leaf was written
 * @param workedPart of the time the sink's thread ran, 0 to 1
 * @param queuedPart of the time it was ready while others had the processors
 * @param cpuSeconds processor time of the whole process
 * @param comparedSeconds that the comparison took
 * @param failure why there are no figures, or what the sink waited for when its time was over
 */
public record Followed(
    String store,
    String unit,
    boolean whole,
    long leaves,
    long transfers,
    long units,
    boolean compared,
    double seconds,
    double workedPart,
    double queuedPart,
    double cpuSeconds,
    double comparedSeconds,
    @Nullable String failure) {

  static Followed failed(String store, String unit, String failure) {
    return new Followed(store, unit, false, 0, 0, 0, false, 0, 0, 0, 0, 0, failure);
  }

  public double leavesPerSecond() {
    return seconds == 0 ? 0 : leaves / seconds;
  }

  public double transfersPerSecond() {
    return seconds == 0 ? 0 : transfers / seconds;
  }

  public double unitsPerSecond() {
    return seconds == 0 ? 0 : units / seconds;
  }

  /** Part of the time in which the sink's thread waited for its store, 0 to 1. */
  public double waitedPart() {
    return Math.max(0, 1 - workedPart - queuedPart);
  }

  /** Processor time of this process for one leaf, in µs. */
  public double cpuMicrosPerLeaf() {
    return leaves == 0 ? 0 : cpuSeconds * 1e6 / leaves;
  }

  /** The largest part of the time. */
  public String boundBy() {
    if (waitedPart() >= workedPart && waitedPart() >= queuedPart) {
      return "waiting for the store";
    }
    return workedPart >= queuedPart ? "the sink's own thread" : "other programs on this machine";
  }
}
