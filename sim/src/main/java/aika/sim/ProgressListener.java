package aika.sim;

/** Hears how far a run is, now and then. */
@FunctionalInterface
public interface ProgressListener {
  /**
   * @param ended transfers that have ended for good
   * @param transfers transfers that the run will make
   * @param virtualMillis virtual time since the start, ms
   */
  void progress(long ended, long transfers, long virtualMillis);
}
