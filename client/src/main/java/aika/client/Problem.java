package aika.client;

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

  /** Whether the same order may succeed later (429, 503, 504). */
  public boolean isPassing() {
    return status == TOO_MANY || status >= 500;
  }

  @Override
  public String toString() {
    return detail.isEmpty() ? en : en + " (" + detail + ")";
  }
}
