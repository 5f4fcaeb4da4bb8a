package aika.core.audit;

import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * [AUD-16] From whom candidates of the term that sits received on histories that were given up,
 * where nobody knows who they were: an auditor counts those of one origin as one counterparty,
 * while the chain knew them. For one thread.
 */
final class Strangers {
  private final LedgerState state;
  private final Map<AccountId, Map<ChainId, Integer>> received = new HashMap<>();
  private long term;

  /**
   * @param state the chain's rows
   */
  Strangers(LedgerState state) {
    this.state = state;
  }

  /** This account is about to receive what somebody of {@code origin} sent. */
  void sent(ChainId origin, AccountId account) {
    long sits = sits();
    if (sits != term) {
      received.clear();
      term = sits;
    }
    Row.Account row = state.get(new Key.OfAccount(account));
    if (row != null && row.standing().candidacy() == sits) {
      received.computeIfAbsent(account, any -> new HashMap<>()).merge(origin, 1, Integer::sum);
    }
  }

  private long sits() {
    Row.Head head = state.head();
    return head == null ? 0 : head.term();
  }

  /** The candidates whom this leaf counts otherwise, with its count, where that can be so. */
  List<Row.Candidate> counted(Leaf.Elected leaf) {
    List<Row.Candidate> counted = new ArrayList<>();
    if (sits() == term) {
      received.forEach((account, origins) -> {
        Row.Candidate candidate = state.get(new Key.OfCandidate(account));
        if (candidate != null) {
          leaf.standings().stream()
              .filter(one -> one.seat().equals(candidate.seat().name()))
              .filter(one -> one.counted() != candidate.counterparties())
              .filter(one -> mayCount(candidate, origins, one.counted()))
              .findFirst()
              .ifPresent(one -> counted.add(candidate.counting(one.counted())));
        }
      });
    }
    return counted;
  }

  /** Each may be somebody else, or all of them one, who may be known besides. */
  private static boolean mayCount(
      Row.Candidate candidate, Map<ChainId, Integer> origins, long counted) {
    long known = candidate.counterparties() - origins.size();
    long sends = origins.values().stream().mapToLong(Integer::longValue).sum();
    return counted >= Math.max(1, known) && counted <= known + sends;
  }
}
