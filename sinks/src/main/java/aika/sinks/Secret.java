package aika.sinks;

/** A password or a token. It is never part of a message: its text is not its value. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "(secret)";
  }
}
