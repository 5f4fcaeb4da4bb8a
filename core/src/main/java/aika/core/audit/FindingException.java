package aika.core.audit;

/** Ends the reading of a log at what does not hold. */
final class FindingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Finding finding;

  FindingException(Finding finding) {
    super(finding.toString());
    this.finding = finding;
  }

  Finding finding() {
    return finding;
  }
}
