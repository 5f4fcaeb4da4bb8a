package aika.core.audit;

import java.util.ArrayList;
import java.util.List;

/** What was found on one chain: the first of them by themselves, all of them by their number. */
final class Findings {
  static final int KEPT_MAX = 1_000;

  private final List<Finding> kept = new ArrayList<>();
  private long more;

  void add(Finding finding) {
    if (kept.size() < KEPT_MAX) {
      kept.add(finding);
    } else {
      more++;
    }
  }

  boolean isEmpty() {
    return kept.isEmpty();
  }

  List<Finding> kept() {
    return List.copyOf(kept);
  }

  /** How many there are beside those that are kept. */
  long more() {
    return more;
  }
}
