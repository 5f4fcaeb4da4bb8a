package aika.core.follow;

import java.util.BitSet;
import java.util.List;

/**
 * What a follower wants next. Whoever drives it puts the requests, each in one go, waits for all
 * answers or until it has waited long enough, and then has the step finished. A step that is never
 * finished, or taken twice, does no harm: chains take nothing twice.
 */
public interface Step {
  List<Request> requests();

  /**
   * Keeps what came of it.
   *
   * @param done the requests, by number, with which nothing is left to do
   * @return whether there may be more to do at once
   */
  boolean finish(BitSet done);
}
