package aika.sinks.analytics;

import aika.core.follow.Event;
import aika.core.ledger.OutcomeKind;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.sinks.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Totals of all approved leaves, counted in the plainest way. */
final class Model {
  private Model() {}

  /** Transfers and amounts by state: {@code complete 12 3456}. */
  static List<String> states(Source source) {
    Map<TransferId, Event.Sent> sent = new HashMap<>();
    Map<TransferId, OutcomeKind> ends = new HashMap<>();
    for (ChainId chain : source.chains()) {
      for (long i = 0; i < source.approvedSize(chain); i++) {
        for (Event event : Event.of(chain, source.entry(chain, i))) {
          switch (event) {
            case Event.Sent one -> sent.put(one.transfer(), one);
            case Event.Decided one -> ends.put(one.transfer(), one.kind());
            case Event.Opened one -> {}
            case Event.Issued one -> {}
            case Event.Changed one -> {}
            case Event.CancelAsked one -> {}
            case Event.Ended one -> {}
            case Event.Recorded one -> {}
            case Event.Sealed one -> {}
          }
        }
      }
    }
    Map<String, long[]> totals = new TreeMap<>();
    sent.forEach((id, send) -> {
      OutcomeKind kind = ends.get(id);
      String state =
          kind == null ? "send_pending" : kind == OutcomeKind.RECEIVED ? "complete" : kind.text();
      long[] total = totals.computeIfAbsent(state, any -> new long[2]);
      total[0]++;
      total[1] += send.amount().minor();
    });
    List<String> lines = new ArrayList<>();
    totals.forEach((state, total) -> lines.add(state + " " + total[0] + " " + total[1]));
    return lines;
  }
}
