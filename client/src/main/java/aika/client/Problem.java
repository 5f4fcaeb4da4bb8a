package aika.client;

import java.util.Set;

/**
 * A gateway's refusal (RFC 9457, docs/spec/errors.md).
 *
 * @param status of HTTP
 * @param code stable, as in {@code INSUFFICIENT_FUNDS}; {@code HTTP_<status>} when something
 *     between here and the gateway answered
 * @param detail what was wrong in this case, in English
 * @param ja what to tell people
 * @param en what to tell people
 * @param next what to do about it, in Japanese
 */
public record Problem(int status, String code, String detail, String ja, String en, String next) {
  private static final int TOO_MANY = 429;
  private static final int UNKNOWN_OUTCOME = 504;

  /** Of a chain whose own time is past an order's not-after, and which does not have the order. */
  static final String STALE = "STALE";

  /** Of a machine whose node is led by another one. */
  static final String NOT_LEADING = "NOT_LEADING";

  private static final Set<String> FINAL =
      Set.of(STALE, "MALFORMED", "TOO_LARGE", "WRONG_FEDERATION", "WRONG_CHAIN");

  /** Whether the same order may succeed later (429, 503, 504). */
  public boolean isPassing() {
    return status == TOO_MANY || status >= 500;
  }

  /**
   * Whether the order came after its {@code not-after}; an earlier attempt may have been in time.
   */
  public boolean isLate() {
    return code.equals(STALE);
  }

  /**
   * Whether nothing that happens later changes it: an attempt of the same order that was lost will
   * not be accepted either. It may have been accepted before; a lost attempt is looked up.
   */
  public boolean isFinal() {
    return FINAL.contains(code);
  }

  /** Whether it was done perhaps all the same: 504, and what broke on the way. */
  boolean isDoubtful() {
    return status >= UNKNOWN_OUTCOME
        || status >= 500 && code.startsWith("HTTP_")
        || code.equals("INTERNAL");
  }

  @Override
  public String toString() {
    return detail.isEmpty() ? en : en + " (" + detail + ")";
  }
}
