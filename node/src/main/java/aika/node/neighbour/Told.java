package aika.node.neighbour;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.note.MalformedException;
import java.util.Arrays;

/** What a neighbour says: one line, {@code yes …} or {@code no CODE …}. */
public sealed interface Told {
  /** An account's id, what somebody is called, or nothing more than yes. */
  record Yes(String what) implements Told {}

  /**
   * @param refusal {@code REGISTER_UNREACHABLE} when nobody answers: nothing is known then
   */
  record No(Refusal refusal) implements Told {}

  default String line() {
    return switch (this) {
      case Yes yes -> "yes " + yes.what + '\n';
      case No no -> "no " + no.refusal.reason() + ' ' + no.refusal.detail() + '\n';
    };
  }

  /**
   * @throws MalformedException when nobody would say that
   */
  static Told parse(String line) {
    String said = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
    if (said.startsWith("yes ")) {
      return new Yes(said.substring("yes ".length()));
    }
    String[] words = said.split(" ", 3);
    if (words.length < 3 || !words[0].equals("no")) {
      throw new MalformedException("neither yes nor no");
    }
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.name().equals(words[1]))
        .findFirst()
        .map(reason -> new No(Refusal.of(reason, words[2])))
        .orElseThrow(() -> new MalformedException("no such reason"));
  }
}
