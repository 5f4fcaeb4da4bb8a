package aika.core.ledger;

/** A reason with what was wrong in this case; {@code detail} is for people who look closer. */
public record Refusal(Reason reason, String detail) {
  public static Refusal of(Reason reason, String detail) {
    return new Refusal(reason, detail);
  }
}
