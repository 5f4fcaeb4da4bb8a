package aika.cli.doctor;

import java.util.List;

/**
 * What to do next.
 *
 * @param commands to be typed as they are; they are never run from here
 */
public record Advice(Said said, List<String> commands) {
  public Advice {
    commands = List.copyOf(commands);
  }

  static Advice of(String en, String ja, String... commands) {
    return new Advice(new Said(en, ja), List.of(commands));
  }
}
