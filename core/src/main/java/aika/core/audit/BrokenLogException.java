package aika.core.audit;

/** A published log does not hold. */
public final class BrokenLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Finding finding;

  BrokenLogException(Finding finding, Throwable cause) {
    super(finding.toString(), cause);
    this.finding = finding;
  }

  /** What does not, and where. */
  public Finding finding() {
    return finding;
  }
}
