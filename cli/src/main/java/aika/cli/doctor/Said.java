package aika.cli.doctor;

/** One thing said in both languages. */
public record Said(String en, String ja) {
  /** For what says both already. */
  static Said both(String text) {
    return new Said(text, text);
  }
}
