package aika.core.audit;

import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.SignatureScheme;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Audits every chain of a federation and the money between them. The chains are executed side by
 * side, each from its own leaves; what one cites of another is looked up in the other's log.
 */
public final class FederationAudit {
  private static final int BUNDLES_MAX = 1_024;
  private static final int BUNDLES_MIN = 2;
  private static final int LOG_BUNDLES_MAX = 64;
  private static final int TILES_MAX = 8_192;
  private static final int TILES_MIN = 8;
  private static final int LOG_TILES_MAX = 512;

  private final Map<ChainId, LogReader> logs = new TreeMap<>();
  private final Set<Finding> met = new TreeSet<>(Comparator.comparing(Finding::toString));
  private final Evidence evidence = new Evidence(logs, this::meet);
  private final Map<ChainId, Long> targets = new TreeMap<>();
  private final Map<ChainId, ChainAudit> audits = new TreeMap<>();
  private final Map<ChainId, Supplier<ChainAudit>> notBegun = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();

  /** Which signatures a federation uses. */
  public record Schemes(
      SignatureScheme orders, SignatureScheme logs, SignatureScheme cosignatures) {}

  /** Runs what is independent of each other. */
  @FunctionalInterface
  public interface Runner {
    /**
     * Returns when all of them have run; throws what one of them threw. Each may run others, and
     * waits for them.
     */
    void run(List<Runnable> parts);
  }

