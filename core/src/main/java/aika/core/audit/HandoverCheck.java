package aika.core.audit;

import aika.core.approval.Replica;
import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * [AUD-15] Compares whom a log's hand-overs seat with whom its leaves do, and the trees with which
 * terms ended with the one that is approved: keys of a term that is over can sign a fork in which
 * others were elected, and publish that. For one thread.
 */
final class HandoverCheck {
  private final ChainId chain;
  private final LogReader log;
  private final LedgerState state;
  private final Set<String> passed = new HashSet<>();

  /**
   * @param state the rows after the leaves that were executed
   */
  HandoverCheck(LogReader log, LedgerState state) {
    this.chain = log.chain();
    this.log = log;
    this.state = state;
  }

  /** One more leaf was executed. */
  void executed(Replica replica) {
    LogReader.Ended ended = log.endedAt(replica.size());
    if (ended != null && ended.end().root().equals(replica.frontier().root())) {
      passed.add(ended.path());
    }
  }

  /**
   * What does not hold, once the executed leaves are known to begin the approved tree.
   *
   * @param size leaves that were executed
   * @throws FindingException when tiles that show it are missing
   */
  List<Finding> strayed(long size, LogReader.Approved approved) {
    List<Finding> found = new ArrayList<>();
    for (LogReader.Ended ended : log.ended()) {
      if (ended.end().size() > size) {
        break;
      }
      if (!passed.contains(ended.path()) && !log.continuedBy(ended.end(), approved.checkpoint())) {
        String what = "its tree of " + ended.end().size() + " leaves is not the approved one";
        found.add(new Finding(chain, Finding.Kind.HANDOVER, ended.path(), what));
      } else if (!seats(ended.next().term(), ended.next().hash())) {
        String what = "the leaves seat others as term " + ended.next().term();
        found.add(new Finding(chain, Finding.Kind.HANDOVER, ended.path(), what));
      }
    }
    boolean all = found.isEmpty() && approved.checkpoint().size() == size;
    if (all && !seats(sitting(size), approved.by().hash())) {
      String what = "the leaves have others approve it than term " + approved.by().term();
      found.add(new Finding(chain, Finding.Kind.HANDOVER, "checkpoint", what));
    }
    return found;
  }

  private boolean seats(long term, Hash seats) {
    Row.Term row = state.get(new Key.OfTerm(term));
    return row != null && row.seats().hash().equals(seats);
  }

  /** [SEAL-24] Whose the checkpoint of this size is to approve, at the end of what was executed. */
  private long sitting(long size) {
    Row.Head head = state.head();
    long term = head == null ? 0 : head.term();
    Row.Term row = state.get(new Key.OfTerm(term));
    return row != null && row.first() >= size ? term - 1 : term;
  }
}
