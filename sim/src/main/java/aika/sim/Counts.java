package aika.sim;

import aika.core.ledger.Reason;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a run counts on its way. */
final class Counts {
  final SortedMap<Reason, Long> refused = new TreeMap<>();
  long leaves;
  long sent;
  long received;
  long rejected;
  long cancelled;
  long expired;
  long ended;
  long repeated;
  long approvals;
  long messages;
  long lost;
  long duplicated;
  long crashes;
  long elections;
  long convictions;
  long audited;

  /** What adversaries did, and how often. */
  final SortedMap<String, Long> deeds = new TreeMap<>();

  final SortedMap<String, Long> orders = new TreeMap<>();

  void did(String what) {
    did(what, 1);
  }

  void did(String what, long times) {
    deeds.merge(what, times, Long::sum);
  }

  void ordered(String kind) {
    orders.merge(kind, 1L, Long::sum);
  }

  void refused(Reason reason) {
    refused.merge(reason, 1L, Long::sum);
  }
}
