package aika.core.audit;

import aika.core.money.ChainId;
import aika.core.money.Money;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an audit found.
 *
 * @param chains in the order of their names
 * @param findings the first of each chain
 * @param notes what was taken at its word since nobody can prove it any more ([AUD-16]), the first
 *     of each chain, what sources may show that are behind or away ([AUD-17]), and which chains
 *     have not begun ([AUD-18]); no findings
 * @param more how many findings there are beside these, and how many notes
 * @param sums over all chains; null when a chain could not be executed to its end
 */
public record AuditReport(
    List<OfChain> chains,
    List<Finding> findings,
    List<Finding> notes,
    More more,
    @Nullable Sums sums) {
  public AuditReport {
    chains = List.copyOf(chains);
    notes = List.copyOf(notes);
    findings = List.copyOf(findings);
  }

  /** How many there are that are not listed. */
  public record More(long findings, long notes) {}

  /** The same, and before its findings and notes these. */
  public AuditReport with(SourceComparison.Compared before) {
    return new AuditReport(
        chains, joined(before.findings(), findings), joined(before.notes(), notes), more, sums);
  }

  private static List<Finding> joined(List<Finding> first, List<Finding> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** Whether nothing was found that does not hold. */
  public boolean clean() {
    return findings.isEmpty();
  }

  /**
   * One chain as far as it was executed.
   *
   * @param leaves that were executed
   * @param approved size of the approved checkpoint; 0 when there is none that holds
   * @param root of the approved checkpoint, base64
   * @param seats that signed it
   * @param approvedAt seconds since 1970
   * @param accounts that were opened
   * @param sends accepted on this chain
   * @param received transfers to this chain that were received
   * @param clearing what this chain owes the others (positive) or is owed
   */
  public record OfChain(
      ChainId chain,
      long leaves,
      long approved,
      String root,
      List<String> seats,
      long approvedAt,
      long accounts,
      long sends,
      long received,
      Money issued,
      Money balances,
      Money holds,
      Money clearing) {
    public OfChain {
      seats = List.copyOf(seats);
    }
  }

  /**
   * The money of the federation.
   *
   * @param waiting held for receivers who have not received yet
   * @param exposed received on histories that were given up, and what was refunded on such and has
   *     been received since, less what was settled on such and has not been received since; zero in
   *     nearly every federation
   */
  public record Sums(Money issued, Money balances, Money waiting, Money exposed) {
    /** Whether all that was issued is somewhere, and nothing else but what is exposed. */
    public boolean conserved() {
      return issued.plus(exposed).equals(balances.plus(waiting));
    }
  }
}