  /**
   * Hears how far the audit is, from whichever threads run the chains. What it throws ends the
   * audit; what was kept until then stays kept.
   */
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
    this(directory, schemes, published, (chain, leaves) -> new MemoryBook());
  }

  /**
   * Reads the checkpoints, and goes on from what the books keep.
   *
   * @param directory from a federation file that the auditor trusts
   * @param published where each chain's files are
   * @throws UnreadableLogException when a log cannot be read, which says nothing about it
   * @throws KeptStateException when what the books keep is damaged, or of another federation
   */
  public FederationAudit(
      Directory directory,
      Schemes schemes,
      Function<ChainId, PublishedLog> published,
      AuditBook.Shelf books) {
    LogReader.Room room = room(directory.chains().size());
    for (Directory.Entry entry : directory.chains().values()) {
      ChainId id = entry.id();
      AuditBook book = books.of(id, index -> log(id).proven(index));
      byte[] seen = book.seen();
      LogReader log =
          new LogReader(
              entry,
              published.apply(id),
              schemes.logs(),
              schemes.cosignatures(),
              room,
              seen == null ? null : Mark.seen(seen, directory, id),
              checkpoint -> book.see(Mark.seen(checkpoint, directory, id)));
      logs.put(id, log);
      Supplier<ChainAudit> audit = () -> new ChainAudit(log, directory, schemes, evidence, book);
      try {
        begin(id, audit);
      } catch (FindingException bad) {
        boolean missing = bad.finding().kind() == Finding.Kind.CHECKPOINT_MISSING;
        if (missing && seen == null) {
          notBegun.put(id, audit);
        } else {
          findings.add(bad.finding());
        }
      }
    }
  }

  private void begin(ChainId id, Supplier<ChainAudit> audit) {
    targets.put(id, log(id).approved().checkpoint().size());
    audits.put(id, audit.get());
  }

  /** The same memory for all logs together, but for the little that each needs. */
  private static LogReader.Room room(int chains) {
    return new LogReader.Room(
        Math.clamp(BUNDLES_MAX / chains, BUNDLES_MIN, LOG_BUNDLES_MAX),
        Math.clamp(TILES_MAX / chains, TILES_MIN, LOG_TILES_MAX));
  }

  /** Seals that are remembered, over all chains; of each a few, however many there are. */
  int seals() {
    return audits.values().stream().mapToInt(audit -> audit.replica().seals()).sum();
  }

  /** What is wrong with a log that others cite; heard from the threads that execute those. */
  private synchronized void meet(Finding finding) {
    met.add(finding);
  }

  private LogReader log(ChainId chain) {
    return Objects.requireNonNull(logs.get(chain));
  }

  /** Leaves to execute, as far as is known; more when chains go on meanwhile. */
  public long leaves() {
    return audits.values().stream()
        .mapToLong(audit -> Math.max(0, target(audit.chain()) - audit.replica().size()))
        .sum();
  }

  /** Leaves that an earlier audit executed. */
  public long leavesBefore() {
    return audits.values().stream().mapToLong(audit -> audit.replica().size()).sum();
  }

  /**
   * Audits up to the checkpoints that are published now, and as far beyond as one chain cites
   * another.
   *
   * @param runner executes the chains
   * @throws UnreadableLogException when a log cannot be read, which says nothing about it
   */
  public AuditReport run(Runner runner, Watcher watcher) {
    do {
      runAll(runner, watcher);
    } while (extended());
    List<Finding> notes = new ArrayList<>();
    for (ChainId id : notBegun.keySet()) {
      String what = "no source has it, and no chain has recorded one";
      notes.add(new Finding(id, Finding.Kind.NOT_BEGUN, "checkpoint", what));
    }
    long moreFindings = 0;
    long moreNotes = 0;
    for (ChainAudit audit : audits.values()) {
      findings.addAll(audit.findings().kept());
      moreFindings += audit.findings().more();
      notes.addAll(audit.givenUp().notes().kept());
      moreNotes += audit.givenUp().notes().more();
    }
    met.stream().filter(one -> !findings.contains(one)).forEach(findings::add);
    AuditReport.Sums sums = null;
    if (whole()) {
      try {
        sums = sums();
      } catch (FindingException damaged) { // an open transfer's leaf can no longer be read
        findings.add(damaged.finding());
      }
    }
    if (sums != null && !sums.conserved()) {
      String what =
          "issued %s, exposed %s, but there is %s"
              .formatted(sums.issued(), sums.exposed(), sums.balances().plus(sums.waiting()));
      ChainId first = audits.keySet().iterator().next();
      findings.add(new Finding(first, Finding.Kind.CONSERVATION, "all chains", what));
    }
    List<AuditReport.OfChain> chains = audits.values().stream().map(this::ofChain).toList();
    AuditReport.More more = new AuditReport.More(moreFindings, moreNotes);
    return new AuditReport(chains, findings, notes, more, sums);
  }

  private void runAll(Runner runner, Watcher watcher) {
    List<Runnable> runs = new ArrayList<>();
    for (ChainAudit audit : audits.values()) {
      long target = target(audit.chain());
      LogReader.Approved approved = approvedAt(audit.chain(), target);
      runs.add(() -> audit.run(target, approved, runner, watcher));
    }
    runner.run(runs);
  }

  private long target(ChainId chain) {
    return targets.getOrDefault(chain, 0L);
  }

  /** The approved checkpoint; null when the target is another size, which a chain recorded. */
  private LogReader.@Nullable Approved approvedAt(ChainId chain, long target) {
    LogReader.Approved approved = log(chain).approved();
    return approved.checkpoint().size() == target ? approved : null;
  }

  /** Raises the targets to what other chains have recorded, so that every citation is within. */
  private boolean extended() {
    Map<ChainId, Long> before = Map.copyOf(targets);
    for (ChainAudit audit : audits.values()) {
      audit.book().latest(latest -> raise(audit, latest));
    }
    for (Map.Entry<ChainId, Supplier<ChainAudit>> one : Map.copyOf(notBegun).entrySet()) {
      // an audit of nothing has not found that nothing is there
      if (audits.isEmpty() || recorded(one.getKey())) {
        notBegun.remove(one.getKey());
        try {
          begin(one.getKey(), one.getValue()); // perhaps it has begun meanwhile
        } catch (FindingException bad) {
          findings.add(bad.finding());
        }
      }
    }
    return !targets.equals(before);
  }

  /** [AUD-18] Whether a chain that shows no checkpoint must have one, by what others hold. */
  private boolean recorded(ChainId origin) {
    return met.stream().anyMatch(one -> one.chain().equals(origin))
        || audits.values().stream().map(ChainAudit::book).anyMatch(book -> names(book, origin));
  }

  private static boolean names(AuditBook book, ChainId origin) {
    return book.get(new Key.OfLatest(origin)) != null
        || book.get(new Key.OfSitting(origin)) != null; // in a conflict leaf
  }

  private void raise(ChainAudit by, Row.Latest latest) {
    long target = targets.getOrDefault(latest.origin(), Long.MAX_VALUE); // none: not audited
    if (latest.size() > target && by.counts(latest)) {
      targets.put(latest.origin(), latest.size());
    }
  }

  private boolean whole() {
    return audits.size() + notBegun.size() == logs.size()
        && audits.values().stream().noneMatch(ChainAudit::broken);
  }

  /** Over a cut that contains every checkpoint recorded within it. */
  private AuditReport.Sums sums() {
    Money issued = Money.ZERO;
    Money balances = Money.ZERO;
    Money[] waiting = {Money.ZERO};
    Money exposed = Money.ZERO;
    for (ChainAudit audit : audits.values()) {
      Row.Head head = audit.replica().state().head();
      if (head != null) {
        issued = issued.minus(head.issued());
        balances = balances.plus(head.balances());
      }
      exposed = exposed.plus(audit.givenUp().received());
      for (Row.Hold hold : audit.givenUp().settled()) {
        exposed = received(hold) ? exposed : exposed.minus(hold.offer().amount());
      }
      for (Row.Hold hold : audit.givenUp().refunded()) {
        exposed = received(hold) ? exposed.plus(hold.offer().amount()) : exposed;
      }
      audit
          .book()
          .open(hold -> {
            if (!received(hold)) {
              waiting[0] = waiting[0].plus(hold.offer().amount());
            }
          });
    }
    return new AuditReport.Sums(issued, balances, waiting[0], exposed);
  }

  private boolean received(Row.Hold hold) {
    ChainAudit receiver = audits.get(hold.offer().to().chain());
    Row.Outcome outcome =
        receiver == null
            ? null
            : receiver.replica().state().get(new Key.OfOutcome(hold.offer().transfer()));
    return outcome != null
        && outcome.kind() == OutcomeKind.RECEIVED
        && outcome.sendLeaf().equals(hold.offer().sendLeaf());
  }

  private AuditReport.OfChain ofChain(ChainAudit audit) {
    LogReader.Approved approved = audit.log().approved();
    Row.Head head = audit.replica().state().head();
    return new AuditReport.OfChain(
        audit.chain(),
        audit.replica().size(),
        approved.checkpoint().size(),
        approved.checkpoint().root().base64(),
        approved.seats(),
        approved.time(),
        audit.accounts(),
        audit.sends(),
        audit.received(),
        head == null ? Money.ZERO : head.issued().negated(),
        head == null ? Money.ZERO : head.balances(),
        head == null ? Money.ZERO : head.holds(),
        head == null ? Money.ZERO : head.clearing());
  }
}
