package aika.sim;

import aika.core.audit.AuditReport;
import aika.core.audit.FederationAudit;
import aika.core.audit.Finding;
import aika.core.audit.MemoryBook;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The outsider with {@code aika audit}: reads nothing but what the chains publish, and finds what
 * an actor earned, exactly that, and nothing else. Knows nothing of the simulator's own books.
 */
final class Auditor {
  private final World world;
  private final Map<ChainId, MemoryBook> books = new LinkedHashMap<>();
  private final List<Earned> earned = new ArrayList<>();

  /**
   * How a checkpoint of a history that was given up is found [AUD-14]: the origin's log does not
   * contain it, or not the hand-over that it names.
   */
  private static final Map<Finding.Kind, String> GIVEN_UP =
      Map.of(
          Finding.Kind.RECORDED_CHECKPOINT, "NOT_APPROVED",
          Finding.Kind.LEAF_REFUSED, "EVIDENCE_MISSING");

  /** A finding that somebody corrupt has earned, of one of these kinds, with what begins so. */
  private record Earned(ChainId chain, String place, Map<Finding.Kind, String> kinds) {
    boolean is(Finding finding) {
      String what = kinds.get(finding.kind());
      return finding.chain().equals(chain)
          && finding.place().equals(place)
          && what != null
          && finding.what().startsWith(what);
    }

    /**
     * Until the conflict is written down, a continent may elect seats whom only the history seated
     * that was given up, and whom nobody knows any more [AUD-16].
     */
    boolean mayFollow(Finding finding) {
      return kinds.containsKey(Finding.Kind.RECORDED_CHECKPOINT)
          && finding.chain().equals(chain)
          && !chain.municipal()
          && finding.kind() == Finding.Kind.LEAF_DIFFERS;
    }

    boolean isNoted(Finding note) {
      return kinds.containsKey(Finding.Kind.RECORDED_CHECKPOINT)
          && note.chain().equals(chain)
          && (note.kind() == Finding.Kind.GIVEN_UP || note.kind() == Finding.Kind.UNPROVEN);
    }
  }

  Auditor(World world) {
    this.world = world;
  }

  /** From now on this is to be found; of each chain the first such leaf, where its audit ends. */
  void earn(ChainId chain, Finding.Kind kind, long leaf, String what) {
    earn(chain, leaf, Map.of(kind, what));
  }

  /** From now on it is to be found that this leaf records what was given up; no more is read. */
  void earnGivenUp(ChainId chain, long leaf) {
    earn(chain, leaf, GIVEN_UP);
  }

  private void earn(ChainId chain, long leaf, Map<Finding.Kind, String> kinds) {
    if (earned.stream().noneMatch(one -> one.chain.equals(chain))) {
      earned.add(new Earned(chain, "leaf " + leaf, kinds));
    }
  }

  /** Findings that were earned so far. */
  int earned() {
    return earned.size();
  }

  /** Audits all that is published now, from where the last audit ended. */
  AuditReport audit() {
    FederationAudit.Schemes schemes =
        new FederationAudit.Schemes(world.keys(), world.keys(), world.keys());
    FederationAudit audit =
        new FederationAudit(
            world.directory(),
            schemes,
            id -> new PublishedChain(world.chain(id)),
            (id, leaves) -> books.computeIfAbsent(id, any -> new MemoryBook()));
    AuditReport report = audit.run(parts -> parts.forEach(Runnable::run), more -> {});
    compare(report);
    return report;
  }

  private void compare(AuditReport report) {
    for (Finding finding : report.findings()) {
      Violation.unless(
          earned.stream().anyMatch(one -> one.is(finding) || follows(report, one, finding)),
          () -> "the audit finds " + finding);
    }
    for (Finding note : report.notes()) {
      Violation.unless(
          earned.stream().anyMatch(one -> one.isNoted(note)), () -> "the audit notes " + note);
    }
    for (Earned one : earned) {
      Violation.unless(
          report.findings().stream().anyMatch(one::is) || noted(report, one),
          () -> "the audit does not find " + one);
    }
  }

  /** Whose seats were convicted later: then a lie about them looks like good faith. */
  private static boolean noted(AuditReport report, Earned one) {
    return report.notes().stream().anyMatch(one::isNoted);
  }

  private static boolean follows(AuditReport report, Earned one, Finding finding) {
    return noted(report, one) && one.mayFollow(finding);
  }

  /** Whether the audit of its chain goes to the end. */
  private static boolean ends(AuditReport report, Earned one) {
    return noted(report, one) && report.findings().stream().noneMatch(one::mayFollow);
  }

  /** The audit at the end, when every transfer has ended: nothing waits, nothing is missing. */
  void auditAll() {
    AuditReport report = audit();
    AuditReport.Sums sums = report.sums();
    boolean found = earned.stream().anyMatch(one -> !ends(report, one));
    Violation.unless((sums == null) == found, "the audit counts no sums");
    if (sums != null) {
      Violation.unless(
          sums.conserved() && !sums.waiting().isPositive(), () -> "the audit counts " + sums);
    }
    for (AuditReport.OfChain one : report.chains()) {
      boolean ends = earned.stream().anyMatch(e -> e.chain.equals(one.chain()));
      Violation.unless(
          ends || one.leaves() == world.chain(one.chain()).size(),
          () -> "the audit ends early on " + one);
    }
    world.counts().audited = report.chains().stream().mapToLong(AuditReport.OfChain::leaves).sum();
  }
}
