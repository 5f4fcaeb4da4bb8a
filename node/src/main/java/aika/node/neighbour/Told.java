package aika.node.neighbour;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.note.CanonicalBase64;
import aika.core.note.MalformedException;
import aika.core.note.Sha256;
import aika.core.note.SignatureScheme;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;
import java.util.Arrays;

/** What a neighbour says: a signed note whose last line is {@code yes …} or {@code no CODE …}. */
public sealed interface Told {
  /** An account's id, what somebody is called, or nothing more than yes. */
  record Yes(String what) implements Told {}

  /**
   * @param refusal {@code REGISTER_UNREACHABLE} when nobody answers: nothing is known then
   */
  record No(Refusal refusal) implements Told {}

  private String line() {
    return switch (this) {
      case Yes yes -> "yes " + yes.what + '\n';
      case No no -> "no " + no.refusal.reason() + ' ' + no.refusal.detail() + '\n';
    };
  }

  /** What is signed: the answer to this question and no other. */
  static String text(Told told, SignedNote question) {
    return start(question) + told.line();
  }

  private static String start(SignedNote question) {
    String hash = CanonicalBase64.encode(Sha256.of(question.encode()));
    return "aika/answer/v1\nquestion " + hash + '\n';
  }

  /**
   * @param by the log key of the chain that was asked
   * @throws MalformedException when that chain's node has not said this to this question
   */
  static Told parse(byte[] note, SignedNote question, VerifierKey by, SignatureScheme signatures) {
    SignedNote answer = SignedNote.parse(note);
    String text = answer.text();
    if (!text.startsWith(start(question))
        || text.length() == start(question).length()
        || !answer.isSignedBy(by, signatures)) {
      throw new MalformedException("not an answer of " + by.name() + " to this question");
    }
    return said(text.substring(start(question).length(), text.length() - 1));
  }

  private static Told said(String said) {
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
