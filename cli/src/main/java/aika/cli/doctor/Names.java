package aika.cli.doctor;

import java.util.List;

/** The first few of many names. */
final class Names {
  private static final int SHOWN_MAX = 6;

  private Names() {}

  static String few(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(names.size(), SHOWN_MAX)));
    return names.size() <= SHOWN_MAX ? shown : shown + " … (" + names.size() + ")";
  }
}
