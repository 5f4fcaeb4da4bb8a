package aika.core.audit;

import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.MemoryState;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.SignatureScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Audits every chain of a federation and the money between them. The chains are executed side by
 * side, each from its own leaves; what one cites of another is looked up in the other's log.
 */
public final class FederationAudit {
  private final Map<ChainId, LogReader> logs = new TreeMap<>();
  private final Evidence evidence = new Evidence(logs);
  private final Map<ChainId, Long> targets = new TreeMap<>();
  private final Map<ChainId, ChainAudit> audits = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();

  /** Which signatures a federation uses. */
  public record Schemes(
      SignatureScheme orders, SignatureScheme logs, SignatureScheme cosignatures) {}

  /** Runs what is independent of each other. */
  @FunctionalInterface
  public interface Runner {
    /** Returns when all of them have run; throws what one of them threw. */
    void run(List<Runnable> chains) throws InterruptedException;
  }

  /** Hears how far the audit is, from whichever threads run the chains. */
  @FunctionalInterface
  public interface Watcher {
    void executed(long moreLeaves);
  }

  /**
   * Reads the checkpoints.
   *
   * @param directory from a federation file that the auditor trusts
   * @param published where each chain's files are
   * @throws UnreadableLogException when a log cannot be read, which says nothing about it
   */
  public FederationAudit(
      Directory directory, Schemes schemes, Function<ChainId, PublishedLog> published) {
    for (Directory.Entry entry : directory.chains().values()) {
      LogReader log =
          new LogReader(entry, published.apply(entry.id()), schemes.logs(), schemes.cosignatures());
      logs.put(entry.id(), log);
      try {
        targets.put(entry.id(), log.approved().checkpoint().size());
        audits.put(entry.id(), new ChainAudit(log, directory, schemes.orders(), evidence));
      } catch (FindingException bad) {
        findings.add(bad.finding());
      }
    }
  }

  /** Leaves to execute, as far as is known; more when chains go on meanwhile. */
  public long leaves() {
    return targets.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Audits up to the checkpoints that are published now, and as far beyond as one chain cites
   * another.
   *
   * @param runner executes the chains
   * @throws UnreadableLogException when a log cannot be read, which says nothing about it
   */
  public AuditReport run(Runner runner, Watcher watcher) throws InterruptedException {
    do {
      runAll(runner, watcher);
    } while (extended());
    audits.values().forEach(audit -> findings.addAll(audit.findings()));
    AuditReport.Sums sums = whole() ? sums() : null;
    if (sums != null && !sums.conserved()) {
      String what =
          "issued " + sums.issued() + ", but there is " + sums.balances().plus(sums.waiting());
      ChainId first = audits.keySet().iterator().next();
      findings.add(new Finding(first, Finding.Kind.CONSERVATION, "all chains", what));
    }
    return new AuditReport(audits.values().stream().map(this::ofChain).toList(), findings, sums);
  }

  private void runAll(Runner runner, Watcher watcher) throws InterruptedException {
    List<Runnable> runs = new ArrayList<>();
    for (ChainAudit audit : audits.values()) {
      long target = target(audit.chain());
      Hash root = approvedRoot(audit.chain());
      runs.add(() -> audit.run(target, root, watcher));
    }
    runner.run(runs);
  }

  private long target(ChainId chain) {
    return targets.getOrDefault(chain, 0L);
  }

  /**
   * The approved root at the target; null when the target is a size that another chain recorded.
   */
  private @Nullable Hash approvedRoot(ChainId chain) {
    LogReader log = logs.get(chain);
    Checkpoint approved = log == null ? null : log.approved().checkpoint();
    return approved != null && approved.size() == target(chain) ? approved.root() : null;
  }

  /** Raises the targets to what other chains have recorded, so that every citation is within. */
  private boolean extended() {
    boolean more = false;
    for (ChainAudit audit : audits.values()) {
      for (Row row : rows(audit)) {
        if (row instanceof Row.Latest latest
            && targets.containsKey(latest.origin())
            && latest.size() > target(latest.origin())) {
          targets.put(latest.origin(), latest.size());
          more = true;
        }
      }
    }
    return more;
  }

  private static Iterable<Row> rows(ChainAudit audit) {
    return ((MemoryState) audit.replica().state()).rows();
  }

  private boolean whole() {
    return audits.size() == logs.size() && audits.values().stream().noneMatch(ChainAudit::broken);
  }

  /** Over a cut that contains every checkpoint recorded within it. */
  private AuditReport.Sums sums() {
    Money issued = Money.ZERO;
    Money balances = Money.ZERO;
    Money waiting = Money.ZERO;
    for (ChainAudit audit : audits.values()) {
      Row.Head head = audit.replica().state().head();
      if (head != null) {
        issued = issued.minus(head.issued());
        balances = balances.plus(head.balances());
      }
      for (Row row : rows(audit)) {
        if (row instanceof Row.Hold hold
            && hold.status() == Row.Hold.Status.HELD
            && !received(hold)) {
          waiting = waiting.plus(hold.offer().amount());
        }
      }
    }
    return new AuditReport.Sums(issued, balances, waiting);
  }

  private boolean received(Row.Hold hold) {
    ChainAudit receiver = audits.get(hold.offer().to().chain());
    Row.Outcome outcome =
        receiver == null
            ? null
            : receiver.replica().state().get(new Key.OfOutcome(hold.offer().transfer()));
    return outcome != null && outcome.kind() == OutcomeKind.RECEIVED;
  }

  private AuditReport.OfChain ofChain(ChainAudit audit) {
    LogReader.Approved approved = audit.log().approved();
    Row.Head head = audit.replica().state().head();
    long accounts =
        StreamSupport.stream(rows(audit).spliterator(), false)
            .filter(Row.Account.class::isInstance)
            .count();
    return new AuditReport.OfChain(
        audit.chain(),
        audit.replica().size(),
        approved.checkpoint().size(),
        approved.checkpoint().root().base64(),
        approved.seats(),
        approved.time(),
        accounts,
        audit.sends(),
        audit.received(),
        head == null ? Money.ZERO : head.issued().negated(),
        head == null ? Money.ZERO : head.balances(),
        head == null ? Money.ZERO : head.holds(),
        head == null ? Money.ZERO : head.clearing());
  }
}
