package aika.sinks;

import aika.core.money.ChainId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a sink is doing.
 *
 * @param chains for each chain that it follows, how far it is and how far it could be
 * @param failure why it waits; null while it is well
 * @param kind of the failure; null while it is well
 * @param since when it came into this state, ms since 1970
 */
public record SinkStatus(
    String name,
    State state,
    Map<ChainId, Position> chains,
    @Nullable String failure,
    SinkException.@Nullable Kind kind,
    long since) {
  public SinkStatus {
    chains = Map.copyOf(chains);
  }

  /** What the sink's thread is at. */
  public enum State {
    STARTING,
    FOLLOWING,
    WAITING,
    STOPPED
  }

  /** Where the store is on a chain, and where it could be. */
  public record Position(Progress at, Progress goal) {
    /** Leaves that are not in the store yet, or whose approval is not. */
    public long lag() {
      long leaves = goal.leaves() - at.leaves();
      return Math.max(0, Math.max(leaves, goal.approved() - at.approved()));
    }
  }

  /** The lag of all chains together. */
  public long lag() {
    return chains.values().stream().mapToLong(Position::lag).sum();
  }
}
