package aika.node.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with a file, so that all of it can be told at once. */
final class Problems {
  /** More would not be read by anybody. */
  static final int MAX = 100;

  private final String code;
  private final String file;
  private final boolean secretive;
  private final List<FederationException.Problem> found = new ArrayList<>();

  /**
   * @param code of the exception that tells them
   * @param file its name, for messages
   */
  Problems(String code, String file) {
    this(code, file, false);
  }

  private Problems(String code, String file, boolean secretive) {
    this.code = code;
    this.file = file;
    this.secretive = secretive;
  }

  /** For a file in which a password may stand anywhere, also where it does not belong. */
  static Problems secretive(String code, String file) {
    return new Problems(code, file, true);
  }

  /** Whether no message may show a value of the file. */
  boolean isSecretive() {
    return secretive;
  }

  String file() {
    return file;
  }

  void add(int line, String key, Fault fault, Object... arguments) {
    if (found.size() < MAX) {
      found.add(
          new FederationException.Problem(
              line, key, fault, fault.english(arguments), fault.japanese(arguments)));
    }
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw exception();
    }
  }

  FederationException exception() {
    List<FederationException.Problem> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparingInt(FederationException.Problem::line));
    return FederationException.of(code, file, sorted);
  }
}
